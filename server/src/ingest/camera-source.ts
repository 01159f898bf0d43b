/**
 * One stream of one camera, held for as long as the camera is configured: one connection, however many receivers.
 *
 * In:        an RTSP session, opened again and again. Out: packets on `bus`, states, measured facts.
 * Not here:  the protocol (rtsp/), what is done with packets (record/, live/, vision/).
 * Invariant: whatever this camera does (silence, garbage, floods) ends its session with a sentence for people, and touches no other.
 */
import type { StreamFacts } from '@vedette/shared/camera.ts'
import { AppError } from '../lib/app-error.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { AudioFormat, Packet, VideoFormat } from '../lib/packet.ts'
import type { CaptureClock } from '../rtsp/capture-clock.ts'
import { openCaptureClock } from './capture-clock.ts'
import { type ConnectionState, keepConnected } from './keep-connected.ts'
import { PacketBus } from './packet-bus.ts'
import { RateLimit } from './rate-limit.ts'
import { StreamMeter } from './stream-meter.ts'
import type { WallClock } from './wall-clock.ts'

/** A connection that plays. */
export interface Session {
  /** Settles when the connection is over, at the latest when the signal of `openSession` aborts; rejects with the reason. */
  readonly ended: Promise<void>
  /** Since the session began. */
  readonly packetsLost: number
  readonly bytesReceived: number
  close(): Promise<void>
}

export interface SessionHandlers {
  readonly onPacket: (packet: Packet) => void
  readonly captureClock: CaptureClock
}

/** Connects and plays; rejects with an AppError camera_*, or when `signal` aborts. */
export type OpenSession = (handlers: SessionHandlers, signal: AbortSignal) => Promise<Session>

export interface CameraSourceOptions {
  readonly openSession: OpenSession
  readonly clock: Clock
  readonly wall: WallClock
  readonly log: Log
  readonly onState: (state: ConnectionState) => void
  /** Pre-roll: how much of the past the bus keeps, beside the current GOP. */
  readonly keepMs: number
  readonly maxMbitPerS?: number
}

const stallMs = 10_000
/** From the first byte of a connection to the first picture: a handshake, and a GOP of a camera that has long ones. */
const firstPictureMs = 20_000
const watchEveryMs = 1000

export class CameraSource {
  readonly bus: PacketBus
  readonly #o: CameraSourceOptions
  readonly #meter = new StreamMeter()
  readonly #ending = new AbortController()
  #running: Promise<void> | undefined
  #state: ConnectionState
  #session: Session | undefined
  #lostBefore = 0
  #clockOffsetMs: () => number | null = () => null
  #lastFrameMs: number | undefined

  constructor(options: CameraSourceOptions) {
    this.#o = options
    this.bus = new PacketBus(options.clock, { keepMs: options.keepMs })
    this.#state = { state: 'connecting', sinceMs: options.clock.nowMs(), problem: null, nextTryMs: null }
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
    const packetsLost = this.#lostBefore + (this.#session?.packetsLost ?? 0)
    return measured && { ...measured, packetsLost, framesDropped: this.bus.counters().droppedFrames }
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
    this.#lastFrameMs = undefined
    const playing = this.#play(either, online)
    const watching = this.#watch(either)
    try {
      await Promise.race([playing, watching])
      throw new AppError('camera_unreachable', 'The camera ended the connection.')
    } finally {
      attempt.abort()
      await Promise.allSettled([playing, watching]) // Never two connections to one stream.
      this.bus.interrupt()
    }
  }

  async #play(signal: AbortSignal, online: () => void): Promise<void> {
    const captureClock = openCaptureClock(this.#o.wall)
    const { clock } = this.#o
    this.#clockOffsetMs = captureClock.clockOffsetMs
    this.#meter.restart()
    const onPacket = (packet: Packet) => {
      if (signal.aborted) return
      const nowMs = clock.monotonicMs()
      this.#meter.add(packet, nowMs)
      if (packet.format.kind === 'video') {
        this.#lastFrameMs = nowMs
        if (packet.isKey) online()
      }
      this.bus.publish(packet)
    }
    const session = await this.#o.openSession({ onPacket, captureClock }, signal)
    this.#session = session
    try {
      await session.ended
    } finally {
      this.#lostBefore += session.packetsLost
      this.#session = undefined
      await session.close()
    }
  }

  /** Throws when no picture comes, or too much of anything. */
  async #watch(signal: AbortSignal): Promise<void> {
    const { clock, maxMbitPerS = 200 } = this.#o
    const startedMs = clock.monotonicMs()
    const rate = new RateLimit(maxMbitPerS)
    for (;;) {
      await clock.sleep(watchEveryMs, signal)
      const nowMs = clock.monotonicMs()
      throwIfStalled(startedMs, this.#lastFrameMs, nowMs)
      rate.check(this.#session?.bytesReceived ?? 0, nowMs)
    }
  }
}

function throwIfStalled(startedMs: number, lastFrameMs: number | undefined, nowMs: number): void {
  if (lastFrameMs === undefined && nowMs - startedMs < firstPictureMs) return
  if (lastFrameMs !== undefined && nowMs - lastFrameMs < stallMs) return
  throw new AppError(
    'camera_stalled',
    lastFrameMs === undefined
      ? 'The camera answers but sends no picture. Look whether this stream is switched on in the camera.'
      : `The camera is connected but has sent no picture for ${stallMs / 1000} s. If this goes on, restart the camera.`,
  )
}
