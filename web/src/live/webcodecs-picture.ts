/** Live picture by WebCodecs: a canvas handed to a worker of its own (decode-worker.ts). */
import { parseLiveMetadata } from '../api/live-metadata.ts'
import { liveUrl } from '../api/live-socket.ts'
import type { WorkerMessage, WorkerStart } from './decode-worker.ts'
import type { OpenSource, Report } from './picture-source.ts'

export const openWebCodecsPicture: OpenSource = (cameraId, stream, report) => {
  const element = document.createElement('canvas')
  const worker = new Worker(new URL('./decode-worker.ts', import.meta.url), { type: 'module' })
  worker.onmessage = ({ data }: MessageEvent<WorkerMessage>) => {
    if (data.kind === 'metadata') reportMetadata(data.json, report)
    else report(data)
  }
  worker.onerror = () => report({ kind: 'failed', why: 'failed', codec: null })
  const canvas = element.transferControlToOffscreen()
  const start: WorkerStart = { url: liveUrl(cameraId, stream), canvas }
  worker.postMessage(start, [canvas])
  return { element, close: () => worker.terminate() }
}

function reportMetadata(json: unknown, report: Report): void {
  const metadata = parseLiveMetadata(json)
  if (metadata && metadata.kind !== 'format') report(metadata)
}
