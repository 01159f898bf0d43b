/**
 * A camera that is an attacker: it speaks enough RTSP to get as far as its mode wants, and does its worst there.
 * Out:       an address for each mode. The modes themselves are in hostile-modes.ts.
 * Not here:  cameras with a fault (simulated-camera.ts `apply`), which are not malicious.
 */
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { type RtspRequest, RtspRequests } from './rtsp-requests.ts'

/** One client of it. */
export interface Victim {
  readonly socket: Socket
  /** Writes an answer to the request; headers and body as given, nothing is put right. */
  answer(request: RtspRequest, status: number, headers?: Readonly<Record<string, string>>, body?: string): void
  /** Answers as a camera that means well would. */
  behave(request: RtspRequest): void
  /** Calls `block` whenever the client takes more, until the connection ends. */
  pour(block: () => Buffer): void
  /** Calls `work` every `ms` until the connection ends. */
  every(ms: number, work: (count: number) => void): void
}

/** What a mode does; what is left out is done as a good camera does it. */
export interface HostileMode {
  /** On connecting, before anything is said. */
  readonly connected?: (victim: Victim) => void
  /** True: the request has been dealt with. */
  readonly request?: (victim: Victim, request: RtspRequest) => boolean
  /** After PLAY was answered. */
  readonly playing?: (victim: Victim) => void
  /** The description; H.264 without parameter sets if left out. */
  readonly sdp?: string
}

const plainSdp = 'v=0\r\ns=x\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:t0\r\n'

export class HostileCamera {
  readonly #mode: HostileMode
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  connections = 0

  private constructor(mode: HostileMode) {
    this.#mode = mode
    // A client that hangs up may still be spoken to.
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#serve(socket))
  }

  static async open(mode: HostileMode): Promise<HostileCamera> {
    const camera = new HostileCamera(mode)
    camera.#server.listen(0, '127.0.0.1')
    await once(camera.#server, 'listening')
    return camera
  }

  address(scheme: 'rtsp' | 'rtsps' = 'rtsp'): string {
    const at = this.#server.address()
    return `${scheme}://127.0.0.1:${typeof at === 'object' ? at?.port : 0}/main`
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #serve(socket: Socket): void {
    this.connections++
    this.#sockets.add(socket)
    socket.on('error', () => undefined) // 'close' follows.
    socket.on('close', () => this.#sockets.delete(socket))
    const victim = victimOf(socket, this.#mode)
    this.#mode.connected?.(victim)
    const requests = new RtspRequests()
    socket.on('data', (bytes) => {
      try {
        for (const request of requests.push(bytes)) this.#hear(victim, request)
      } catch {
        socket.destroy() // Not RTSP: TLS, or an answer to a question of ours.
      }
    })
  }

  #hear(victim: Victim, request: RtspRequest): void {
    if (this.#mode.request?.(victim, request)) return
    victim.behave(request)
    if (request.method === 'PLAY') this.#mode.playing?.(victim)
  }
}

function victimOf(socket: Socket, { sdp = plainSdp }: HostileMode): Victim {
  const answer: Victim['answer'] = (request, status, headers = {}, body = '') => {
    const lines = Object.entries({
      CSeq: request.headers.get('cseq') ?? '0',
      ...(body && { 'Content-Length': String(Buffer.byteLength(body)) }),
      ...headers,
    }).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.write(`RTSP/1.0 ${status} X\r\n${lines.join('')}\r\n${body}`)
  }
  return {
    socket,
    answer,
    behave: (request) => {
      const { method, url, headers } = request
      if (method === 'DESCRIBE')
        answer(request, 200, { 'Content-Base': `${url}/`, 'Content-Type': 'application/sdp' }, sdp)
      else if (method === 'SETUP')
        answer(request, 200, { Session: '1;timeout=60', Transport: headers.get('transport') ?? '' })
      else answer(request, 200, { Session: '1', Public: 'OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN' })
    },
    pour: (block) => {
      const fill = () => {
        while (!socket.destroyed && socket.write(block()));
      }
      socket.on('drain', fill)
      fill()
    },
    every: (ms, work) => {
      let count = 0
      const timer = setInterval(() => {
        // A client that takes nothing must cost the attacker no memory either.
        if (socket.writableLength < 4e6) work(count++)
      }, ms)
      socket.on('close', () => clearInterval(timer))
    },
  }
}
