/**
 * A camera for tests, benches and the demo: RTSP on loopback, a main and a sub stream of a drawn yard, and faults on demand.
 * It is a program of ours speaking to a program of ours: what must hold against real cameras is tested with foreign servers too.
 */
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { CameraStreams, type StreamName, type StreamOptions } from './camera-streams.ts'
import { type FaultInput, fault as faultSchema } from './fault.ts'
import { type GarbageKind, serveGarbage } from './garbage.ts'
import { type AuthOptions, Nonces } from './rtsp-auth.ts'
import { serveConnection } from './rtsp-connection.ts'

export interface CameraOptions extends StreamOptions {
  /** 0: any free port. */
  readonly port?: number
  readonly auth?: AuthOptions
  readonly control?: 'relative' | 'absolute'
  readonly sessionTimeoutS?: number
}

const noAuth: AuthOptions = { scheme: 'none', username: '', password: '' }

export class SimulatedCamera {
  readonly #o: CameraOptions
  readonly #streams: CameraStreams
  readonly #sockets = new Set<Socket>()
  readonly #nonces = new Nonces()
  #server: Server | undefined
  #port = 0
  #auth: AuthOptions
  #garbage: GarbageKind | null = null
  #redirectTo: string | undefined
  #wrapInMs: number | undefined
  #isOneSession = false
  #counts = { connections: 0, unauthorized: 0, described: 0, played: 0 }

  private constructor(options: CameraOptions, streams: CameraStreams) {
    this.#o = options
    this.#streams = streams
    this.#auth = options.auth ?? noAuth
  }

  /** Draws its clips if nobody has before (seconds), and listens. */
  static async open(options: CameraOptions = {}): Promise<SimulatedCamera> {
    const camera = new SimulatedCamera(options, await CameraStreams.open(options))
    await camera.#listen(options.port ?? 0)
    return camera
  }

  /** Without credentials. */
  address(stream: StreamName = 'main'): string {
    return `rtsp://127.0.0.1:${this.#port}/${stream}`
  }
  get port(): number {
    return this.#port
  }
  /** Since it was opened; `connected` and `receivers` are now. */
  counts() {
    return { ...this.#counts, ...this.#streams.counts(), connected: this.#sockets.size }
  }

  async close(): Promise<void> {
    await this.#stopListening()
    this.#streams.close()
  }

  /** Does something wrong, or `heal`s; resolves when it is done. */
  async apply(input: FaultInput): Promise<void> {
    const fault = faultSchema.parse(input)
    const streams = this.#streams.chosen('stream' in fault ? fault.stream : undefined)
    switch (fault.do) {
      case 'drop':
        return this.#dropAll()
      case 'refuse':
        return fault.on ? this.#stopListening() : this.#listen(this.#port)
      case 'one-session':
        this.#isOneSession = fault.on
        return
      case 'freeze':
        for (const stream of streams) stream.faults.frozen = fault.on
        return
      case 'mute-reports':
        for (const stream of streams) stream.faults.muteReports = fault.on
        return
      case 'clock':
        for (const stream of streams) stream.faults.clockOffsetMs = fault.offsetMs
        return
      case 'jump':
        for (const stream of streams) stream.jumpTimestamps(fault.ms)
        return
      case 'wrap':
        this.#wrapInMs = fault.inMs
        return
      case 'lose':
        for (const stream of streams) stream.faults.loss = fault.share
        return
      case 'skip':
        for (const stream of streams) stream.skipFrames(fault.frames)
        return
      case 'inflate':
        return this.#streams.inflate(fault.stream ?? 'main', fault.mbitPerS)
      case 'switch':
        // What was described is no longer true when the codec changes: cameras hang up then.
        if (await this.#streams.switch(fault.stream ?? 'main', fault)) this.#dropAll()
        return
      case 'auth':
        this.#auth = fault
        return
      case 'expire-nonce':
        return this.#nonces.expire()
      case 'redirect':
        this.#redirectTo = fault.to ?? undefined
        return
      case 'garbage':
        this.#garbage = fault.kind
        return this.#dropAll()
      case 'heal':
        return this.#heal()
    }
  }

  async #heal(): Promise<void> {
    const wasGarbage = this.#garbage !== null
    this.#garbage = null
    this.#redirectTo = undefined
    this.#wrapInMs = undefined
    this.#isOneSession = false
    this.#auth = this.#o.auth ?? noAuth
    this.#streams.heal()
    if (wasGarbage) this.#dropAll()
    await this.#listen(this.#port)
  }

  async #listen(port: number): Promise<void> {
    if (this.#server) return
    const server = createServer((socket) => this.#accept(socket))
    this.#server = server
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (address && typeof address === 'object') this.#port = address.port
  }

  async #stopListening(): Promise<void> {
    const server = this.#server
    if (!server) return
    this.#server = undefined
    const closed = once(server, 'close')
    server.close()
    this.#dropAll()
    await closed
  }

  #dropAll(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  #accept(socket: Socket): void {
    this.#counts.connections++
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    if (this.#garbage) {
      serveGarbage(socket, this.#garbage)
      return
    }
    const camera = this
    serveConnection(socket, {
      streams: this.#streams.byName,
      nonces: this.#nonces,
      control: this.#o.control ?? 'relative',
      sessionTimeoutS: this.#o.sessionTimeoutS ?? 60,
      get auth() {
        return camera.#auth
      },
      get redirectTo() {
        return camera.#redirectTo
      },
      get isOneSession() {
        return camera.#isOneSession
      },
      get wrapInMs() {
        return camera.#wrapInMs
      },
      onRequest: (method, status) => this.#count(method, status),
    })
  }

  #count(method: string, status: number): void {
    if (status === 401) this.#counts.unauthorized++
    if (method === 'DESCRIBE' && status === 200) this.#counts.described++
    if (method === 'PLAY' && status === 200) this.#counts.played++
  }
}
