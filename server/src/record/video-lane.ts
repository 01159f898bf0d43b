/**
 * The video samples of the fragment that is being filled, with the times that MP4 wants.
 * In: packets of one run in decode order. Out: one track fragment at a time.
 * Decode times are the presentation times in ascending order: the same where there are no B frames, and with them the
 * difference is written as a composition offset. They never go back, whatever a camera sends.
 */
import { type Sample, type TrackFragment, videoTimescale, videoTrackId } from '@vedette/shared/fmp4.ts'
import type { Packet } from '../lib/packet.ts'

const usualFrameTicks = videoTimescale / 25
/** A camera whose time stamps stand still must not fill a fragment without end. */
const maxSamples = 1000

export class VideoLane {
  readonly #firstPts: number
  #packets: Packet[] = []
  /** Presentation times since the segment's start, in decode order. */
  #ticks: number[] = []
  #lastTicks = 0
  #maxTicks = 0
  #isReordered = false
  #frameTicks = usualFrameTicks
  #nextDecodeTicks = 0
  #endTicks = 0

  /** `first` is the segment's first packet; it is not added by this. */
  constructor(first: Packet) {
    this.#firstPts = first.pts
  }

  get isEmpty(): boolean {
    return this.#packets.length === 0
  }
  /** Where the written fragments end. */
  get endTicks(): number {
    return this.#endTicks
  }
  /** Duration of the last frame whose successor is known. */
  get frameTicks(): number {
    return this.#frameTicks
  }
  get lastTicks(): number {
    return this.#lastTicks
  }

  ticksOf(packet: Packet): number {
    return Math.round(((packet.pts - this.#firstPts) * videoTimescale) / packet.timescale)
  }

  /** Says whether a fragment of at most 1 s (1 % more for 29.97 frames a second) must end before this packet. */
  isFullBefore(packet: Packet): boolean {
    if (this.#packets.length >= maxSamples) return true
    const ticks = this.ticksOf(packet)
    if (ticks <= this.#maxTicks) return false // A B frame: it belongs to those before it.
    const spanTicks = ticks - (this.#ticks[0] ?? ticks)
    return spanTicks >= videoTimescale - 45 || spanTicks + ticks - this.#lastTicks > videoTimescale * 1.01
  }

  add(packet: Packet): void {
    const ticks = this.ticksOf(packet)
    if (this.isEmpty) {
      this.#isReordered = false
      this.#maxTicks = ticks
    }
    if (ticks < this.#maxTicks) this.#isReordered = true
    this.#maxTicks = Math.max(this.#maxTicks, ticks)
    this.#lastTicks = ticks
    this.#packets.push(packet)
    this.#ticks.push(ticks)
  }

  /** Takes the samples out. `next` is the packet that follows in the same run, where it is known. */
  take(next?: Packet): { readonly track: TrackFragment; readonly data: readonly Uint8Array[] } {
    const ticks = this.#ticks
    const packets = this.#packets
    const times = this.#isReordered ? ticks.toSorted((a, b) => a - b) : ticks
    const decodeTicks = Math.max(times[0] ?? 0, this.#nextDecodeTicks)
    const samples: Sample[] = []
    let decode = decodeTicks
    for (const [i, packet] of packets.entries()) {
      const known = times[i + 1] ?? (next && !this.#isReordered ? this.ticksOf(next) : undefined)
      const durationTicks = known === undefined ? this.#frameTicks : Math.max(1, known - decode)
      if (known !== undefined) this.#frameTicks = durationTicks
      const offsetTicks = (ticks[i] ?? 0) - decode
      samples.push({ sizeBytes: packet.data.length, durationTicks, isKey: packet.isKey, offsetTicks })
      this.#nextDecodeTicks = decode + 1
      decode += durationTicks
    }
    this.#endTicks = this.#isReordered ? this.#maxTicks + this.#frameTicks : decode
    this.#packets = []
    this.#ticks = []
    return { track: { trackId: videoTrackId, decodeTicks, samples }, data: packets.map((packet) => packet.data) }
  }
}
