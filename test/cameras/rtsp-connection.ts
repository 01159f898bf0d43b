/** One client of the simulated camera: its RTSP dialogue (RFC 2326), and the receiver that PLAY hangs on a stream. */
import { randomBytes, randomInt } from 'node:crypto'
import type { Socket } from 'node:net'
import { RtpSender, type SendPackets } from './rtp-sender.ts'
import { type AuthOptions, challengeFor, type Nonces } from './rtsp-auth.ts'
import { type RtspRequest, RtspRequests } from './rtsp-requests.ts'
import type { Receiver, SimulatedStream } from './simulated-stream.ts'
import { openUdpPair, type UdpPair } from './udp-pair.ts'

/** What a connection reads from its camera; the camera may change it at any time. */
export interface ConnectionContext {
  readonly streams: ReadonlyMap<string, SimulatedStream>
  readonly auth: AuthOptions
  readonly nonces: Nonces
  readonly redirectTo: string | undefined
  readonly control: 'relative' | 'absolute'
  readonly sessionTimeoutS: number
  /** Milliseconds until the time stamps of a new receiver wrap; undefined: somewhere far. */
  readonly wrapInMs: number | undefined
  readonly isOneSession: boolean
  /** Told of every request and its answer's status. */
  readonly onRequest: (method: string, status: number) => void
}

type Answer = { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }

const reasons: Record<number, string> = {
  200: 'OK',
  302: 'Moved Temporarily',
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  453: 'Not Enough Bandwidth',
  454: 'Session Not Found',
  455: 'Method Not Valid in This State',
  461: 'Unsupported Transport',
  501: 'Not Implemented',
}
const methods = 'OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, GET_PARAMETER, SET_PARAMETER, TEARDOWN'

/** Serves until the client or the camera ends the connection. */
export function serveConnection(socket: Socket, context: ConnectionContext): void {
  const connection = new RtspConnection(socket, context)
  const requests = new RtspRequests()
  let turn = Promise.resolve()
  socket.on('data', (bytes) => {
    connection.keepAlive()
    turn = turn
      .then(async () => {
        for (const request of requests.push(bytes)) await connection.answer(request)
      })
      .catch((error: unknown) => void socket.destroy(error instanceof Error ? error : undefined))
  })
  socket.on('error', () => undefined) // 'close' follows.
  socket.on('close', () => connection.close())
}

class RtspConnection {
  readonly #socket: Socket
  readonly #context: ConnectionContext
  readonly #session = randomBytes(8).toString('hex')
  readonly #udp: UdpPair[] = []
  readonly #senders: (RtpSender | undefined)[] = []
  #stream: SimulatedStream | undefined
  #receiver: Receiver | undefined
  #patience: NodeJS.Timeout | undefined

  constructor(socket: Socket, context: ConnectionContext) {
    this.#socket = socket
    this.#context = context
    socket.setNoDelay(true)
    this.keepAlive()
  }

  /** The client said something, be it a request or a receiver report. Without that the session ends (RFC 2326 §12.37). */
  keepAlive(): void {
    clearTimeout(this.#patience)
    this.#patience = setTimeout(() => this.#socket.destroy(), this.#context.sessionTimeoutS * 1000)
  }

  async answer(request: RtspRequest): Promise<void> {
    const { status, headers = {}, body = '' } = await this.#answerTo(request)
    if (this.#socket.destroyed) return
    const lines = [
      `RTSP/1.0 ${status} ${reasons[status]}`,
      `CSeq: ${request.headers.get('cseq') ?? '0'}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      ...(body ? [`Content-Length: ${Buffer.byteLength(body)}`] : []),
    ]
    this.#socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`)
    this.#context.onRequest(request.method, status)
    if (request.method === 'PLAY' && status === 200) this.#play()
    if (request.method === 'TEARDOWN' && status === 200) this.#socket.end()
  }

  close(): void {
    clearTimeout(this.#patience)
    if (this.#receiver) this.#stream?.remove(this.#receiver)
    this.#receiver = undefined
    for (const pair of this.#udp.splice(0)) pair.close()
  }

  async #answerTo(request: RtspRequest): Promise<Answer> {
    const { method, url, headers } = request
    const { auth, nonces, redirectTo } = this.#context
    if (method === 'OPTIONS') return { status: 200, headers: { Public: methods } }
    const challenge = challengeFor(auth, nonces, method, headers.get('authorization'))
    if (challenge) return { status: 401, headers: { 'WWW-Authenticate': challenge } }
    if (method === 'DESCRIBE') {
      return redirectTo ? { status: 302, headers: { Location: redirectTo } } : this.#describe(url)
    }
    if (method === 'SETUP') return this.#setup(url, headers)
    if (!['PLAY', 'PAUSE', 'GET_PARAMETER', 'SET_PARAMETER', 'TEARDOWN'].includes(method)) return { status: 501 }
    if (headers.get('session')?.split(';')[0] !== this.#session) return { status: 454 }
    if (method !== 'PLAY') return { status: 200, headers: { Session: this.#session } }
    const stream = this.#stream
    if (!stream) return { status: 455 }
    if (this.#context.isOneSession && stream.receivers > 0 && !this.#receiver) return { status: 453 }
    const base = url.replace(/\/$/, '')
    const info = this.#senders.flatMap((sender, track) => {
      if (!sender) return []
      const { sequence, rtpTime } = sender.info(stream.elapsedMs())
      return [`url=${base}/trackID=${track};seq=${sequence};rtptime=${rtpTime}`]
    })
    return { status: 200, headers: { Session: this.#session, Range: 'npt=0.000-', 'RTP-Info': info.join(',') } }
  }

  #describe(url: string): Answer {
    const found = this.#find(url)
    if (!found) return { status: 404 }
    const base = url.replace(/\/$/, '')
    const control = this.#context.control === 'absolute' ? `${base}/` : ''
    const tracks = found.stream.tracks.flatMap((track, n) => [...track.sdp, `a=control:${control}trackID=${n}`])
    const head = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=simulated camera', 'c=IN IP4 0.0.0.0', 't=0 0', 'a=control:*']
    const body = `${[...head, ...tracks].join('\r\n')}\r\n`
    return { status: 200, headers: { 'Content-Base': `${base}/`, 'Content-Type': 'application/sdp' }, body }
  }

  async #setup(url: string, headers: ReadonlyMap<string, string>): Promise<Answer> {
    const found = this.#find(url)
    const track = found?.stream.tracks[found.track]
    if (!found || !track) return { status: 404 }
    if (this.#receiver || (this.#stream && this.#stream !== found.stream)) return { status: 455 }
    const wanted = headers.get('transport') ?? ''
    const transport = /TCP/i.test(wanted) ? this.#interleaved(wanted) : await this.#overUdp(wanted)
    if (!transport) return { status: 461 }
    this.#stream = found.stream
    this.#senders[found.track] = new RtpSender({
      payloadType: track.payloadType,
      clockRate: track.clockRate,
      baseTicks: this.#baseTicks(found.stream, track.clockRate),
      ...transport,
    })
    const { sessionTimeoutS } = this.#context
    return {
      status: 200,
      headers: { Transport: transport.header, Session: `${this.#session};timeout=${sessionTimeoutS}` },
    }
  }

  #baseTicks(stream: SimulatedStream, clockRate: number): number {
    const { wrapInMs } = this.#context
    if (wrapInMs === undefined) return randomInt(2 ** 31)
    return 2 ** 32 - ((stream.elapsedMs() + wrapInMs) * clockRate) / 1000
  }

  #interleaved(wanted: string) {
    const rtpChannel = Number(/interleaved=(\d+)/i.exec(wanted)?.[1] ?? this.#senders.length * 2)
    const send: SendPackets = (bytes) => void this.#socket.write(bytes)
    const header = `RTP/AVP/TCP;unicast;interleaved=${rtpChannel}-${rtpChannel + 1}`
    return { rtpChannel, send, sendReport: send, header }
  }

  async #overUdp(wanted: string) {
    const [, rtpPort, rtcpPort] = /client_port=(\d+)-(\d+)/i.exec(wanted) ?? []
    if (!rtpPort || !rtcpPort) return undefined
    const pair = await openUdpPair()
    this.#udp.push(pair)
    pair.rtcp.on('message', () => this.keepAlive())
    const to = this.#socket.remoteAddress?.replace('::ffff:', '')
    const sendBy =
      (socket: UdpPair['rtp'], port: string): SendPackets =>
      (bytes, starts) =>
        starts.forEach((start, i) => {
          socket.send(bytes.subarray(start + 4, starts[i + 1]), Number(port), to)
        })
    const header = `RTP/AVP;unicast;client_port=${rtpPort}-${rtcpPort};server_port=${pair.port}-${pair.port + 1}`
    return { rtpChannel: 0, send: sendBy(pair.rtp, rtpPort), sendReport: sendBy(pair.rtcp, rtcpPort), header }
  }

  #play(): void {
    if (this.#receiver || !this.#stream) return
    this.#receiver = { senders: this.#senders, queuedBytes: () => this.#socket.writableLength }
    this.#stream.add(this.#receiver)
  }

  /** rtsp://host/<stream>[/trackID=n] */
  #find(url: string): { stream: SimulatedStream; track: number } | undefined {
    const [, name = '', track = '0'] = /^rtsps?:\/\/[^/]+\/(\w+)(?:\/(?:trackID=(\d+))?)?(?:\?.*)?$/i.exec(url) ?? []
    const stream = this.#context.streams.get(name)
    return stream && { stream, track: Number(track) }
  }
}
