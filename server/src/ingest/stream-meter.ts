/** Measures one stream from its packets: frame rate, bit rate, GOP length, what it consists of. Pure; time comes in as an argument. */
import type { StreamFacts } from '@vedette/shared/camera.ts'
import type { AudioFormat, Packet, VideoFormat } from '../lib/packet.ts'

/** "Lately" is the last five whole seconds. */
const windowS = 5

interface Second {
  readonly number: number
  frames: number
  bytes: number
}

export class StreamMeter {
  #seconds: Second[] = []
  #frames = 0
  #video: VideoFormat | undefined
  #audio: AudioFormat | undefined
  #lastKey: Packet | undefined
  #gopS = 0

  get videoFormat(): VideoFormat | undefined {
    return this.#video
  }
  get audioFormat(): AudioFormat | undefined {
    return this.#audio
  }

  add(packet: Packet, monotonicMs: number): void {
    const second = this.#second(monotonicMs)
    second.bytes += packet.data.length
    if (packet.format.kind === 'audio') {
      this.#audio = packet.format
      return
    }
    second.frames += 1
    this.#frames += 1
    this.#video = packet.format
    if (!packet.isKey) return
    if (this.#lastKey?.run === packet.run) this.#gopS = (packet.pts - this.#lastKey.pts) / packet.timescale
    this.#lastKey = packet
  }

  /** A new session: the camera may come back as another one. What was counted stays. */
  restart(): void {
    this.#seconds = []
    this.#audio = undefined
    this.#lastKey = undefined
  }

  /** null before the first picture. Losses are counted elsewhere. */
  facts(monotonicMs: number): Omit<StreamFacts, 'packetsLost' | 'framesDropped'> | null {
    if (!this.#video) return null
    const thisSecond = Math.floor(monotonicMs / 1000)
    const whole = this.#seconds.filter((s) => s.number < thisSecond && s.number >= thisSecond - windowS)
    const first = whole[0]?.number ?? thisSecond
    const spanS = Math.max(1, thisSecond - first)
    const sum = (of: (second: Second) => number) => whole.reduce((total, second) => total + of(second), 0) / spanS
    return {
      codec: this.#video.codec,
      width: this.#video.width,
      height: this.#video.height,
      fps: Math.round(sum((s) => s.frames) * 10) / 10,
      kbitPerS: Math.round(sum((s) => s.bytes) / 125),
      gopS: Math.round(this.#gopS * 100) / 100,
      audioCodec: this.#audio?.codec ?? null,
      framesReceived: this.#frames,
    }
  }

  #second(monotonicMs: number): Second {
    const number = Math.floor(monotonicMs / 1000)
    const last = this.#seconds.at(-1)
    if (last?.number === number) return last
    const next = { number, frames: 0, bytes: 0 }
    this.#seconds.push(next)
    if (this.#seconds.length > windowS + 1) this.#seconds.shift()
    return next
  }
}
