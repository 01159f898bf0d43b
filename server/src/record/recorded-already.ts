/**
 * Which packets of what the bus kept lie in a file already: everything up to the key frame at which earlier footage ended. Its end
 * is an estimate, and two connections date the same key frame a little differently, so that the key frame nearest to it counts.
 */
import type { Packet } from '../lib/packet.ts'

export interface FootageEnd {
  readonly endMs: number
  readonly clockEpoch: number
  /** How far before the end its key frame may be dated. */
  readonly slackMs: number
}

export class RecordedAlready {
  readonly #end: FootageEnd
  #isOver: boolean
  #lastKeyMs = Number.NEGATIVE_INFINITY

  constructor(end: FootageEnd) {
    this.#end = end
    this.#isOver = end.endMs <= 0
  }

  /** To be asked of each packet in order. `clockEpoch`: of now; in another one nothing is recorded yet. */
  has({ captureMs, isKey, format }: Packet, clockEpoch: number): boolean {
    const { endMs, slackMs } = this.#end
    if (this.#isOver || clockEpoch !== this.#end.clockEpoch) return false
    // Footage begins with a picture: what comes before it ends nothing.
    if (!isKey || format.kind !== 'video') return captureMs < endMs - slackMs
    const apartMs = Math.max(0, captureMs - this.#lastKeyMs)
    this.#lastKeyMs = captureMs
    this.#isOver = captureMs >= endMs - Math.min(slackMs, apartMs / 2)
    return !this.#isOver
  }
}
