/** A live WebSocket as a page opens it, read in this process: when each frame was sent by the camera, captured by the server, received here. */
import type { StreamName } from '@vedette/shared/camera.ts'
import { liveType, readLiveFrame } from '@vedette/shared/live-frame.ts'
import { WebSocket } from 'ws'
import { readStamp } from '../test/cameras/stamp.ts'
import type { RunningVedette } from '../test/support/running-vedette.ts'

export interface WireFrame {
  /** The camera's number. */
  readonly frame: number
  /** UTC ms. */
  readonly sentMs: number
  readonly captureMs: number
  readonly receivedMs: number
}

export class LiveWire {
  readonly frames: WireFrame[] = []
  /** From before the handshake to the first key frame, ms. */
  firstPictureMs: number | undefined
  readonly #socket: WebSocket
  readonly #openedMs = nowMs()

  constructor(vedette: RunningVedette, cameraId: string, stream: StreamName) {
    const url = `${vedette.url.replace('http', 'ws')}/api/cameras/${cameraId}/live?stream=${stream}`
    this.#socket = new WebSocket(url, { headers: { cookie: vedette.cookie }, origin: vedette.url })
    this.#socket.binaryType = 'nodebuffer'
    this.#socket.on('message', (data: Buffer) => this.#take(data))
  }

  close(): void {
    this.#socket.terminate()
  }

  #take(data: Buffer): void {
    const receivedMs = nowMs()
    const frame = readLiveFrame(data)
    if (frame?.type !== liveType.video) return
    this.firstPictureMs ??= receivedMs - this.#openedMs
    const stamp = readStamp(data)
    if (stamp)
      this.frames.push({
        frame: stamp.frame,
        sentMs: stamp.sentUs / 1000,
        captureMs: frame.captureS * 1000,
        receivedMs,
      })
  }
}

/** The same clock as the cameras' stamps and the page's, with fractions. */
export const nowMs = () => performance.timeOrigin + performance.now()
