/**
 * A restore on its way over the API: the uploaded file, then the plan that waits for its confirmation. One of each, in memory
 * only, for fifteen minutes; a newer one takes its place. Decrypted secrets are dropped with the plan.
 */
import type { RestorePlan, uploadedBackup } from '@vedette/shared/backup.ts'
import type { z } from 'zod'
import type { Db } from '../db/database.ts'
import { AppError } from '../lib/app-error.ts'
import type { Clock } from '../lib/clock.ts'
import { newId } from '../lib/new-id.ts'
import { decryptDocument, maxArchiveBytes, tooLarge } from './age.ts'
import type { BackupDocument } from './backup-document.ts'
import { type PlannedRestore, planRestore, type Restored, type RestoreSource, restore } from './restore.ts'

/** The signed-in administrator; undefined: whoever has the set-up code, before there is one. */
export type RestoreActor = { readonly userId: string; readonly sessionId: string } | undefined

interface Upload {
  readonly id: string
  /** Null: during set-up. */
  readonly userId: string | null
  readonly untilMs: number
  readonly bytes: Uint8Array
}
interface Plan {
  readonly id: string
  readonly userId: string | null
  readonly untilMs: number
  readonly document: BackupDocument
  readonly planned: PlannedRestore
}

const keptForMs = 15 * 60_000
const lookEveryMs = 60_000

export class PendingRestore {
  readonly #source: RestoreSource
  readonly #clock: Clock
  #upload: Upload | undefined
  #plan: Plan | undefined
  #isReceiving = false

  constructor(source: RestoreSource, clock: Clock) {
    this.#source = source
    this.#clock = clock
  }

  /** Drops what is over, until the signal aborts: secrets stay in memory no longer than they may be used. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const nowMs = this.#clock.monotonicMs()
      if (this.#upload && this.#upload.untilMs < nowMs) this.#upload = undefined
      if (this.#plan && this.#plan.untilMs < nowMs) this.#plan = undefined
      await this.#clock.sleep(lookEveryMs, signal).catch(() => {})
    }
  }

  /**
   * Takes a file in pieces; one that grows too large is refused at that piece. `askAgain` throws where whoever sends may not any
   * more when the last piece is here: then the upload before it stays.
   */
  async receive(
    pieces: AsyncIterable<Uint8Array>,
    actor: RestoreActor,
    askAgain: () => Promise<void>,
  ): Promise<z.infer<typeof uploadedBackup>> {
    if (this.#isReceiving)
      throw new AppError('too_many_requests', 'Another backup is being uploaded. Try again in a moment.')
    this.#isReceiving = true
    try {
      const bytes = await collect(pieces)
      await askAgain()
      const id = newId(this.#clock.nowMs())
      this.#upload = { id, userId: ownerOf(actor), bytes, untilMs: this.#clock.monotonicMs() + keptForMs }
      return { id, sizeBytes: bytes.length }
    } finally {
      this.#isReceiving = false
    }
  }

  /** The bytes of an upload; throws not_found. */
  uploaded(uploadId: string, actor: RestoreActor): Uint8Array {
    const upload = this.#upload
    const userId = ownerOf(actor)
    if (!upload || upload.id !== uploadId || upload.userId !== userId || upload.untilMs < this.#clock.monotonicMs())
      throw new AppError('not_found', 'This upload is over. Choose the file again.')
    return upload.bytes
  }

  /** Throws backup_refused or payload_too_large; changes nothing. */
  async plan(bytes: Uint8Array, passphrase: string, actor: RestoreActor): Promise<RestorePlan> {
    const document = await decryptDocument(bytes, passphrase)
    const planned = await planRestore(this.#source, document, actor)
    const id = newId(this.#clock.nowMs())
    this.#plan = { id, userId: ownerOf(actor), document, planned, untilMs: this.#clock.monotonicMs() + keptForMs }
    const { stateHash: _, ...shown } = planned
    return {
      id,
      madeMs: document.madeMs,
      madeBy: document.madeBy,
      untilMs: this.#clock.nowMs() + keptForMs,
      ...shown,
      kinds: [...shown.kinds],
      warnings: [...shown.warnings],
      endsSessionsOf: [...shown.endsSessionsOf],
    }
  }

  /** What the plan would do. Throws not_found where it is over, conflict where it locks the actor out and nobody accepted that. */
  planned(planId: string, actor: RestoreActor, acceptLockOut: boolean): PlannedRestore {
    const { planned } = this.#find(planId, actor)
    if (planned.locksYouOut && !acceptLockOut)
      throw new AppError('conflict', 'After this restore you cannot go on with your account. Say that you accept that.')
    return planned
  }

  /** Does what the plan says, in the transaction `trx`; dropPlan() once that is committed. */
  carryOut(planId: string, actor: RestoreActor, trx: Db): Promise<Restored> {
    const { document, planned } = this.#find(planId, actor)
    const { stateHash } = planned
    return restore({ ...this.#source, db: trx }, document, { stateHash, nowMs: this.#clock.nowMs() })
  }

  /** It is carried out. */
  dropPlan(): void {
    this.#plan = undefined
    this.#upload = undefined
  }

  #find(planId: string, actor: RestoreActor): Plan {
    const plan = this.#plan
    if (!plan || plan.id !== planId || plan.userId !== ownerOf(actor) || plan.untilMs < this.#clock.monotonicMs())
      throw new AppError('not_found', 'This look at the restore is over. Look at it again.')
    return plan
  }
}

const ownerOf = (actor: RestoreActor) => actor?.userId ?? null

async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const list: Uint8Array[] = []
  let size = 0
  for await (const piece of pieces) {
    size += piece.length
    if (size > maxArchiveBytes) throw tooLarge()
    list.push(piece)
  }
  return Buffer.concat(list)
}
