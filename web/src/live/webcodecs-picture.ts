/** Live picture by WebCodecs: a canvas handed to a worker of its own (decode-worker.ts). */
import { liveUrl } from '../api/live-socket.ts'
import type { WorkerStart } from './decode-worker.ts'
import type { OpenSource, SourceReport } from './picture-source.ts'

export const openWebCodecsPicture: OpenSource = (cameraId, stream, report) => {
  const element = document.createElement('canvas')
  const worker = new Worker(new URL('./decode-worker.ts', import.meta.url), { type: 'module' })
  worker.onmessage = (message: MessageEvent<SourceReport>) => report(message.data)
  worker.onerror = () => report({ kind: 'failed', why: 'failed', codec: null })
  const canvas = element.transferControlToOffscreen()
  const start: WorkerStart = { url: liveUrl(cameraId, stream), canvas }
  worker.postMessage(start, [canvas])
  return { element, close: () => worker.terminate() }
}
