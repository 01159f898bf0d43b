/**
 * A camera for tests, benches and the demo: RTSP on loopback, a main and a sub stream of a drawn yard, and faults on demand.
 * It is a program of ours speaking to a program of ours: what must hold against real cameras is tested with foreign servers too.
 */
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { openAudioClip } from './audio-clip.ts'
import { openClip } from './clip.ts'
import type { VideoSpec } from './encode.ts'
import { type Fault, type FaultInput, fault as faultSchema } from './fault.ts'
import { type GarbageKind, serveGarbage } from './garbage.ts'
import { emptyRun, nalPayloads, runOf } from './rtp-packets.ts'
import { type AuthOptions, Nonces } from './rtsp-auth.ts'
import { serveConnection } from './rtsp-connection.ts'
import { SimulatedStream } from './simulated-stream.ts'
import { audioTrack, type Track, videoTrack } from './tracks.ts'

export type StreamName = 'main' | 'sub'

export interface CameraOptions {
  /** In every stamp; no spaces. */
  readonly name?: string
  /** 0: any free port. */
  readonly port?: number
  readonly main?: Partial<VideoSpec>
  /** null: the camera has no sub stream. */
  readonly sub?: Partial<VideoSpec> | null
  /** A tone beside the main stream. */
  readonly audio?: 'aac' | 'pcm_alaw'
  readonly auth?: AuthOptions
  /** Where in the loop it starts: cameras of one wall should not all see the visitor at once. */
  readonly phaseS?: number
  readonly parameterSets?: 'sdp' | 'band' | 'both'
  readonly control?: 'relative' | 'absolute'
  readonly packetBytes?: number
  readonly sessionTimeoutS?: number
}

const mainSpec: VideoSpec = {
  codec: 'h264',
  width: 1280,
  height: 720,
  fps: 25,
  seconds: 20,
  variant: 0,
  gopFrames: 50,
  kbitPerS: 2000,
}
const subSpec: VideoSpec = { ...mainSpec, width: 640, height: 360, fps: 10, gopFrames: 20, kbitPerS: 400 }
const noAuth: AuthOptions = { scheme: 'none', username: '', password: '' }

export class SimulatedCamera {
  readonly #o: CameraOptions
  readonly #streams = new Map<string, SimulatedStream>()
  readonly #specs = new Map<string, VideoSpec>()
  readonly #sockets = new Set<Socket>()
  readonly #nonces = new Nonces()
  #server: Server | undefined
  #port = 0
  #auth: AuthOptions
  #garbage: GarbageKind | null = null
  #redirectTo: string | undefined
  #wrapInMs: number | undefined
  #counts = { connections: 0, unauthorized: 0, described: 0, played: 0 }

  private constructor(options: CameraOptions) {
    this.#o = options
    this.#auth = options.auth ?? noAuth
  }

  /** Draws its clips if nobody has before (seconds), and listens. */
  static async open(options: CameraOptions = {}): Promise<SimulatedCamera> {
    const camera = new SimulatedCamera(options)
    const startedMs = performance.now()
    await camera.#openStream('main', { ...mainSpec, ...options.main }, startedMs)
    if (options.sub !== null) {
      const variant = options.main?.variant ?? 0
      await camera.#openStream('sub', { ...subSpec, variant, ...options.sub }, startedMs)
    }
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
  spec(stream: StreamName): VideoSpec | undefined {
    return this.#specs.get(stream)
  }
  /** Since it was opened; `connected` and `receivers` are now. */
  counts() {
    const streams = [...this.#streams.values()]
    return {
      ...this.#counts,
      connected: this.#sockets.size,
      receivers: streams.reduce((sum, stream) => sum + stream.receivers, 0),
      framesSent: streams.reduce((sum, stream) => sum + stream.framesSent, 0),
    }
  }

  async close(): Promise<void> {
    await this.#stopListening()
    for (const stream of this.#streams.values()) stream.close()
  }

  /** Does something wrong, or `heal`s; resolves when it is done. */
  async apply(input: FaultInput): Promise<void> {
    const fault = faultSchema.parse(input)
    const streams = 'stream' in fault && fault.stream ? [this.#stream(fault.stream)] : [...this.#streams.values()]
    switch (fault.do) {
      case 'drop':
        return this.#dropAll()
      case 'refuse':
        return fault.on ? this.#stopListening() : this.#listen(this.#port)
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
        for (const name of this.#names(fault.stream)) this.#inflate(name, fault.mbitPerS)
        return
      case 'switch': {
        for (const name of this.#names(fault.stream ?? 'main')) await this.#switch(name, fault)
        return
      }
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
    this.#auth = this.#o.auth ?? noAuth
    for (const { faults } of this.#streams.values()) {
      Object.assign(faults, { frozen: false, muteReports: false, clockOffsetMs: 0, loss: 0, filler: emptyRun })
    }
    if (wasGarbage) this.#dropAll()
    await this.#listen(this.#port)
  }

  #names(stream: StreamName | undefined): string[] {
    return stream ? [stream] : [...this.#streams.keys()]
  }
  #stream(name: string): SimulatedStream {
    const stream = this.#streams.get(name)
    if (!stream) throw new Error(`this camera has no ${name} stream`)
    return stream
  }

  async #openStream(name: StreamName, spec: VideoSpec, startedMs: number): Promise<void> {
    this.#specs.set(name, spec)
    const firstUnit = -Math.round((this.#o.phaseS ?? 0) * spec.fps)
    const tracks = [await this.#video(name, spec, firstUnit)]
    if (name === 'main' && this.#o.audio) tracks.push(audioTrack(await openAudioClip(this.#o.audio)))
    this.#streams.set(name, new SimulatedStream(tracks, startedMs))
  }

  async #video(name: string, spec: VideoSpec, firstUnit: number): Promise<Track> {
    const { name: camera = 'cam', packetBytes = 1400, parameterSets = 'both' } = this.#o
    return videoTrack(await openClip(spec), { camera, stream: name, packetBytes, parameterSets, firstUnit })
  }

  async #switch(name: string, change: Extract<Fault, { do: 'switch' }>): Promise<void> {
    const stream = this.#stream(name)
    const old = this.#specs.get(name) ?? mainSpec
    const { codec = old.codec, width = old.width, height = old.height, fps = old.fps } = change
    const spec: VideoSpec = { ...old, codec, width, height, fps }
    this.#specs.set(name, spec)
    await openClip(spec)
    const firstUnit = stream.nextUnit(spec.fps)
    stream.replaceTracks([await this.#video(name, spec, firstUnit), ...stream.tracks.slice(1)])
    if (codec !== old.codec) this.#dropAll() // What was described is no longer true: cameras hang up then.
  }

  #inflate(name: string, mbitPerS: number): void {
    const { codec = 'h264', fps = 25, kbitPerS = 0 } = this.#specs.get(name) ?? {}
    const bytes = Math.round(((mbitPerS * 1000 - kbitPerS) * 125) / fps)
    if (codec === 'mjpeg') throw new Error('no filler in JPEG')
    const head = codec === 'h264' ? [12] : [38 << 1, 1]
    const unit = Buffer.concat([Buffer.from(head), Buffer.alloc(Math.max(0, bytes), 0xff), Buffer.from([0x80])])
    this.#stream(name).faults.filler = bytes > 0 ? runOf(nalPayloads(codec, unit, 1400)) : emptyRun
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
      streams: this.#streams,
      nonces: this.#nonces,
      control: this.#o.control ?? 'relative',
      sessionTimeoutS: this.#o.sessionTimeoutS ?? 60,
      get auth() {
        return camera.#auth
      },
      get redirectTo() {
        return camera.#redirectTo
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
