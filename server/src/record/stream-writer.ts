/**
 * Writes one stream's segments to its volume, one operation after the other, and never makes the recorder wait.
 * In:    opens, fragments and closes from recorder.ts. Out: notes, and spans that were written or lost.
 * Bound: what waits for the disk, `maxQueueBytes`; beyond it the recorder drops whole GOPs until half is written.
 * Also:  the stream's chain of hashes, and files whose end has to wait for the disk to come back.
 */
import { AppError } from '../lib/app-error.ts'
import type { Log } from '../lib/log.ts'
import { hungMs } from './disk-health.ts'
import type { BuiltFragment } from './fragment-builder.ts'
import type { Note, OpenedNote } from './note.ts'
import type { OpenSegment, SegmentClose, SegmentDoor, SegmentStart } from './recorder.ts'
import { recoverSegment } from './recover.ts'
import { type ChainEnd, type SegmentOutcome, SegmentWriting, type SegmentWritingOptions } from './segment-writing.ts'

export interface StreamWriterOptions extends SegmentWritingOptions {
  readonly log: Log
  readonly note: (note: Note) => void
  /** Footage of that clock epoch is in the file, not yet safe from a power cut. */
  readonly onWritten: (startMs: number, endMs: number, clockEpoch: number) => void
  /** Footage that was reported as written is gone. */
  readonly onLost: (startMs: number, endMs: number) => void
  readonly previous: ChainEnd | undefined
  readonly maxQueueBytes?: number | undefined
}

/** Files that wait for the disk; more than these are left to the recovery at the next start. */
const maxUnfinished = 100
/** After a segment that could not be begun. */
const retryMs = 5000

export class StreamWriter implements SegmentDoor {
  readonly #options: StreamWriterOptions
  readonly #maxQueueBytes: number
  #previous: ChainEnd | undefined
  #queue: Promise<void> = Promise.resolve()
  #queued = 0
  #queuedBytes = 0
  #isCounting = true
  /** Monotonic start of the operation under way. */
  #busySinceMs: number | undefined
  #current: SegmentWriting | undefined
  #unfinished: OpenedNote[] = []
  #retryAtMs = 0

  constructor(options: StreamWriterOptions) {
    this.#options = options
    this.#maxQueueBytes = options.maxQueueBytes ?? 16 * 1024 * 1024
    this.#previous = options.previous
  }

  /** The last closed segment: where a successor's chain begins. */
  get chainEnd(): ChainEnd | undefined {
    return this.#previous
  }
  get queuedBytes(): number {
    return this.#queuedBytes
  }
  /** Nothing waits for the disk. */
  get isIdle(): boolean {
    return this.#queued === 0
  }
  /** The disk does not take footage just now. */
  get isAway(): boolean {
    return !this.#options.volume.isUsable || this.isHung || this.#options.clock.monotonicMs() < this.#retryAtMs
  }
  /** The operation under way takes longer than a working disk would. */
  get isHung(): boolean {
    return this.#busySinceMs !== undefined && this.#options.clock.monotonicMs() - this.#busySinceMs > hungMs
  }

  isFull(): boolean {
    return this.#queuedBytes > this.#maxQueueBytes
  }
  mayOpen(): boolean {
    return !this.isAway && this.#queuedBytes <= this.#maxQueueBytes / 2
  }

  open(start: SegmentStart): OpenSegment {
    const segment = new SegmentWriting(this.#options, start)
    this.#current = segment
    this.#enqueue(0, () => this.#create(segment))
    return {
      get failed() {
        return segment.failed
      },
      append: (fragment, endMs) => {
        if (!segment.failed) this.#enqueue(fragment.sizeBytes, () => this.#append(segment, fragment, endMs))
      },
      close: (close) => this.#enqueue(0, () => this.#close(segment, close)),
    }
  }

  /** What `feed` brings now is not counted as waiting: the packet bus holds it in memory anyway (pre-roll). */
  uncounted(feed: () => void): void {
    this.#isCounting = false
    try {
      feed()
    } finally {
      this.#isCounting = true
    }
  }

  /**
   * A disk that does not answer loses the open segment, so that the ledger can say so; one that is back gets the
   * unfinished files done. Call it twice a second.
   */
  tick(): void {
    if (this.#unfinished.length > 0 && this.isIdle && this.#options.volume.isUsable)
      this.#enqueue(0, () => this.#recoverUnfinished())
    this.#current?.syncIfDue()
    if (this.isHung && this.#current && !this.#current.failed)
      this.#current.fail(new AppError('disk_failed', 'The disk did not answer for 30 s.'))
  }

  /** Resolves when everything is on disk, or after `giveUpMs`: what is not then is recovered at the next start. */
  async finish(giveUpMs: number): Promise<void> {
    const done = new AbortController()
    const late = this.#options.clock.sleep(giveUpMs, done.signal).catch(() => {})
    await Promise.race([this.#queue, late])
    done.abort()
  }

  #enqueue(bytes: number, operation: () => Promise<void>): void {
    const sizeBytes = this.#isCounting ? bytes : 0
    this.#queued++
    this.#queuedBytes += sizeBytes
    this.#queue = this.#queue.then(async () => {
      this.#busySinceMs = this.#options.clock.monotonicMs()
      await operation()
      this.#busySinceMs = undefined
      this.#queued--
      this.#queuedBytes -= sizeBytes
    })
  }

  async #create(segment: SegmentWriting): Promise<void> {
    const opened = await segment.create(this.#previous)
    if (opened) this.#options.note(opened)
    if (!segment.failed) return
    this.#retryAtMs = this.#options.clock.monotonicMs() + retryMs
    this.#options.log.warn({ err: segment.error }, 'a segment could not be begun')
  }

  async #append(segment: SegmentWriting, fragment: BuiltFragment, endMs: number): Promise<void> {
    const isWritten = await segment.append(fragment, endMs)
    if (isWritten && !segment.failed) this.#options.onWritten(segment.startMs, endMs, segment.clockEpoch)
  }

  async #close(segment: SegmentWriting, close: SegmentClose): Promise<void> {
    const result = await segment.close(close)
    if (this.#current === segment) this.#current = undefined
    this.#settle(result, segment)
  }

  #settle(result: SegmentOutcome, segment: SegmentWriting): void {
    const { note, onWritten, onLost, log } = this.#options
    if (result.outcome === 'closed' || result.outcome === 'unfinished') this.#previous = result.chain
    if (result.outcome === 'closed') {
      note(result.note)
      onWritten(result.note.startMs, result.note.endMs, result.note.clockEpoch)
    } else if (result.outcome === 'unfinished') {
      this.#unfinished = [...this.#unfinished, result.opened].slice(-maxUnfinished)
    } else if (result.outcome === 'abandoned') {
      log.warn({ segment: result.opened.id, reason: result.reason }, 'segment abandoned')
      note({ note: 'abandoned', id: result.opened.id, reason: result.reason })
      onLost(segment.startMs, segment.endMs)
    } else if (result.opened) {
      note({ note: 'abandoned', id: result.opened.id, reason: 'no footage came into it' })
    }
  }

  /** The disk is back: give the files that it refused to finish their end. */
  async #recoverUnfinished(): Promise<void> {
    const { volume, note } = this.#options
    const waiting = this.#unfinished
    this.#unfinished = []
    for (const opened of waiting) {
      try {
        note(await volume.write(() => recoverSegment(volume.path, opened)))
      } catch (error) {
        this.#unfinished.push(opened)
        volume.failed(error)
      }
    }
  }
}
