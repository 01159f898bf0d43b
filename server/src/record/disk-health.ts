/**
 * Whether a volume can be written to, as the recorder finds out: from the errors of its writes, from how long they take,
 * and from a look at the marker file every 5 s. A volume in trouble is tried again every 5 s and comes back by itself.
 * Out: state changes, for the status page and the alarm. Not here: making space (cleaner.ts, in control).
 */
import { constants } from 'node:fs'
import { open, statfs, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { id } from '@vedette/shared/id.ts'
import type { VolumeState } from '@vedette/shared/storage.ts'
import { z } from 'zod'
import { AppError } from '../lib/app-error.ts'
import type { Clock } from '../lib/clock.ts'
import { newId } from '../lib/new-id.ts'
import { Gate } from './gate.ts'

export const markerName = '.vedette-volume'
const retryMs = 5000
const slowMs = 2000
/** A write that takes longer counts as failed; whatever it does later is found again by recovery. */
export const hungMs = 30_000
/** A full volume counts as usable again when this much is free: less would be full again at once. */
const roomBytes = 64 * 1024 * 1024

export type DiskTrouble = Exclude<VolumeState, 'ok' | 'slow'>

const problems: Record<Exclude<VolumeState, 'ok'>, string> = {
  full: 'The disk is full. Free space on it, or lower the quota so that old footage goes first.',
  read_only: 'The disk is read-only. Check its cable and health, then mount it writable.',
  missing: 'The storage folder or its marker file is missing. Mount the disk again.',
  swapped: 'Another disk is mounted where this volume should be. Mount the right one.',
  slow: 'Writing takes more than two seconds. The disk is overloaded or failing.',
  failed: 'The disk reports errors. Check its health and replace it.',
}

export function classifyDiskError(error: unknown): DiskTrouble {
  if (error instanceof SwappedError) return 'swapped'
  if (error instanceof AppError) return error.code === 'disk_full' ? 'full' : 'failed'
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'full'
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') return 'read_only'
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENODEV' || code === 'ENXIO' || code === 'ESTALE')
    return 'missing'
  return 'failed'
}

export interface RecordingVolumeOptions {
  readonly id: string
  /** Canonical and absolute. */
  readonly path: string
  readonly clock: Clock
  readonly onChange?: (state: VolumeState, problem: string | null) => void
}

/** One volume for all streams that record to it. */
export class RecordingVolume {
  readonly id: string
  readonly path: string
  readonly #clock: Clock
  readonly #onChange: (state: VolumeState, problem: string | null) => void
  readonly #writes = new Gate(2)
  readonly #syncs = new Gate(2)
  /** Monotonic start of each operation under way. */
  readonly #pending = new Set<{ readonly sinceMs: number }>()
  #state: VolumeState = 'ok'

  constructor(options: RecordingVolumeOptions) {
    this.id = options.id
    this.path = options.path
    this.#clock = options.clock
    this.#onChange = options.onChange ?? (() => {})
  }

  get state(): VolumeState {
    return this.#state
  }
  get problem(): string | null {
    return this.#state === 'ok' ? null : problems[this.#state]
  }
  get isUsable(): boolean {
    return this.#state === 'ok' || this.#state === 'slow'
  }

  /** At most two writes at once and two syncs: libuv's threads are shared with every other volume. */
  write<T>(operation: () => Promise<T>): Promise<T> {
    return this.#writes.run(() => this.#timed(operation))
  }
  sync<T>(operation: () => Promise<T>): Promise<T> {
    return this.#syncs.run(() => this.#timed(operation))
  }

  /** A stream's operation failed on this volume. */
  failed(error: unknown): void {
    this.#set(classifyDiskError(error))
  }

  /** Looks after the volume until the signal aborts. */
  async watch(signal: AbortSignal): Promise<void> {
    let sinceCheckMs = 0
    let check: Promise<void> | undefined
    while (!signal.aborted) {
      if (sinceCheckMs >= retryMs && !check) {
        sinceCheckMs = 0
        check = this.check().finally(() => {
          check = undefined
        })
      }
      await this.#clock.sleep(1000, signal).catch(() => {})
      sinceCheckMs += 1000
      this.#noticeSlow()
    }
  }

  /** Once: the marker, and where the volume is in trouble whether a file can be written again. */
  async check(): Promise<void> {
    try {
      await this.checkMarker()
      if (!this.isUsable) {
        await this.#tryWriting()
        this.#set('ok')
      }
    } catch (error) {
      this.#set(classifyDiskError(error))
    }
  }

  /** Throws where the marker is not ours: then nothing may be created under the path. */
  async checkMarker(): Promise<void> {
    const text = await this.write(() => readMarker(this.path))
    if (markerId(text) !== this.id) throw new SwappedError()
  }

  async #tryWriting(): Promise<void> {
    const { bavail, bsize } = await this.write(() => statfs(this.path))
    if (bavail * bsize < roomBytes) throw new AppError('disk_full', problems.full)
    const path = join(this.path, `.vedette-try-${newId(this.#clock.nowMs())}`)
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW
    await this.write(async () => {
      await using file = await open(path, flags, 0o600)
      try {
        await file.write(Buffer.alloc(4096))
        await file.datasync()
      } finally {
        await unlink(path)
      }
    })
  }

  async #timed<T>(operation: () => Promise<T>): Promise<T> {
    const entry = { sinceMs: this.#clock.monotonicMs() }
    this.#pending.add(entry)
    try {
      const result = await operation()
      const tookMs = this.#clock.monotonicMs() - entry.sinceMs
      if (this.#state === 'ok' && tookMs > slowMs) this.#set('slow')
      else if (this.#state === 'slow' && tookMs < slowMs) this.#set('ok')
      return result
    } finally {
      this.#pending.delete(entry)
    }
  }

  #noticeSlow(): void {
    const nowMs = this.#clock.monotonicMs()
    for (const { sinceMs } of this.#pending) {
      if (nowMs - sinceMs > hungMs) this.#set('failed')
      else if (nowMs - sinceMs > slowMs && this.#state === 'ok') this.#set('slow')
    }
  }

  #set(state: VolumeState): void {
    if (state === this.#state) return
    this.#state = state
    this.#onChange(state, this.problem)
  }
}

class SwappedError extends Error {}

const marker = z.object({ id })

/** The id in a marker file's text; undefined where there is none. */
export function markerId(text: string): string | undefined {
  try {
    return marker.safeParse(JSON.parse(text)).data?.id
  } catch {
    return undefined // Not JSON: not our marker.
  }
}

/** A marker is short; whatever else lies there is not read to its end. */
async function readMarker(folder: string): Promise<string> {
  await using file = await open(join(folder, markerName), constants.O_RDONLY | constants.O_NOFOLLOW)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0)
  return buffer.toString('utf8', 0, bytesRead)
}
