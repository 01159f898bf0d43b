/** Live picture by WebCodecs: a canvas handed to a worker of its own (decode-worker.ts), which decodes the sound, too. */
import type { StreamName } from '@vedette/shared/camera.ts'
import { parseLiveMetadata } from '../api/live-metadata.ts'
import { liveUrl } from '../api/live-socket.ts'
import type { WorkerMessage, WorkerSound, WorkerStart } from './decode-worker.ts'
import type { OpenSource, PictureSource, Report } from './picture-source.ts'
import type { SoundFormat } from './sound-decoder.ts'
import { SoundOutput } from './sound-output.ts'

export const openWebCodecsPicture: OpenSource = (cameraId, stream, report) =>
  new WebCodecsPicture(cameraId, stream, report)

class WebCodecsPicture implements PictureSource {
  readonly element = document.createElement('canvas')
  readonly #worker = new Worker(new URL('./decode-worker.ts', import.meta.url), { type: 'module' })
  readonly #report: Report
  /** What the camera sends and the viewer may hear. */
  #sound: SoundFormat | undefined
  #output: SoundOutput | undefined

  constructor(cameraId: string, stream: StreamName, report: Report) {
    this.#report = report
    this.#worker.onmessage = ({ data }: MessageEvent<WorkerMessage>) => this.#hear(data)
    this.#worker.onerror = () => report({ kind: 'failed', why: 'failed', codec: null })
    const canvas = this.element.transferControlToOffscreen()
    this.#worker.postMessage({ url: liveUrl(cameraId, stream), canvas } satisfies WorkerStart, [canvas])
  }

  setSound(isOn: boolean): void {
    if (isOn === (this.#output !== undefined)) return
    this.#output?.close()
    this.#output = isOn ? new SoundOutput() : undefined
    this.#tellSound()
  }

  close(): void {
    this.#worker.terminate()
    this.#output?.close()
    this.#output = undefined
  }

  #hear(data: WorkerMessage): void {
    if (data.kind === 'sound') this.#output?.play(data.chunk)
    else if (data.kind !== 'metadata') this.#report(data)
    else this.#take(data.json)
  }

  #take(json: unknown): void {
    const metadata = parseLiveMetadata(json)
    if (!metadata) return
    if (metadata.kind === 'motion' || metadata.kind === 'dropped') this.#report(metadata)
    if (metadata.kind !== 'format') return
    this.#sound = 'AudioDecoder' in globalThis ? metadata.audio : undefined
    this.#report({ kind: 'has_sound', hasSound: this.#sound !== undefined })
    this.#tellSound()
  }

  #tellSound(): void {
    const sound = this.#output ? (this.#sound ?? null) : null
    this.#worker.postMessage({ sound } satisfies WorkerSound)
  }
}
