/**
 * Live frames of one stream → pictures on a canvas, by WebCodecs. Made for a worker; knows no socket and no page.
 *
 * Invariant: whatever the decoder refuses, the next key frame starts it again; three refusals in ten seconds end it.
 */
import type { LiveFrame } from '@vedette/shared/live-frame.ts'
import { planFrame } from './plan-frame.ts'

export interface DecoderEvents {
  /** A picture is on the canvas. */
  drawn(captureMs: number, width: number, height: number): void
  dropped(frames: number): void
  failed(why: 'codec' | 'failed', codec: string): void
}

const maxFailures = 3
const failureWindowMs = 10_000

export class LiveDecoder {
  readonly #canvas: OffscreenCanvas
  readonly #draw: OffscreenCanvasRenderingContext2D | null
  readonly #events: DecoderEvents
  #codec = ''
  #decoder: VideoDecoder | undefined
  #needsKey = true
  #failedMs: number[] = []
  #stillBusy = false
  #closed = false

  constructor(canvas: OffscreenCanvas, events: DecoderEvents) {
    this.#canvas = canvas
    this.#events = events
    this.#draw = canvas.getContext('2d', { alpha: false, desynchronized: true })
  }

  /** A format came: asks the browser whether it can, and starts anew. */
  async configure(codec: string): Promise<void> {
    this.#codec = codec
    this.#needsKey = true
    this.#stop()
    if (codec === 'mjpeg') return
    const answer = await VideoDecoder.isConfigSupported(config(codec)).catch(() => undefined)
    if (this.#closed || this.#codec !== codec) return
    if (!answer?.supported) {
      this.#events.failed('codec', codec)
      return
    }
  }

  frame(frame: LiveFrame): void {
    if (this.#closed || this.#codec === '') return
    if (this.#codec === 'mjpeg') {
      this.#still(frame)
      return
    }
    const waitingFrames = this.#decoder?.decodeQueueSize ?? 0
    const plan = planFrame({ isKey: frame.isKey, waitingFrames, needsKey: this.#needsKey })
    if (plan === 'drop') {
      if (!this.#needsKey) this.#events.dropped(1)
      return
    }
    if (plan === 'restart') {
      this.#events.dropped(waitingFrames)
      this.#stop()
    }
    const decoder = this.#decoder ?? this.#start()
    if (!decoder) return
    this.#needsKey = false
    decoder.decode(
      new EncodedVideoChunk({
        type: frame.isKey ? 'key' : 'delta',
        // Microseconds since 1970: the picture comes out with the time it went in with.
        timestamp: Math.round(frame.captureS * 1e6),
        data: frame.payload,
      }),
    )
  }

  close(): void {
    this.#closed = true
    this.#stop()
  }

  #start(): VideoDecoder | undefined {
    const decoder = new VideoDecoder({
      output: (picture) => {
        if (this.#decoder === decoder) this.#show(picture, picture.timestamp / 1000)
        picture.close()
      },
      error: () => {
        if (this.#decoder === decoder) this.#refused()
      },
    })
    decoder.configure(config(this.#codec))
    this.#decoder = decoder
    return decoder
  }

  #stop(): void {
    if (this.#decoder && this.#decoder.state !== 'closed') this.#decoder.close()
    this.#decoder = undefined
  }

  #refused(): void {
    const nowMs = performance.now()
    this.#decoder = undefined // A decoder that reported an error is closed already.
    this.#needsKey = true
    this.#failedMs = [...this.#failedMs.filter((ms) => ms > nowMs - failureWindowMs), nowMs]
    if (this.#failedMs.length >= maxFailures) this.#events.failed('failed', this.#codec)
  }

  #show(picture: VideoFrame | ImageBitmap, captureMs: number): void {
    const [width, height] =
      'displayWidth' in picture ? [picture.displayWidth, picture.displayHeight] : [picture.width, picture.height]
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width
      this.#canvas.height = height
    }
    this.#draw?.drawImage(picture, 0, 0, width, height)
    this.#events.drawn(captureMs, width, height)
  }

  /** A camera that sends JPEGs: each stands alone, so a busy moment skips some. */
  #still(frame: LiveFrame): void {
    if (this.#stillBusy) {
      this.#events.dropped(1)
      return
    }
    this.#stillBusy = true
    const bytes = new Uint8Array(frame.payload) // A copy of its own: Blob takes no shared view.
    createImageBitmap(new Blob([bytes], { type: 'image/jpeg' })).then(
      (picture) => {
        this.#stillBusy = false
        if (!this.#closed) this.#show(picture, frame.captureS * 1000)
        picture.close()
      },
      () => {
        this.#stillBusy = false
        this.#events.dropped(1)
      },
    )
  }
}

function config(codec: string): VideoDecoderConfig {
  // No description: the bytes are Annex-B with parameter sets in front of each key frame.
  return { codec, optimizeForLatency: true }
}
