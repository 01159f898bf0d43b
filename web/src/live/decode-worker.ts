/** The worker behind one live picture: socket, decoder and canvas off the page's thread. One stream per worker. */
import '../api/zod-without-eval.ts'
import { LiveSocket, preciseNowMs } from '../api/live-socket.ts'
import { ClockOffset } from './clock-offset.ts'
import { LatencyWindow } from './latency.ts'
import { LiveDecoder } from './live-decoder.ts'
import type { SourceReport } from './picture-source.ts'

/** The only message in; closing is terminate(). */
export interface WorkerStart {
  readonly url: string
  readonly canvas: OffscreenCanvas
}

self.onmessage = (message: MessageEvent<WorkerStart>) => run(message.data)

function run({ url, canvas }: WorkerStart): void {
  const clock = new ClockOffset()
  const window = new LatencyWindow()
  let hasPicture = false
  let droppedFrames = 0
  let openedMs = 0
  let drawn: { captureMs: number; frames: number } | undefined

  const decoder = new LiveDecoder(canvas, {
    drawn(captureMs, width, height) {
      const nowMs = preciseNowMs()
      // What was kept for a quick start is old by design.
      const isBurst = captureMs - (clock.offsetMs ?? 0) < openedMs
      if (clock.offsetMs !== undefined && !isBurst) window.add(nowMs, nowMs + clock.offsetMs - captureMs)
      drawn = { captureMs, frames: (drawn?.frames ?? 0) + 1 }
      if (hasPicture) return
      hasPicture = true
      tell({ kind: 'picture', width, height })
    },
    dropped(frames) {
      droppedFrames += frames
    },
    failed(why, codec) {
      tell({ kind: 'failed', why, codec })
      socket.close()
    },
  })

  const socket = new LiveSocket(url, {
    frame(frame) {
      if (frame.type === 0) decoder.frame(frame)
    },
    metadata(metadata) {
      if (metadata.kind === 'format') void decoder.configure(metadata.codec)
      else if (metadata.kind === 'dropped') droppedFrames += metadata.frames
      else tell(metadata)
    },
    link(link) {
      if (link.state === 'open') {
        openedMs = preciseNowMs()
        return
      }
      hasPicture = false
      tell(link.state === 'lost' ? { kind: 'lost', nextTryMs: link.nextTryMs } : { kind: 'connecting' })
    },
    echo: (sentMs, serverMs, receivedMs) => clock.add(sentMs, serverMs, receivedMs),
  })

  setInterval(() => {
    const latency = window.read(preciseNowMs()) ?? null
    const pictureMs = drawn ? drawn.captureMs - (clock.offsetMs ?? 0) : null
    tell({ kind: 'measure', latency, fps: drawn?.frames ?? 0, droppedFrames, pictureMs })
    if (drawn) drawn.frames = 0
  }, 1000)
  socket.open()
}

function tell(report: SourceReport): void {
  self.postMessage(report)
}
