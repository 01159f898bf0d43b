/** Gathers a segment's packets into fragments: head and samples as a list of buffers, nothing is copied. */
import { fragmentHead } from '@vedette/shared/fmp4.ts'
import type { AudioFormat, Packet } from '../lib/packet.ts'
import { AudioLane, isSameAudio } from './audio-lane.ts'
import { VideoLane } from './video-lane.ts'

export interface BuiltFragment {
  /** To be written in this order. */
  readonly buffers: readonly Uint8Array[]
  readonly sizeBytes: number
  /** Video frames. */
  readonly frames: number
  /** Media time since the segment's start at which the picture ends, ms. */
  readonly endMs: number
}

export class FragmentBuilder {
  readonly video: VideoLane
  readonly #audio: AudioLane | undefined
  #sequence = 0

  constructor(first: Packet, audio: AudioFormat | undefined) {
    this.video = new VideoLane(first)
    this.#audio = audio && new AudioLane(audio, first.captureMs)
  }

  /** Sound in another format than the segment's is left out. */
  add(packet: Packet): void {
    if (packet.format.kind === 'video') this.video.add(packet)
    else if (this.#audio && isSameAudio(packet.format, this.#audio.format)) this.#audio.add(packet)
  }

  /** The fragment so far, to which video must have come; `next` is the video packet that follows, where known. */
  take(next?: Packet): BuiltFragment {
    const lanes = [this.video.take(next)]
    const frames = lanes[0]?.track.samples.length ?? 0
    if (this.#audio && !this.#audio.isEmpty) lanes.push(this.#audio.take())
    this.#sequence++
    const head = fragmentHead(
      this.#sequence,
      lanes.map((lane) => lane.track),
    )
    const buffers = [head, ...lanes.flatMap((lane) => lane.data)]
    const sizeBytes = buffers.reduce((sum, buffer) => sum + buffer.length, 0)
    return { buffers, sizeBytes, frames, endMs: this.video.endTicks / 90 }
  }
}
