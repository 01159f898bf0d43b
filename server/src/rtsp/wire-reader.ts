/**
 * Takes the byte stream of one RTSP connection apart: interleaved frames (`$`, RFC 2326 10.12) and messages between
 * them. Owns the buffer that the socket reads into; an incomplete rest is moved to its beginning, so every frame lies
 * in one piece and is handed on without a copy.
 *
 * Limits:  a head of 16 kB, a body of 64 kB, 64 kB of garbage in a row, 4 MB in a row on channels that nobody set up.
 * Not here: what a channel means. Frames passed to `onFrame` are valid only during the call.
 */
import { AppError } from '../lib/app-error.ts'
import { u16 } from './bytes.ts'
import { maxHeadBytes, notRtsp, type RtspMessage, readHead } from './rtsp-message.ts'

export interface WireHandlers {
  /** False when nobody wants the channel. */
  onFrame(channel: number, bytes: Buffer, start: number, end: number): boolean
  onMessage(message: RtspMessage): void
  /** Whether a `$` at this channel is plausible while looking for the next frame after garbage. */
  knowsChannel(channel: number): boolean
}

const bufferBytes = 128 * 1024
const maxGarbageBytes = 64 * 1024
const maxUnknownBytes = 4 * 1024 * 1024
const dollar = 0x24
const beginnings = ['RTSP/1.', 'OPTIONS ', 'GET_PARAMETER ', 'SET_PARAMETER ', 'ANNOUNCE ', 'TEARDOWN ', 'REDIRECT ']

export class WireReader {
  readonly #handlers: WireHandlers
  readonly #buffer = Buffer.allocUnsafeSlow(bufferBytes)
  /** Bytes at the start of the buffer that wait for more. */
  #waiting = 0
  /** No use in looking before that many bytes are there. */
  #needed = 4
  #garbageBytes = 0
  #unknownBytes = 0
  /** Up to where the waiting head has been searched for its end. */
  #searched = 0
  /** Before the first frame, what is not a message is not a camera; after it, it is a camera with a fault. */
  #sawFrame = false

  constructor(handlers: WireHandlers) {
    this.#handlers = handlers
  }

  /** Where the socket puts its next bytes. */
  space(): Buffer {
    return this.#waiting === 0 ? this.#buffer : this.#buffer.subarray(this.#waiting)
  }

  /** Bytes that fit into space(). */
  get roomBytes(): number {
    return bufferBytes - this.#waiting
  }

  /** `count` bytes were put into space(). Throws only AppError; the connection is of no use afterwards. */
  take(count: number): void {
    const end = this.#waiting + count
    this.#waiting = end
    if (end < this.#needed) return
    const at = this.#readAll(end)
    if (at > 0) this.#buffer.copyWithin(0, at, end)
    this.#waiting = end - at
  }

  /** Returns where the incomplete rest begins. */
  #readAll(end: number): number {
    const buffer = this.#buffer
    let at = 0
    this.#needed = 4
    while (end - at >= 4) {
      const isFrame =
        buffer[at] === dollar && (this.#garbageBytes === 0 || this.#handlers.knowsChannel(buffer[at + 1] ?? 0))
      if (!isFrame) {
        const next = this.#readText(at, end)
        if (next === at) break
        at = next
        continue
      }
      const frameEnd = at + 4 + u16(buffer, at + 2)
      if (frameEnd > end) {
        this.#needed = frameEnd - at
        break
      }
      if (this.#handlers.onFrame(buffer[at + 1] ?? 0, buffer, at + 4, frameEnd)) {
        this.#unknownBytes = 0
        this.#garbageBytes = 0
        this.#sawFrame = true
      } else this.#skipUnknown(frameEnd - at)
      at = frameEnd
    }
    return at
  }

  #skipUnknown(bytes: number): void {
    this.#unknownBytes += bytes
    if (this.#unknownBytes > maxUnknownBytes) {
      throw new AppError('camera_unsupported', 'The camera sends streams that nobody asked for, and nothing else.')
    }
  }

  /** A message or garbage at `at`; returns where it ends, or `at` when more bytes are needed. */
  #readText(at: number, end: number): number {
    const buffer = this.#buffer
    const first = buffer[at]
    if (first === 0x0d || first === 0x0a) return this.#skipGarbage(at, at + 1)
    const start = buffer.toString('latin1', at, Math.min(end, at + 14))
    const isMessage = beginnings.some((text) => text.startsWith(start) || start.startsWith(text))
    if (!isMessage) {
      if (!this.#sawFrame) throw this.#unreadable(start)
      return this.#skipGarbage(at, this.#findNext(at + 1, end))
    }
    const found = findHeadEnd(buffer, at + Math.max(0, this.#searched - 3), end)
    if (found < 0 ? end - at > maxHeadBytes : found - at > maxHeadBytes) throw this.#unreadable(start)
    if (found < 0) {
      this.#searched = end - at
      this.#needed = end - at + 1
      return at
    }
    const head = readHead(buffer.toString('latin1', at, found).trimEnd())
    if (!head) throw this.#unreadable(start)
    const { message, bodyBytes } = head
    if (found + bodyBytes > end) {
      this.#searched = 0
      this.#needed = found + bodyBytes - at
      return at
    }
    this.#searched = 0
    this.#handlers.onMessage({ ...message, body: buffer.toString('latin1', found, found + bodyBytes) })
    return found + bodyBytes
  }

  /** Some cameras drop bytes in the middle of the stream; the next frame or message is looked for. */
  #findNext(from: number, end: number): number {
    for (let at = from; at < end; at++) {
      const byte = this.#buffer[at]
      if (byte === dollar && (at + 1 === end || this.#handlers.knowsChannel(this.#buffer[at + 1] ?? 0))) return at
      if (byte === 0x52 && 'RTSP/1.'.startsWith(this.#buffer.toString('latin1', at, Math.min(end, at + 7)))) return at
    }
    return end
  }

  /** What has sent frames is a camera: connecting anew may help it. */
  #unreadable(first: string): AppError {
    return this.#sawFrame
      ? new AppError('camera_unreachable', 'The camera’s stream became unreadable.')
      : notRtsp(first)
  }

  #skipGarbage(from: number, to: number): number {
    this.#garbageBytes += to - from
    if (this.#garbageBytes > maxGarbageBytes) throw this.#unreadable('')
    return to
  }
}

/** Behind the empty line (CRLF, or LF alone as some cameras write), or -1. */
function findHeadEnd(buffer: Buffer, from: number, end: number): number {
  for (let at = buffer.indexOf(0x0a, from); at >= 0 && at < end; at = buffer.indexOf(0x0a, at + 1)) {
    if (at + 1 < end && buffer[at + 1] === 0x0a) return at + 2
    if (at + 2 < end && buffer[at + 1] === 0x0d && buffer[at + 2] === 0x0a) return at + 3
  }
  return -1
}
