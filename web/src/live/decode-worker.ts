/** The worker behind one live picture: socket, decoder and canvas off the page's thread. One stream per worker. */
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

/** What comes out: reports, and metadata as it came. */
export type WorkerMessage = SourceReport | { readonly kind: 'metadata'; readonly json: unknown }

self.onmessage = (message: MessageEvent<WorkerStart>) => run(message.data)

function run({ url, canvas }: WorkerStart): void {
  const clock = new ClockOffset()
  const window = new LatencyWindow()
  let hasPicture = false
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
    dropped: (frames) => tell({ kind: 'dropped', frames }),
    failed(why, codec) {
      tell({ kind: 'failed', why, codec })
      socket.close()
    },
  })

  const socket = new LiveSocket(url, {
    frame(frame) {
      if (frame.type === 0) decoder.frame(frame)
    },
    metadata(json) {
      const codec = codecIn(json)
      if (codec !== undefined) void decoder.configure(codec)
      self.postMessage({ kind: 'metadata', json } satisfies WorkerMessage)
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
    tell({ kind: 'measure', latency, fps: drawn?.frames ?? 0, pictureMs })
    if (drawn) drawn.frames = 0
  }, 1000)
  socket.open()
}

/** The codec, where the metadata is a format. Everything else is parsed by the page. */
function codecIn(json: unknown): string | undefined {
  if (typeof json !== 'object' || json === null || !('kind' in json) || json.kind !== 'format') return undefined
  return 'codec' in json && typeof json.codec === 'string' ? json.codec : undefined
}

function tell(report: SourceReport): void {
  self.postMessage(report)
}
