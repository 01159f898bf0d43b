/** Plays decoded sound as it comes, a few hundredths of a second behind, so that it stays with the picture. */
import type { SoundChunk } from './sound-decoder.ts'

/** Chunks that come a little late still join without a click. */
const cushionS = 0.06
/** Sound that would play later than this is thrown away: the picture is not that late. */
const maxAheadS = 0.5

export class SoundOutput {
  readonly #context = new AudioContext({ latencyHint: 'interactive' })
  /** Where the last chunk ends, on the context's clock. */
  #endS = 0

  play(chunk: SoundChunk): void {
    const nowS = this.#context.currentTime
    const frames = chunk.channels[0]?.length ?? 0
    if (frames === 0 || this.#endS - nowS > maxAheadS) return
    const buffer = this.#context.createBuffer(chunk.channels.length, frames, chunk.sampleRate)
    for (const [channel, samples] of chunk.channels.entries()) buffer.copyToChannel(samples, channel)
    const node = this.#context.createBufferSource()
    node.buffer = buffer
    node.connect(this.#context.destination)
    const startS = Math.max(this.#endS, nowS + (this.#endS < nowS ? cushionS : 0))
    node.start(startS)
    this.#endS = startS + buffer.duration
  }

  close(): void {
    if (this.#context.state !== 'closed') void this.#context.close()
  }
}
