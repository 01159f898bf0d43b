/** Live picture by asking for one JPEG after another: works everywhere, about a picture a second, slower when the server is busy. */
import type { StreamName } from '@vedette/shared/camera.ts'
import { type Frame, fetchFrame } from '../api/frame.ts'
import { LatencyWindow } from './latency.ts'
import type { OpenSource, PictureSource, Report } from './picture-source.ts'

const everyMs = 1000
const retryMs = [1000, 2000, 5000, 10_000]

export const openJpegPicture: OpenSource = (cameraId, stream, report) => new JpegPicture(cameraId, stream, report)

class JpegPicture implements PictureSource {
  readonly element = document.createElement('canvas')
  readonly #end = new AbortController()
  readonly #report: Report
  readonly #window = new LatencyWindow()
  #failures = 0
  #hasPicture = false
  #etag: string | null = null
  #captureMs: number | null = null
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(cameraId: string, stream: StreamName, report: Report) {
    this.#report = report
    report({ kind: 'connecting' })
    this.#next(cameraId, stream)
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#end.abort()
  }

  #next(cameraId: string, stream: StreamName): void {
    const askedMs = Date.now()
    this.#draw(cameraId, stream).then(
      () => {
        this.#failures = 0
        // A slow server is asked less often: never more than half of the time.
        this.#again(cameraId, stream, Math.max(everyMs - (Date.now() - askedMs), Date.now() - askedMs, 100))
      },
      () => {
        if (this.#end.signal.aborted) return
        const waitMs = retryMs[Math.min(this.#failures, retryMs.length - 1)] ?? everyMs
        this.#failures += 1
        this.#hasPicture = false
        this.#report({ kind: 'lost', nextTryMs: Date.now() + waitMs })
        this.#again(cameraId, stream, waitMs)
      },
    )
  }

  #again(cameraId: string, stream: StreamName, waitMs: number): void {
    if (!this.#end.signal.aborted) this.#timer = setTimeout(() => this.#next(cameraId, stream), waitMs)
  }

  async #draw(cameraId: string, stream: StreamName): Promise<void> {
    const frame = await fetchFrame(cameraId, { stream, signal: this.#end.signal, etag: this.#etag })
    if (frame) await this.#show(frame)
    // Without echoes the two clocks are taken for equal; what counts here is whole seconds.
    const captureMs = this.#captureMs
    if (captureMs !== null) this.#window.add(Date.now(), Math.max(0, Date.now() - captureMs))
    if (!this.#hasPicture) this.#report({ kind: 'picture', width: this.element.width, height: this.element.height })
    this.#hasPicture = true
    const latency = this.#window.read(Date.now()) ?? null
    this.#report({ kind: 'measure', latency, fps: frame ? 1 : 0, pictureMs: captureMs ?? Date.now() })
  }

  async #show({ blob, captureMs, etag }: Frame): Promise<void> {
    const picture = await createImageBitmap(blob)
    const { width, height } = picture
    if (this.element.width !== width) this.element.width = width
    if (this.element.height !== height) this.element.height = height
    this.element.getContext('2d', { alpha: false })?.drawImage(picture, 0, 0)
    picture.close()
    this.#etag = etag
    this.#captureMs = captureMs
  }
}
