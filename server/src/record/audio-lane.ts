/**
 * The audio samples of the fragment that is being filled. Sound and picture are tied by their capture times at the
 * first sample of a run; from there on the sound's own time stamps count, so that it does not stutter.
 */
import { audioTrackId, type Sample, type TrackFragment } from '@vedette/shared/fmp4.ts'
import type { AudioFormat, Packet } from '../lib/packet.ts'
import { sampleOf, ticksOf, timescaleOf } from './recorded-audio.ts'

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
  #samples: Buffer[] = []
  #ticks: number[] = []
  #lastTicks = -1
  #frameTicks = 0

  /** `startMs`: capture time of the segment's first picture. */
  constructor(format: AudioFormat, startMs: number) {
    this.format = format
    this.#startMs = startMs
  }

  get isEmpty(): boolean {
    return this.#samples.length === 0
  }

  /** Sound from before the segment is left out, but for the frame that reaches into it. */
  add(packet: Packet): void {
    if (this.#anchor?.run !== packet.run) {
      const ticks = Math.round(((packet.captureMs - this.#startMs) * timescaleOf(this.format)) / 1000)
      this.#anchor = { run: packet.run, pts: packet.pts, ticks }
    }
    const rate = timescaleOf(this.format) / packet.timescale
    const ticks = this.#anchor.ticks + Math.round((packet.pts - this.#anchor.pts) * rate)
    const frameTicks = ticksOf(this.format, packet)
    if (ticks + frameTicks <= 0 || this.#samples.length >= maxSamples) return
    const sample = sampleOf(this.format, packet, ticks)
    if (!sample) return
    this.#frameTicks = frameTicks
    this.#lastTicks = Math.max(ticks, this.#lastTicks + 1)
    this.#samples.push(sample)
    this.#ticks.push(this.#lastTicks)
  }

  /** Takes the samples out. */
  take(): { readonly track: TrackFragment; readonly data: readonly Uint8Array[] } {
    const ticks = this.#ticks
    const data = this.#samples
    const samples: Sample[] = data.map((sample, i) => {
      const durationTicks = (ticks[i + 1] ?? (ticks[i] ?? 0) + this.#frameTicks) - (ticks[i] ?? 0)
      return { sizeBytes: sample.length, durationTicks, isKey: true, offsetTicks: 0 }
    })
    this.#samples = []
    this.#ticks = []
    const decodeTicks = ticks[0] ?? 0
    return { track: { trackId: audioTrackId, decodeTicks, samples }, data }
  }
}
