/**
 * One connection to a camera: requests and their answers, and the frames between them. Everything that the camera sends
 * is worked on inside guard(), the only door; whatever goes wrong there ends this link and nothing else.
 *
 * Limits: 10 s for an answer, 16 MB and 20,000 packets a second (more is left unread until the next second), 20 questions of
 * the camera a second, 64 kB that it does not take.
 * Not here: what the requests mean (rtsp-handshake.ts) and what the frames mean (rtp-track.ts).
 */
import { AppError } from '../lib/app-error.ts'
import type { Clock } from '../lib/clock.ts'
import type { Connect, Connection } from '../net/connect.ts'
import type { Credentials } from './digest.ts'
import type { RtspAddress } from './rtsp-address.ts'
import { RtspAuth } from './rtsp-auth.ts'
import { type RtspMessage, type RtspMethod, writeRefusal, writeRequest } from './rtsp-message.ts'
import { WireReader } from './wire-reader.ts'

export interface RtspLinkOptions {
  readonly connect: Connect
  readonly clock: Clock
  readonly address: RtspAddress
  readonly credentials: Credentials | undefined
  readonly signal: AbortSignal
}

/** Gets what arrives on one interleaved channel; the bytes are valid only during the call. */
export type FrameRoute = (bytes: Buffer, start: number, end: number, arrivalMs: number) => void

interface Waiting {
  readonly resolve: (answer: RtspMessage) => void
  readonly reject: (error: unknown) => void
}

const answerTimeoutMs = 10_000
const maxBytesPerSecond = 16 * 1024 * 1024
/** 128 Mbit/s in packets of 1400 bytes are 12,000; the work is done for each packet, however small. */
const maxFramesPerSecond = 20_000
/** Of what the camera asks us; it waits for no answer of substance. */
const maxQuestionsPerSecond = 20
const maxUnsentBytes = 64 * 1024
const maxWaiting = 16

export class RtspLink {
  readonly #clock: Clock
  readonly #auth: RtspAuth
  readonly #reader: WireReader
  readonly #routes: (FrameRoute | undefined)[] = []
  readonly #waiting = new Map<number, Waiting>()
  readonly #closed = Promise.withResolvers<AppError>()
  #connection: Connection | undefined
  #cseq = 0
  #sessionId: string | undefined
  #arrivalMs = 0
  #end: AppError | undefined
  #bytesThisSecond = 0
  #framesThisSecond = 0
  #questionsThisSecond = 0
  #isHeld = false
  #readEveryMs = 0
  #turn: NodeJS.Timeout | undefined
  bytes = 0
  reads = 0

  private constructor(options: RtspLinkOptions) {
    this.#clock = options.clock
    this.#auth = new RtspAuth(options.credentials)
    this.#reader = new WireReader({
      onFrame: (channel, bytes, start, end) => {
        if (++this.#framesThisSecond > maxFramesPerSecond) this.#isHeld = true
        const route = this.#routes[channel]
        route?.(bytes, start, end, this.#arrivalMs)
        return route !== undefined
      },
      onMessage: (message) => this.#onMessage(message),
      knowsChannel: (channel) => this.#routes[channel] !== undefined,
    })
  }

  static async open(options: RtspLinkOptions): Promise<RtspLink> {
    const link = new RtspLink(options)
    const { host, port, tls } = options.address
    const onread = { buffer: () => link.#reader.space(), callback: (count: number) => link.#onBytes(count) }
    const connection = await options.connect({ host, port, tls, onread, signal: options.signal })
    link.#connection = connection
    connection.socket.once('close', () => link.destroy(hungUp()))
    connection.socket.once('error', (cause) => {
      link.destroy(new AppError('camera_unreachable', 'The connection to the camera broke.', { cause }))
    })
    if (connection.socket.destroyed) link.destroy(hungUp())
    return link
  }

  /** Resolves, with the reason, as soon as the link is of no use any more. */
  get closed(): Promise<AppError> {
    return this.#closed.promise
  }
  get keySha256(): string | undefined {
    return this.#connection?.keySha256
  }
  get connection(): Connection {
    if (!this.#connection) throw new Error('open() gives only connected links')
    return this.#connection
  }

  /** False when the channel is taken or out of range. */
  addRoute(channel: number, route: FrameRoute): boolean {
    if (channel < 0 || channel > 255 || this.#routes[channel]) return false
    this.#routes[channel] = route
    return true
  }

  /** Repeated in every request from now on. */
  setSession(id: string): void {
    this.#sessionId = id
  }

  /** Sends a request and gives the final answer, whatever its status; a 401 is answered once with the credentials. */
  async request(
    method: RtspMethod,
    uri: string,
    headers: Readonly<Record<string, string>> = {},
    timeoutMs = answerTimeoutMs,
  ): Promise<RtspMessage> {
    for (;;) {
      const answer = await this.#exchange(method, uri, headers, timeoutMs)
      if (answer.status !== 401) {
        this.#auth.noteAccepted()
        return answer
      }
      if (!this.#auth.takeChallenge(answer.headers.get('www-authenticate') ?? [])) return answer
    }
  }

  /** 0 reads whenever bytes are there; otherwise they wait up to `ms` in the system's buffer and come in one go. */
  setReadEvery(ms: number): void {
    this.#readEveryMs = ms
    if (ms === 0) this.#resume()
  }

  /** Once a second: gives the camera its next share of bytes. True when it used up the last one. */
  grantSecond(): boolean {
    const wasHeld = this.#isHeld
    this.#isHeld = false
    this.#bytesThisSecond = 0
    this.#framesThisSecond = 0
    this.#questionsThisSecond = 0
    if (wasHeld) this.#resume()
    return wasHeld
  }

  destroy(reason: AppError): void {
    if (this.#end) return
    this.#end = reason
    clearTimeout(this.#turn)
    this.#connection?.socket.destroy()
    for (const { reject } of this.#waiting.values()) reject(reason)
    this.#waiting.clear()
    this.#closed.resolve(reason)
  }

  async #exchange(
    method: RtspMethod,
    uri: string,
    headers: Readonly<Record<string, string>>,
    timeoutMs: number,
  ): Promise<RtspMessage> {
    const cseq = ++this.#cseq
    const authorization = this.#auth.header(method, uri)
    const request = writeRequest(method, uri, {
      CSeq: String(cseq),
      ...(authorization && { Authorization: authorization }),
      ...(this.#sessionId && { Session: this.#sessionId }),
      ...headers,
    })
    const answered = new AbortController()
    const answer = new Promise<RtspMessage>((resolve, reject) => {
      if (this.#end) reject(this.#end)
      else this.#waiting.set(cseq, { resolve, reject })
    })
    this.#write(request)
    this.#clock.sleep(timeoutMs, answered.signal).then(
      () => this.#giveUp(cseq),
      () => {}, // Answered in time.
    )
    try {
      return await answer
    } finally {
      answered.abort()
    }
  }

  #giveUp(cseq: number): void {
    this.#waiting
      .get(cseq)
      ?.reject(new AppError('camera_unreachable', 'The camera accepts the connection, but does not answer.'))
    this.#waiting.delete(cseq)
  }

  #write(bytes: Buffer): void {
    const socket = this.#connection?.socket
    if (this.#end || !socket) return
    if (socket.writableLength > maxUnsentBytes || this.#waiting.size > maxWaiting) {
      this.destroy(new AppError('camera_unreachable', 'The camera no longer listens.'))
    } else socket.write(bytes)
  }

  /**
   * Works on bytes from the camera that came another way (datagrams). Whatever goes wrong ends this link and nothing
   * else, a bug included: the other cameras of the process go on.
   */
  guard(count: number, work: () => void): void {
    this.bytes += count
    this.reads++
    this.#bytesThisSecond += count
    if (this.#end || this.#isHeld) return
    if (this.#bytesThisSecond > maxBytesPerSecond || ++this.#framesThisSecond > maxFramesPerSecond) this.#isHeld = true
    try {
      work()
    } catch (cause) {
      const isExpected = cause instanceof AppError
      this.destroy(isExpected ? cause : new AppError('internal', 'The camera’s data could not be handled.', { cause }))
    }
  }

  /** False stops reading. */
  #onBytes(count: number): boolean {
    const isDrained = count < this.#reader.roomBytes
    this.#arrivalMs = this.#clock.monotonicMs()
    this.guard(count, () => this.#reader.take(count))
    if (this.#isHeld || this.#end) return false
    if (this.#readEveryMs === 0 || !isDrained) return true
    this.#waitForTurn()
    return false
  }

  /** All links with the same interval take their turns at the same moment: the process wakes once for all. */
  #waitForTurn(): void {
    const ms = this.#readEveryMs
    this.#turn = setTimeout(() => this.#resume(), ms - (performance.now() % ms))
  }

  #resume(): void {
    clearTimeout(this.#turn)
    if (!this.#isHeld && !this.#end) this.#connection?.socket.resume()
  }

  #onMessage(message: RtspMessage): void {
    const cseqText = message.headers.get('cseq')?.[0]
    if (message.status === undefined) {
      if (++this.#questionsThisSecond > maxQuestionsPerSecond)
        throw new AppError(
          'camera_unsupported',
          'The camera asks questions without an end instead of sending pictures.',
        )
      this.#write(writeRefusal(cseqText))
      return
    }
    // Without a number it can only be the answer to the oldest request.
    const cseq = cseqText === undefined ? this.#waiting.keys().next().value : Number.parseInt(cseqText, 10)
    const waiting = cseq === undefined ? undefined : this.#waiting.get(cseq)
    if (cseq === undefined || !waiting) return
    this.#waiting.delete(cseq)
    waiting.resolve(message)
  }
}

const hungUp = () =>
  new AppError(
    'camera_unreachable',
    'The camera hung up. If it does so again and again, restart it and close other viewers.',
  )
