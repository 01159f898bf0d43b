/** The worker behind one live picture: socket, decoder and canvas off the page's thread. One stream per worker. */
import { liveType } from '@vedette/shared/live-frame.ts'
import { LiveSocket, preciseNowMs } from '../api/live-socket.ts'
import { ClockOffset } from './clock-offset.ts'
import { InStep } from './in-step.ts'
import { LatencyWindow } from './latency.ts'
import { LiveDecoder } from './live-decoder.ts'
import type { SourceReport } from './picture-source.ts'
import { type SoundChunk, SoundDecoder, type SoundFormat } from './sound-decoder.ts'

/** The first message in; closing is terminate(). */
export interface WorkerStart {
  readonly url: string
  readonly canvas: OffscreenCanvas
}
/** Any later message: hear this, or nothing. */
export interface WorkerSound {
  readonly sound: SoundFormat | null
}

/** What comes out: reports, metadata as it came, sound. */
export type WorkerMessage =
  | SourceReport
  | { readonly kind: 'metadata'; readonly json: unknown }
  | { readonly kind: 'sound'; readonly chunk: SoundChunk }

let ear: SoundDecoder | undefined
self.onmessage = ({ data }: MessageEvent<WorkerStart | WorkerSound>) => {
  if ('url' in data) run(data)
  else listen(data)
}

function listen({ sound }: WorkerSound): void {
  ear?.close()
  ear = sound ? new SoundDecoder(sound, hear) : undefined
}

function hear(chunk: SoundChunk): void {
  const transfer = chunk.channels.map((samples) => samples.buffer)
  self.postMessage({ kind: 'sound', chunk } satisfies WorkerMessage, { transfer })
}

function run({ url, canvas }: WorkerStart): void {
  const clock = new ClockOffset()
  const window = new LatencyWindow()
  const boxes = new InStep<unknown>()
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
      pass(boxes.shown(captureMs))
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
      if (frame.type === liveType.video) decoder.frame(frame)
      else ear?.frame(frame)
    },
    metadata(json) {
      const codec = codecIn(json)
      if (codec !== undefined) void decoder.configure(codec)
      const atMs = motionMsIn(json)
      pass(atMs === undefined ? json : boxes.add(atMs, json))
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

function pass(json: unknown): void {
  if (json !== undefined) self.postMessage({ kind: 'metadata', json } satisfies WorkerMessage)
}

/** Capture time of the picture that the metadata speaks of, where it is motion. */
function motionMsIn(json: unknown): number | undefined {
  if (typeof json !== 'object' || json === null || !('kind' in json) || json.kind !== 'motion') return undefined
  return 'atMs' in json && typeof json.atMs === 'number' ? json.atMs : undefined
}

/** The codec, where the metadata is a format. Everything else is parsed by the page. */
function codecIn(json: unknown): string | undefined {
  if (typeof json !== 'object' || json === null || !('kind' in json) || json.kind !== 'format') return undefined
  return 'codec' in json && typeof json.codec === 'string' ? json.codec : undefined
}

function tell(report: SourceReport): void {
  self.postMessage(report)
}
