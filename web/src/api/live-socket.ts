/**
 * One live WebSocket (shared/src/live-frame.ts): frames and facts in, clock echoes out, opened again for ever with back-off.
 * Runs in a page or in a worker.
 *
 * Not here: what a frame becomes (live/), which stream is wanted, the schema of the metadata (workers do without it).
 */
import {
  type LiveFrame,
  liveClose,
  liveHeaderBytes,
  liveType,
  readLiveFrame,
  writeLiveHeader,
} from '@vedette/shared/live-frame.ts'

export type LiveLink =
  | { readonly state: 'connecting' }
  | { readonly state: 'open' }
  /** The connection to the server is gone; the camera may be well. */
  | { readonly state: 'lost'; readonly nextTryMs: number }

export interface LiveListener {
  frame(frame: LiveFrame): void
  /** Any JSON; live-metadata.ts parses it. */
  metadata(metadata: unknown): void
  link(link: LiveLink): void
  /** One echo: our time when we asked, the server's when it answered, ours when the answer came. */
  echo(sentMs: number, serverMs: number, receivedMs: number): void
}

const retryMs = [500, 1000, 2000, 5000, 10_000]
/** The first echoes come quickly, so that the first latency shown is true. */
const echoEveryMs = [0, 150, 300, 600, 1200, 2500]
/** Echoes come at least this often; without one the connection is dead although nobody closed it. */
const silenceMs = 12_000

/** Absolute address of a camera's live stream (workers have no page to be relative to). */
export function liveUrl(cameraId: string, stream: 'main' | 'sub'): string {
  const url = new URL(`/api/cameras/${cameraId}/live`, location.href)
  url.protocol = url.protocol.replace('http', 'ws')
  url.searchParams.set('stream', stream)
  return url.href
}

/** Time since 1970 with fractions of a millisecond. */
export const preciseNowMs = () => performance.timeOrigin + performance.now()

export class LiveSocket {
  readonly #url: string
  readonly #listener: LiveListener
  #socket: WebSocket | undefined
  #retryTimer: ReturnType<typeof setTimeout> | undefined
  #echoTimer: ReturnType<typeof setTimeout> | undefined
  #failures = 0
  #heardMs = 0
  #closed = false

  constructor(url: string, listener: LiveListener) {
    this.#url = url
    this.#listener = listener
  }

  open(): void {
    if (this.#closed) return
    this.#listener.link({ state: 'connecting' })
    const socket = new WebSocket(this.#url)
    socket.binaryType = 'arraybuffer'
    this.#socket = socket
    this.#heardMs = performance.now()
    socket.onopen = () => {
      this.#listener.link({ state: 'open' })
      this.#askEchoes(socket, 0)
    }
    socket.onmessage = (message: MessageEvent<unknown>) => {
      if (message.data instanceof ArrayBuffer) this.#take(new Uint8Array(message.data))
    }
    socket.onclose = ({ code }) => {
      // Who is signed in is asked elsewhere (apply-updates.ts); until then there is no hurry.
      if (code === liveClose.revoked) this.#failures = retryMs.length
      this.#lost(socket)
    }
    // A server that never answers the handshake is noticed like one that falls silent.
    this.#echoTimer = setTimeout(() => this.#lost(socket), silenceMs)
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#retryTimer)
    clearTimeout(this.#echoTimer)
    this.#socket?.close()
    this.#socket = undefined
  }

  #take(bytes: Uint8Array): void {
    if (this.#closed) return
    this.#heardMs = performance.now()
    const frame = readLiveFrame(bytes)
    if (!frame) return
    if (frame.type === liveType.metadata) {
      this.#listener.metadata(readJson(frame.payload))
    } else if (frame.type === liveType.clock) {
      if (frame.payload.length < 8) return
      const sentS = new DataView(frame.payload.buffer, frame.payload.byteOffset).getFloat64(0, true)
      this.#listener.echo(sentS * 1000, frame.captureS * 1000, preciseNowMs())
    } else {
      if (frame.type === liveType.video) this.#failures = 0
      this.#listener.frame(frame)
    }
  }

  #askEchoes(socket: WebSocket, asked: number): void {
    clearTimeout(this.#echoTimer)
    if (this.#socket !== socket) return
    if (performance.now() - this.#heardMs > silenceMs) {
      this.#lost(socket)
      return
    }
    const bytes = new Uint8Array(liveHeaderBytes)
    writeLiveHeader(bytes, liveType.clock, false, preciseNowMs() / 1000)
    socket.send(bytes)
    const waitMs = echoEveryMs[Math.min(asked + 1, echoEveryMs.length - 1)]
    this.#echoTimer = setTimeout(() => this.#askEchoes(socket, asked + 1), waitMs)
  }

  #lost(socket: WebSocket): void {
    if (this.#closed || this.#socket !== socket) return
    this.#socket = undefined
    clearTimeout(this.#echoTimer)
    socket.close()
    const waitMs = retryMs[Math.min(this.#failures, retryMs.length - 1)] ?? 1000
    this.#failures += 1
    this.#listener.link({ state: 'lost', nextTryMs: Date.now() + waitMs })
    this.#retryTimer = setTimeout(() => this.open(), waitMs)
  }
}

function readJson(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(payload))
  } catch {
    return undefined // A server of another version. Pictures go on.
  }
}
