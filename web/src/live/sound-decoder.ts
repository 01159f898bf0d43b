/** A camera's sound, decoded in the worker by WebCodecs. Each frame stands alone, so a lost or refused one is only a click. */
import type { LiveFrame } from '@vedette/shared/live-frame.ts'

/** The page parsed it (live-metadata.ts). */
export interface SoundFormat {
  readonly codec: string
  readonly sampleRate: number
  readonly channels: number
  /** Base64 of the AudioSpecificConfig (AAC); empty for others. */
  readonly config: string
}

export interface SoundChunk {
  readonly sampleRate: number
  /** Samples of each channel, -1 to 1. */
  readonly channels: readonly Float32Array<ArrayBuffer>[]
}

/** More frames than this are not sound any more but an echo of the past. */
const maxWaitingFrames = 25

export class SoundDecoder {
  readonly #decoder: AudioDecoder

  constructor(format: SoundFormat, onSound: (chunk: SoundChunk) => void) {
    this.#decoder = new AudioDecoder({
      output: (data) => {
        onSound(chunkOf(data))
        data.close()
      },
      error: () => {}, // A decoder that gave up is closed: the picture goes on without sound.
    })
    const { codec, sampleRate, channels, config } = format
    const description = Uint8Array.from(atob(config), (c) => c.charCodeAt(0))
    const described = description.length > 0 ? { description } : {}
    this.#decoder.configure({ codec, sampleRate, numberOfChannels: channels, ...described })
  }

  frame(frame: LiveFrame): void {
    if (this.#decoder.state !== 'configured' || this.#decoder.decodeQueueSize > maxWaitingFrames) return
    const timestamp = Math.round(frame.captureS * 1e6)
    this.#decoder.decode(new EncodedAudioChunk({ type: 'key', timestamp, data: frame.payload }))
  }

  close(): void {
    if (this.#decoder.state !== 'closed') this.#decoder.close()
  }
}

function chunkOf(data: AudioData): SoundChunk {
  const channels = Array.from({ length: data.numberOfChannels }, (_, planeIndex) => {
    const samples = new Float32Array(data.numberOfFrames)
    data.copyTo(samples, { planeIndex, format: 'f32-planar' })
    return samples
  })
  return { sampleRate: data.sampleRate, channels }
}
