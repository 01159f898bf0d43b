/**
 * One recorder follows another, after a crash or on an orphan: ours stays in standby until nobody else writes and what was left
 * open is closed, then it records from where the footage ends.
 *
 * Invariant: recording waits for the disk and for `patienceMs`, for no database: the bus keeps 20 s meanwhile. What was left comes
 *            into the index one recorder after the other, never twice at once, however often a recorder ends meanwhile.
 */
import type { Clock } from './lib/clock.ts'
import type { Log } from './lib/log.ts'
import { within } from './lib/within.ts'
import type { LockHolder } from './process-lock.ts'
import type { LeftJournals } from './record/left-journals.ts'

export interface SuccessionOptions {
  readonly clock: Clock
  readonly log: Log
  readonly left: Pick<LeftJournals, 'find' | 'closeFiles' | 'intoIndex'>
  /** Our recorder is told about the cameras anew: `isStandby` has changed. */
  readonly configure: () => Promise<void>
  /** How many of our cameras have sent no picture yet, and what else is not ready to record; undefined: our recorder was told of none. */
  readonly waiting: () => number | undefined
  /** Ends it at its next key frames. */
  readonly endOrphan: (orphan: LockHolder, signal: AbortSignal) => Promise<void>
}

/** For cameras to send a first picture to a recorder that takes over. */
const connectPatienceMs = 6000
/** For the database to take what was left and to say where it ends. */
export const patienceMs = 2000
const retryMs = 2000
/** What fails again and again is said this seldom. */
const sayAgainMs = 600_000

export class RecorderSuccession {
  readonly #o: SuccessionOptions
  readonly #closing = new AbortController()
  #isStandby = true
  #goneMs: number | undefined
  /** Something was left that nobody looked at yet. */
  #isDue = false
  #nap = new AbortController()
  #settling: Promise<void> | undefined
  #indexing: Promise<void> | undefined
  /** Monotonic: when a failure was said; undefined: the last time there was none. */
  #saidMs: number | undefined

  constructor(options: SuccessionOptions) {
    this.#o = options
  }

  /** Our recorder connects, and writes nothing. */
  get isStandby(): boolean {
    return this.#isStandby
  }

  /** When the recorder before ours ended. */
  get goneMs(): number | undefined {
    return this.#goneMs
  }

  /** Takes over from what there was before: an orphan, or journals that nobody read. `runId`: our recorder's, which listens. */
  begin(orphan: LockHolder | undefined, runId: string | undefined): void {
    this.#find(runId)
    this.#settle(orphan)
  }

  /** Ours ended. One that dies in standby leaves nothing; the one whose place it was to take still writes. */
  recorderGone(): void {
    if (this.#isStandby || this.#closing.signal.aborted) return
    this.#isStandby = true
    this.#goneMs = this.#o.clock.nowMs()
    this.#find(undefined) // Now: the next one has no journal yet.
    this.#settle()
  }

  /** Resolves when nothing that an earlier recorder wrote can change any more, and all of it is in the index. */
  async settled(): Promise<void> {
    await this.#settling
  }

  /** As `settled`, but what takes long (a file that cannot be read, a database that is away) goes on behind. */
  async settledSoon(): Promise<void> {
    await within(this.#o.clock, 3 * patienceMs, this.settled()).catch(() => {})
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#nap.abort()
    await this.#settling
    if (this.#indexing) await within(this.#o.clock, patienceMs, this.#indexing).catch(() => {})
  }

  #find(runId: string | undefined): void {
    try {
      this.#o.left.find(runId)
    } catch (error) {
      this.#o.log.error({ err: error }, 'the folder of the journals cannot be read; they are taken over later')
    }
  }

  #settle(orphan?: LockHolder): void {
    this.#isDue = true
    this.#nap.abort()
    this.#settling ??= this.#settleAll(orphan).finally(() => {
      this.#settling = undefined
    })
  }

  async #settleAll(orphan: LockHolder | undefined): Promise<void> {
    const { clock } = this.#o
    if (orphan) await this.#takeOver(orphan)
    while (this.#isDue && !this.#closing.signal.aborted) {
      this.#isDue = false
      this.#nap = new AbortController()
      const isDone = await this.#settleOnce().then(
        () => true,
        (error: unknown) => {
          this.#say(error)
          return false
        },
      )
      if (isDone) this.#saidMs = undefined
      if (this.#isDue) continue // Another one ended meanwhile: ours begins where that one ended.
      this.#isDue = !isDone
      if (this.#isStandby) {
        this.#isStandby = false
        await this.#o.configure()
      }
      if (!isDone) await clock.sleep(retryMs, this.#nap.signal).catch(() => {})
    }
  }

  async #settleOnce(): Promise<void> {
    const { clock, left } = this.#o
    const failures: unknown[] = []
    await left.closeFiles().catch((error: unknown) => failures.push(error))
    // One that hangs from the round before is waited for, not joined: it may be past what was closed now.
    if (this.#indexing) await within(clock, patienceMs, this.#indexing)
    this.#indexing = left.intoIndex().finally(() => {
      this.#indexing = undefined
    })
    await within(clock, patienceMs, this.#indexing)
    // What could be closed is in the index; the rest is tried again.
    if (failures.length > 0) throw failures[0]
  }

  #say(error: unknown): void {
    const nowMs = this.#o.clock.monotonicMs()
    if (this.#saidMs !== undefined && nowMs - this.#saidMs < sayAgainMs) return
    this.#saidMs = nowMs
    this.#o.log.error({ err: error }, 'an earlier recorder’s journal could not be taken over; it is tried again')
  }

  /** Ours is connected, too, before the orphan is asked to end: nothing is lost but where a camera allows one connection. */
  async #takeOver(orphan: LockHolder): Promise<void> {
    const { clock, waiting, endOrphan } = this.#o
    const { signal } = this.#closing
    // Without cameras nobody would record when the orphan has ended.
    const isReady = () => waiting() !== undefined
    while (!isReady() && !signal.aborted) await clock.sleep(20, signal).catch(() => {})
    const untilMs = clock.monotonicMs() + connectPatienceMs
    while (waiting() !== 0 && clock.monotonicMs() < untilMs && !signal.aborted)
      await clock.sleep(20, signal).catch(() => {})
    await endOrphan(orphan, signal)
    this.#goneMs = clock.nowMs()
  }
}
