/**
 * The audio samples of the fragment that is being filled. Sound and picture are tied by their capture times at the
 * first sample of a run; from there on the sound's own time stamps count, so that it does not stutter.
 */
import { audioTrackId, type Sample, type TrackFragment } from '@vedette/shared/fmp4.ts'
import type { AudioFormat, Packet } from '../lib/packet.ts'

const aacFrameTicks = 1024
/** Of one fragment; more is left out. */
const maxSamples = 1000

/** Whether packets of one format fit into a track of the other: a reconnected camera makes a new object of the same. */
export function isSameAudio(a: AudioFormat | undefined, b: AudioFormat | undefined): boolean {
  if (a === b || !a || !b) return a === b
  const isSameShape = a.codec === b.codec && a.sampleRate === b.sampleRate && a.channels === b.channels
  return isSameShape && a.config.equals(b.config)
}

export class AudioLane {
  readonly format: AudioFormat
  readonly #startMs: number
  #anchor: { readonly run: number; readonly pts: number; readonly ticks: number } | undefined
  #packets: Packet[] = []
  #ticks: number[] = []
  #lastTicks = -1
  #frameTicks = aacFrameTicks

  /** `startMs`: capture time of the segment's first picture. */
  constructor(format: AudioFormat, startMs: number) {
    this.format = format
    this.#startMs = startMs
  }

  get isEmpty(): boolean {
    return this.#packets.length === 0
  }

  /** Sound from before the segment is left out, but for the frame that reaches into it. */
  add(packet: Packet): void {
    if (this.#anchor?.run !== packet.run) {
      const ticks = Math.round(((packet.captureMs - this.#startMs) * this.format.sampleRate) / 1000)
      this.#anchor = { run: packet.run, pts: packet.pts, ticks }
    }
    const rate = this.format.sampleRate / packet.timescale
    const ticks = this.#anchor.ticks + Math.round((packet.pts - this.#anchor.pts) * rate)
    if (ticks + this.#frameTicks <= 0 || this.#packets.length >= maxSamples) return
    this.#lastTicks = Math.max(ticks, this.#lastTicks + 1)
    this.#packets.push(packet)
    this.#ticks.push(this.#lastTicks)
  }

  /** Takes the samples out. */
  take(): { readonly track: TrackFragment; readonly data: readonly Uint8Array[] } {
    const ticks = this.#ticks
    const packets = this.#packets
    const samples: Sample[] = packets.map((packet, i) => {
      const durationTicks = (ticks[i + 1] ?? (ticks[i] ?? 0) + this.#frameTicks) - (ticks[i] ?? 0)
      return { sizeBytes: packet.data.length, durationTicks, isKey: true, offsetTicks: 0 }
    })
    this.#packets = []
    this.#ticks = []
    const decodeTicks = ticks[0] ?? 0
    return { track: { trackId: audioTrackId, decodeTicks, samples }, data: packets.map((packet) => packet.data) }
  }
}
