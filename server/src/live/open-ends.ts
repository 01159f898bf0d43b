/**
 * How far the segments that are being written have come, by their files, without waiting for a disk that hangs (a network mount
 * that is gone): what is not known in time is unknown.
 * Bound: one look at a volume under way, so that a disk that hangs holds one of the process's few threads, not all of them.
 */
import type { Clock } from '../lib/clock.ts'
import { TooLate, within } from '../lib/within.ts'

interface Written {
  readonly id: string
  readonly volumeId: string
}

export interface OpenEndsOptions<T extends Written> {
  readonly clock: Clock
  /** When the segment's file was last written; 0 where it is not there. */
  readonly lookAt: (segment: T) => Promise<number>
}

interface Look {
  /** When the one that is under way began. */
  sinceMs: number
  /** The last one's end, in the order of asking. */
  done: Promise<unknown>
}

const patienceMs = 500

export class OpenEnds<T extends Written> {
  readonly #o: OpenEndsOptions<T>
  readonly #looks = new Map<string, Look>()

  constructor(options: OpenEndsOptions<T>) {
    this.#o = options
  }

  /** By segment id. Those of a disk that does not answer in half a second are not in it. */
  async read(segments: readonly T[]): Promise<ReadonlyMap<string, number>> {
    const found = new Map<string, number>()
    const volumes = Map.groupBy(segments, (segment) => segment.volumeId)
    await Promise.all([...volumes].map(([volumeId, some]) => this.#readVolume(volumeId, some, found)))
    return new Map(found)
  }

  async #readVolume(volumeId: string, segments: readonly T[], found: Map<string, number>): Promise<void> {
    const { clock, lookAt } = this.#o
    const before = this.#looks.get(volumeId)
    const nowMs = clock.monotonicMs()
    if (before && nowMs - before.sinceMs >= patienceMs) return // It hangs: nothing is asked of it before it answers.
    const look: Look = { sinceMs: before?.sinceMs ?? nowMs, done: Promise.resolve() }
    const lookAtAll = async () => {
      look.sinceMs = clock.monotonicMs()
      for (const segment of segments) found.set(segment.id, await lookAt(segment))
    }
    const work = before ? before.done.then(lookAtAll) : lookAtAll()
    look.done = work
      .catch(() => {})
      .then(() => {
        if (this.#looks.get(volumeId) === look) this.#looks.delete(volumeId)
      })
    this.#looks.set(volumeId, look)
    await within(clock, patienceMs, work).catch((error: unknown) => {
      if (!(error instanceof TooLate)) throw error
    })
  }
}
