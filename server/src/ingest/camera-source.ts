/**
 * One stream of one camera, held for as long as the camera is configured: one connection, however many receivers.
 *
 * In:        an RTSP session, opened again and again. Out: packets on `bus`, states, measured facts.
 * Not here:  the protocol (rtsp/), what is done with packets (record/, live/, vision/).
 * Invariant: whatever this camera does ends at most its session, with a sentence for people, and touches no other.
 */
import type { StreamFacts } from '@vedette/shared/camera.ts'
import { AppError } from '../lib/app-error.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { AudioFormat, Packet, VideoFormat } from '../lib/packet.ts'
import type { CaptureClock } from '../rtsp/capture-clock.ts'
import { openCaptureClock } from './capture-clock.ts'
import { FloodGuard } from './flood-guard.ts'
import { type ConnectionState, keepConnected } from './keep-connected.ts'
import { PacketBus } from './packet-bus.ts'
import { isVideoKey } from './packet-ring.ts'
import { StreamMeter } from './stream-meter.ts'
import type { WallClock } from './wall-clock.ts'

/** A connection that plays; rtsp/ RtspSession is one. It watches for silence and floods itself. */
export interface Session {
  /** Resolves with the reason when it is over, at the latest when the signal of `openSession` aborts. */
  readonly ended: Promise<AppError | undefined>
  facts(): { readonly rtpLost: number; readonly nextRun: number }
  /** See RtspSession. */
  setReadEvery(ms: number): void
  close(): Promise<void>
}

export interface SessionStart {
  readonly onPacket: (packet: Packet) => void
  /** The sound that the camera announced, before any packet. */
  readonly onOfferedAudio: (format: AudioFormat | undefined) => void
  readonly captureClock: CaptureClock
  /** Larger than any run so far. */
  readonly firstRun: number
}

/** Connects and plays; rejects with an AppError camera_*, or when `signal` aborts. */
export type OpenSession = (start: SessionStart, signal: AbortSignal) => Promise<Session>

export interface CameraSourceOptions {
  readonly openSession: OpenSession
  readonly clock: Clock
  readonly wall: WallClock
  readonly log: Log
  readonly onState: (state: ConnectionState) => void
  /** Pre-roll: how much of the past the bus keeps, beside the current GOP. */
  readonly keepMs: number
}

/** Cameras that save bits by rare key frames send one every 10 or 20 s. */
const firstKeyMs = 60_000

export class CameraSource {
  readonly bus: PacketBus
  readonly #o: CameraSourceOptions
  readonly #meter = new StreamMeter()
  readonly #ending = new AbortController()
  #running: Promise<void> | undefined
  #state: ConnectionState
  #session: Session | undefined
  #offeredAudio: AudioFormat | undefined
  #lostBefore = 0
  #firstRun = 0
  #readEveryMs = 0
  #clockOffsetMs: () => number | null = () => null
  #keys = 0
  #wallSteps: number

  constructor(options: CameraSourceOptions) {
    this.#o = options
    this.#wallSteps = options.wall.steps
    this.bus = new PacketBus(options.clock, { keepMs: options.keepMs })
    this.#state = { state: 'connecting', sinceMs: options.clock.nowMs(), problem: null, code: null, nextTryMs: null }
  }

  /** Begins to connect; errors become states. Once. */
  start(): void {
    const { clock, log } = this.#o
    this.#running ??= keepConnected({
      attempt: (signal, online) => this.#attempt(signal, online),
      clock,
      log,
      signal: this.#ending.signal,
      onState: (state) => {
        this.#state = state
        this.#o.onState(state)
      },
    })
  }

  get state(): ConnectionState {
    return this.#state
  }
  /** undefined before the first picture. */
  get videoFormat(): VideoFormat | undefined {
    return this.#meter.videoFormat
  }
  /** Announced by the camera; perhaps nothing of it has come yet. */
  get offeredAudio(): AudioFormat | undefined {
    return this.#offeredAudio
  }
  get audioFormat(): AudioFormat | undefined {
    return this.#meter.audioFormat
  }
  /** Camera's clock minus ours; null where it does not tell. */
  get clockOffsetMs(): number | null {
    return this.#clockOffsetMs()
  }
  /** null before the first picture. Counts are since the source was made, rates those of the last five seconds. */
  facts(): StreamFacts | null {
    const measured = this.#meter.facts(this.#o.clock.monotonicMs())
    const packetsLost = this.#lostBefore + (this.#session?.facts().rtpLost ?? 0)
    return measured && { ...measured, packetsLost, framesDropped: this.bus.counters().droppedFrames }
  }

  /** How long bytes may wait to be read together, now and in later sessions: 0 while somebody watches live. */
  setReadEvery(ms: number): void {
    this.#readEveryMs = ms
    this.#session?.setReadEvery(ms)
  }

  /** Ends the connection, then the bus. */
  async close(): Promise<void> {
    this.#ending.abort()
    await this.#running
    this.bus.close()
  }

  async #attempt(signal: AbortSignal, online: () => void): Promise<void> {
    const attempt = new AbortController()
    const either = AbortSignal.any([signal, attempt.signal])
    const flooded = Promise.withResolvers<never>()
    const playing = this.#play(either, online, () => flooded.reject(flood()))
    const keyFrame = this.#awaitKeyFrame(either)
    try {
      await Promise.race([playing, keyFrame.then(() => playing), flooded.promise])
    } finally {
      attempt.abort()
      await Promise.allSettled([playing, keyFrame]) // Never two connections to one stream.
      this.bus.interrupt()
    }
  }

  /** Throws when the session is over, for whatever reason. */
  async #play(signal: AbortSignal, online: () => void, onFlood: () => void): Promise<never> {
    const captureClock = openCaptureClock(this.#o.wall)
    this.#clockOffsetMs = captureClock.clockOffsetMs
    this.#meter.restart()
    const guard = new FloodGuard()
    const onPacket = (packet: Packet) => {
      if (guard.count(this.#o.clock.monotonicMs())) onFlood()
      else if (!signal.aborted) this.#take(packet, online)
    }
    const onOfferedAudio = (format: AudioFormat | undefined) => {
      this.#offeredAudio = format
    }
    const start = { onPacket, onOfferedAudio, captureClock, firstRun: this.#firstRun }
    const session = await this.#o.openSession(start, signal)
    this.#session = session
    session.setReadEvery(this.#readEveryMs)
    try {
      throw (await session.ended) ?? new AppError('camera_unreachable', 'The camera ended the connection.')
    } finally {
      const { rtpLost, nextRun } = session.facts()
      this.#lostBefore += rtpLost
      this.#firstRun = nextRun
      this.#session = undefined
      await session.close()
    }
  }

  #take(packet: Packet, online: () => void): void {
    const { clock, wall } = this.#o
    const nowMs = clock.monotonicMs()
    if (wall.steps !== this.#wallSteps) this.bus.forget() // Pre-roll in the old time would be footage of the wrong hour.
    this.#wallSteps = wall.steps
    this.#meter.add(packet, nowMs)
    if (isVideoKey(packet)) {
      this.#keys += 1
      online()
    }
    this.bus.publish(packet)
  }

  /** Pictures that nobody can begin with are recorded nowhere, and look like a camera that is about to come. */
  async #awaitKeyFrame(signal: AbortSignal): Promise<void> {
    const keysBefore = this.#keys
    await this.#o.clock.sleep(firstKeyMs, signal)
    if (this.#keys > keysBefore) return
    throw new AppError(
      'camera_unsupported',
      `The camera has sent no key frame for ${firstKeyMs / 1000} s. Set its key frame interval (GOP) to 1–2 s.`,
    )
  }
}

const flood = () =>
  new AppError(
    'camera_unsupported',
    'The camera sends thousands of pictures a second, which no camera does. Check its settings, or take it off the network.',
  )
