/** Writes the audit log: one entry after the other, things that repeat once a minute, and refusals within bounds (refusal-budget.ts). */
import type { AuditEntry, AuditKind, WriteAudit } from '@vedette/shared/audit.ts'
import type { Db } from '../db/database.ts'
import type { AuditedChange } from '../db/in-transaction.ts'
import { AppError } from '../lib/app-error.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { endOfNothing, readAuditHead, type SeenEnd, writeAuditHead } from './audit-head.ts'
import { type Append, appendEntry, appendWithin, type ChainEnd, hasEntries, openAuditKey } from './audit-store.ts'
import { RefusalBudget } from './refusal-budget.ts'
import { type AuditVerdict, verifyAudit } from './verify-audit.ts'

export interface AuditLogOptions {
  readonly db: Db
  /** The installation's key. */
  readonly key: Buffer
  /** Where the head file lies; null: nowhere (tests, commands). */
  readonly dataDir: string | null
  readonly clock: Clock
  readonly log: Log
}

/** Another program (the command line) may add an entry at the same moment. */
const attempts = 5
const repeatMs = 60_000
const maxRemembered = 10_000
/** What anybody can cause without being let in, counted together however many accounts are tried … */
const refusalsOfNobody: readonly AuditKind[] = ['login.failed', 'login.limited', 'login.second_factor_failed']
/** … and what users cause, each for themself: refusals, and files of ever other spans. */
const ofUsers: readonly AuditKind[] = ['reauth.failed', 'access.refused', 'footage.exported']

export class AuditLog {
  readonly #options: AuditLogOptions
  #key: Promise<Buffer> | undefined
  #last: Promise<unknown> = Promise.resolve()
  #head: ChainEnd | undefined
  /** Where the log ended last, by its file at first and by what this process wrote from then on. */
  #seen: SeenEnd | undefined
  #headWriting: Promise<void> | undefined
  /** When each repeating thing was last written; the oldest are forgotten, which costs an entry more. */
  #writtenMs = new Map<string, number>()
  /** Of what repeats: being written now. */
  readonly #writing = new Map<string, Promise<void>>()
  readonly #refusals = new RefusalBudget()
  #verifying: Promise<AuditVerdict> | undefined

  constructor(options: AuditLogOptions) {
    this.#options = options
  }

  /** Rejects when the entry could not be written: what it tells of must not happen then. */
  readonly write: WriteAudit = async (entry) => {
    await this.tellRefusals({ now: false })
    if (this.#isToBeWritten(entry)) await this.#append(entry)
  }

  /** See AuditedChange. A crash or a failure at any moment leaves neither the change without its entry nor the reverse. */
  readonly change: AuditedChange = (change, entryOf) => {
    const { db } = this.#options
    const made = this.#last.then(() =>
      this.#extend(async (append) =>
        db.transaction().execute(async (trx) => {
          const result = await change(trx)
          const entry = entryOf(result)
          return { result, end: entry && (await appendWithin(trx, entry, append)) }
        }),
      ),
    )
    this.#last = made.catch(() => {})
    return made
  }

  /** Writes the sum of refusals that were only counted, where it is due or `now`. */
  async tellRefusals({ now }: { readonly now: boolean }): Promise<void> {
    const sum = this.#refusals.sum(this.#options.clock.nowMs(), now)
    if (sum)
      await this.#append({ kind: 'refusals.summed', userId: null, username: '', address: '', detail: { ...sum } })
  }

  /** Checks the whole chain; who asks meanwhile gets the same answer. */
  readonly verify = (): Promise<AuditVerdict> => {
    const { db, key, dataDir } = this.#options
    this.#verifying ??= this.#last
      .then(() => this.#headWriting)
      .then(() => verifyAudit(db, key, dataDir))
      .finally(() => {
        this.#verifying = undefined
      })
    return this.#verifying
  }

  /** Writes unless the same `key` was written within the minute. Who comes while it is being written waits for that, and fails with it. */
  async writeOnce(key: string, entry: AuditEntry): Promise<void> {
    const writing = this.#writing.get(key)
    if (writing) return writing
    const nowMs = this.#options.clock.monotonicMs()
    const before = this.#writtenMs.get(key)
    if (before !== undefined && nowMs - before < repeatMs) return
    this.#writtenMs.delete(key)
    this.#writtenMs.set(key, nowMs)
    for (const oldest of this.#writtenMs.keys()) {
      if (this.#writtenMs.size <= maxRemembered) break
      this.#writtenMs.delete(oldest)
    }
    const written = this.write(entry)
    this.#writing.set(key, written)
    try {
      await written
    } catch (error) {
      this.#writtenMs.delete(key)
      throw error
    } finally {
      this.#writing.delete(key)
    }
  }

  /** Everything that was asked for is written. */
  async close(): Promise<void> {
    await this.tellRefusals({ now: true })
    await this.#last
    await this.#headWriting
  }

  #isToBeWritten({ kind, userId, address, username }: AuditEntry): boolean {
    const nowMs = this.#options.clock.nowMs()
    if (refusalsOfNobody.includes(kind)) return this.#refusals.take('', { kind, address, username }, nowMs)
    return !ofUsers.includes(kind) || this.#refusals.take(userId ?? '', { kind, address, username }, nowMs)
  }

  #append(entry: AuditEntry): Promise<void> {
    const written = this.#last.then(() => this.#appendNow(entry))
    this.#last = written.catch(() => {})
    return written
  }

  async #appendNow(entry: AuditEntry): Promise<void> {
    const { db } = this.#options
    await this.#extend(async (append) => ({ result: undefined, end: await appendEntry(db, entry, append) }))
  }

  /** Tries again where another program was quicker; what a person is to be told is no such case. */
  async #extend<T>(add: (append: Append) => Promise<{ result: T; end: ChainEnd | undefined }>): Promise<T> {
    const { dataDir, clock } = this.#options
    this.#key ??= this.#openKey()
    const chainKey = await this.#key
    // Before the log is looked at: an entry that another program adds meanwhile is no break.
    if (dataDir !== null) this.#seen ??= await this.#findEnd(dataDir, chainKey)
    for (let attempt = 1; ; attempt++) {
      try {
        const { result, end } = await add({ key: chainKey, nowMs: clock.nowMs(), seen: this.#seen })
        if (end) this.#seen = this.#head = end
        if (end) this.#headWriting ??= this.#writeHead(chainKey)
        return result
      } catch (error) {
        if (attempt === attempts || error instanceof AppError) throw error
      }
    }
  }

  /** A failure is not kept: whoever comes next asks again. */
  async #openKey(): Promise<Buffer> {
    try {
      return await openAuditKey(this.#options.db, this.#options.key)
    } catch (error) {
      this.#key = undefined
      throw error
    }
  }

  /** A log of nothing gets its end before its first entry: a crash right after that one would look like an end that was taken away. */
  async #findEnd(dataDir: string, chainKey: Buffer): Promise<SeenEnd> {
    const { db, log } = this.#options
    const wasEmpty = !(await hasEntries(db)) // First: what another program adds meanwhile, it adds behind an end.
    const seen = await readAuditHead(dataDir, chainKey)
    if (seen !== 'gone' || !wasEmpty) return seen
    try {
      await writeAuditHead(dataDir, chainKey, endOfNothing)
      return endOfNothing
    } catch (error) {
      log.warn(
        { err: error },
        'the beginning of the audit log could not be noted; its check is weaker until the next entry',
      )
      return seen
    }
  }

  async #writeHead(chainKey: Buffer): Promise<void> {
    const { dataDir, log } = this.#options
    if (dataDir === null) return
    try {
      for (let written: ChainEnd | undefined; written !== this.#head; ) {
        written = this.#head
        if (written) await writeAuditHead(dataDir, chainKey, written)
      }
    } catch (error) {
      log.warn({ err: error }, 'the end of the audit log could not be noted; its check is weaker until the next entry')
    } finally {
      this.#headWriting = undefined
    }
  }
}
