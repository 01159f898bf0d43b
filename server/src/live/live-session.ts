/**
 * One viewer of one stream: a bounded queue in front of a socket.
 *
 * In:        metadata and frames from the hub, clock questions from the client.
 * Out:       bytes in the form of shared/live-frame.ts.
 * Not here:  who may watch (live-routes.ts), where frames come from (live-hub.ts).
 * Invariant: what follows a format or a drop begins with a key frame; a slow viewer costs at most the queue's bound and
 *            delays nobody (docs/design/live.md).
 */
import type { LiveMetadata } from '@vedette/shared/live.ts'
import { liveClose, liveMaxClientBytes, liveType, readLiveFrame } from '@vedette/shared/live-frame.ts'
import type { Clock } from '../lib/clock.ts'
import { clockBytes, type LiveUnit, metadataBytes } from './live-unit.ts'

/** What the session needs of a WebSocket; tests pass a fake with a slow reader. */
export interface LiveSocket {
  /** Bytes given to send() that the network has not taken yet. */
  readonly bufferedAmount: number
  /** `onSent` is called when the bytes are with the operating system. */
  send(bytes: Buffer, onSent: () => void): void
  ping(): void
  close(code: number, reason: string): void
  /** Ends the connection without waiting for the other side. */
  terminate(): void
}

export interface LiveLimits {
  /** The socket is handed more only while it holds less than this. */
  readonly socketBytes: number
  readonly queueBytes: number
  readonly queueFrames: number
  /** The oldest waiting frame may be this late; then the queue is given up for fresher pictures. */
  readonly lateMs: number
  /** Nothing sent for so long although frames wait: closed. */
  readonly stuckMs: number
  /** Nothing heard for so long, not even the answer to a ping: closed. */
  readonly silentMs: number
  readonly messagesPerS: number
}
export const liveLimits: LiveLimits = {
  socketBytes: 128 * 1024,
  queueBytes: 16 * 1024 * 1024,
  queueFrames: 500,
  lateMs: 2000,
  stuckMs: 10_000,
  silentMs: 30_000,
  messagesPerS: 10,
}

interface Waiting {
  readonly bytes: Buffer
  readonly kind: 'video' | 'audio' | 'metadata'
  readonly isKey: boolean
  readonly sinceMs: number
  /** Dropped frames that this message tells of. */
  readonly tells: number
}

export interface LiveSessionOptions {
  readonly socket: LiveSocket
  readonly clock: Clock
  /** Whether this viewer has the audio right. */
  readonly withAudio: boolean
  readonly limits?: LiveLimits
  /** Called once, however the session ends. */
  readonly onClosed?: () => void
}

export class LiveSession {
  readonly #options: LiveSessionOptions
  readonly #limits: LiveLimits
  #queue: Waiting[] = []
  #queuedBytes = 0
  #waitsForKey = true
  #hasPicture = false
  /** Frames dropped that the viewer has not been told of. */
  #untold = 0
  #dropped = 0
  #progressMs: number
  #heardMs: number
  #tokens: number
  #tokensMs: number
  #isClosed = false

  constructor(options: LiveSessionOptions) {
    this.#options = options
    this.#limits = options.limits ?? liveLimits
    const nowMs = options.clock.monotonicMs()
    this.#progressMs = this.#heardMs = this.#tokensMs = nowMs
    this.#tokens = this.#limits.messagesPerS * 2
  }

  /** Frames that this viewer did not get, in all. */
  get dropped(): number {
    return this.#dropped
  }
  get queuedBytes(): number {
    return this.#queuedBytes
  }

  tell(metadata: LiveMetadata): void {
    if (this.#isClosed) return
    // Where something moves is true for a moment only: not worth a place in a queue.
    if (metadata.kind === 'motion' && this.#queue.length > 0) return
    if (metadata.kind === 'format') this.#waitsForKey = true
    const shown = metadata.kind === 'format' && !this.#options.withAudio ? withoutAudio(metadata) : metadata
    const { clock } = this.#options
    const bytes = metadataBytes(shown, clock.nowMs())
    this.#enqueue({ bytes, kind: 'metadata', isKey: false, sinceMs: clock.monotonicMs(), tells: 0 })
  }

  push(unit: LiveUnit): void {
    if (this.#isClosed) return
    if (unit.kind === 'audio' && !this.#options.withAudio) return
    if (this.#waitsForKey && !(unit.kind === 'video' && unit.isKey)) {
      if (unit.kind === 'video' && this.#hasPicture) this.#countDropped(1)
      return
    }
    if (this.#waitsForKey) for (const message of this.#untoldMessage()) this.#enqueue(message)
    this.#waitsForKey = false
    this.#hasPicture = true
    const isKey = unit.kind === 'video' && unit.isKey
    this.#enqueue({ bytes: unit.bytes, kind: unit.kind, isKey, sinceMs: this.#options.clock.monotonicMs(), tells: 0 })
  }

  /** Frames lost before they reached this session; told with the next key frame. */
  lost(frames: number): void {
    this.#countDropped(frames)
    this.#waitsForKey = true
  }

  receive(bytes: Uint8Array): void {
    if (this.#isClosed) return
    this.heard()
    const message = bytes.length > liveMaxClientBytes ? undefined : readLiveFrame(bytes)
    if (bytes.length > liveMaxClientBytes) this.close(liveClose.tooLarge, 'message too large')
    else if (message?.type !== liveType.clock || message.payload.length > 0)
      this.close(liveClose.badMessage, 'not a clock message')
    else if (!this.#takeToken()) this.close(liveClose.badMessage, 'too many messages')
    else this.#answerClock(message.captureS)
  }

  /** A ping or pong of the client: a sign of life, as long as there are not too many (each ping costs an answer). */
  control(): void {
    if (this.#isClosed) return
    this.heard()
    if (!this.#takeToken()) this.close(liveClose.badMessage, 'too many messages')
  }

  /** A sign of life from the client. */
  heard(): void {
    this.#heardMs = this.#options.clock.monotonicMs()
  }

  /** To be called about once a second: ends sessions whose other side takes nothing or is gone. */
  checkHealth(): void {
    if (this.#isClosed) return
    const nowMs = this.#options.clock.monotonicMs()
    if (this.#queue.length === 0 && this.#options.socket.bufferedAmount === 0) this.#progressMs = nowMs
    if (nowMs - this.#progressMs > this.#limits.stuckMs || nowMs - this.#heardMs > this.#limits.silentMs) {
      this.close(liveClose.tooSlow, 'too slow')
      // A client that takes nothing does not take the close either.
      this.#options.socket.terminate()
      return
    }
    if (nowMs - this.#heardMs > this.#limits.silentMs / 3) this.#options.socket.ping()
  }

  /** May be called twice; the first code counts. */
  close(code: number, reason: string): void {
    if (this.#isClosed) return
    this.ended()
    this.#options.socket.close(code, reason)
  }

  /** The socket is gone. */
  ended(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#queue = []
    this.#queuedBytes = 0
    this.#options.onClosed?.()
  }

  /** Past the queue, so that the answer measures the network and not our backlog. */
  #answerClock(clientS: number): void {
    const { socket, clock } = this.#options
    if (socket.bufferedAmount < this.#limits.socketBytes)
      socket.send(clockBytes(clock.nowMs(), clientS), () => this.#onSent())
  }

  #enqueue(waiting: Waiting): void {
    if (this.#queue.length === 0 && this.#options.socket.bufferedAmount === 0) this.#progressMs = waiting.sinceMs
    this.#queue.push(waiting)
    this.#queuedBytes += waiting.bytes.length
    if (this.#isTooMuch()) this.#dropToKey()
    this.#pump()
  }

  #isTooMuch(): boolean {
    const { queueFrames, queueBytes, lateMs } = this.#limits
    if (this.#queue.length > queueFrames || this.#queuedBytes > queueBytes) return true
    const oldest = this.#queue.find(isMedia)
    return oldest !== undefined && this.#options.clock.monotonicMs() - oldest.sinceMs > lateMs
  }

  /** Gives the waiting frames up: goes on at the newest key frame that has waiting frames before it, or at the next one to come. */
  #dropToKey(): void {
    const key = this.#queue.findLastIndex((waiting) => waiting.isKey)
    const from = key > this.#queue.findIndex(isMedia) ? key : this.#queue.length
    const rest = this.#queue.slice(from)
    const given = this.#queue.slice(0, from)
    this.#countDropped(given.filter((waiting) => waiting.kind === 'video').length)
    this.#untold += given.reduce((sum, waiting) => sum + waiting.tells, 0)
    if (rest.length === 0) this.#waitsForKey = true
    // Formats and states are few; more than these only gather in front of a viewer who is lost anyway.
    this.#queue = given.filter((waiting) => !isMedia(waiting) && waiting.tells === 0).slice(-32)
    if (rest.length > 0) this.#queue.push(...this.#untoldMessage(), ...rest)
    this.#queuedBytes = this.#queue.reduce((sum, waiting) => sum + waiting.bytes.length, 0)
  }

  #countDropped(frames: number): void {
    this.#untold += frames
    this.#dropped += frames
  }

  /** The message about dropped frames, where there are any to tell of. */
  #untoldMessage(): Waiting[] {
    const tells = this.#untold
    if (tells === 0) return []
    this.#untold = 0
    const { clock } = this.#options
    const bytes = metadataBytes({ kind: 'dropped', frames: tells }, clock.nowMs())
    return [{ bytes, kind: 'metadata', isKey: false, sinceMs: clock.monotonicMs(), tells }]
  }

  #pump(): void {
    const { socket } = this.#options
    while (!this.#isClosed && socket.bufferedAmount < this.#limits.socketBytes) {
      const next = this.#queue.shift()
      if (!next) return
      this.#queuedBytes -= next.bytes.length
      socket.send(next.bytes, () => this.#onSent())
    }
  }

  #onSent(): void {
    this.#progressMs = this.#options.clock.monotonicMs()
    this.#pump()
  }

  #takeToken(): boolean {
    const nowMs = this.#options.clock.monotonicMs()
    const { messagesPerS } = this.#limits
    this.#tokens = Math.min(messagesPerS * 2, this.#tokens + ((nowMs - this.#tokensMs) / 1000) * messagesPerS)
    this.#tokensMs = nowMs
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }
}

const isMedia = (waiting: Waiting) => waiting.kind !== 'metadata'

function withoutAudio(format: Extract<LiveMetadata, { kind: 'format' }>): LiveMetadata {
  const { audio: _, ...rest } = format
  return { ...rest, audioCodec: null }
}
