/**
 * One receiver's bounded queue on a packet bus.
 *
 * In:        packets from the bus, which never waits. Out: an async iterable of packets, beginning at a key frame.
 * Invariant: never holds more than `maxBytes` or `maxPackets`. What does not fit costs whole GOPs, the oldest first, up to
 *            the next key frame; so a slow receiver gets what is new, can always decode it, and can read what it lost.
 */
import type { Packet } from '../lib/packet.ts'
import { isVideoKey } from './packet-ring.ts'

export interface QueueLimits {
  readonly maxBytes: number
  readonly maxPackets: number
}

type Result = IteratorResult<Packet, undefined>
const done: Result = { done: true, value: undefined }

export class Subscription implements AsyncIterableIterator<Packet, undefined> {
  readonly name: string
  readonly #limits: QueueLimits
  readonly #onClose: (subscription: Subscription) => void
  #queue: Packet[] = []
  #bytes = 0
  #waitsForKey = true
  #hasBegun = false
  #isClosed = false
  #isFinished = false
  #wake: ((result: Result) => void) | undefined
  #droppedFrames = 0
  #droppedTimes = 0

  constructor(name: string, limits: QueueLimits, onClose: (subscription: Subscription) => void) {
    this.name = name
    this.#limits = limits
    this.#onClose = onClose
  }

  /** Video frames lost since the first one that was queued. */
  get droppedFrames(): number {
    return this.#droppedFrames
  }
  /** How often the queue overflowed. */
  get droppedTimes(): number {
    return this.#droppedTimes
  }
  get queuedBytes(): number {
    return this.#bytes
  }
  get queuedPackets(): number {
    return this.#queue.length
  }

  /** For the bus only. */
  push(packet: Packet): void {
    if (this.#isFinished || this.#isClosed) return
    if (this.#waitsForKey && !isVideoKey(packet)) {
      this.#countDropped(packet)
      return
    }
    this.#waitsForKey = false
    this.#hasBegun = true
    if (this.#wake) {
      const wake = this.#wake
      this.#wake = undefined
      wake({ done: false, value: packet })
      return
    }
    this.#queue.push(packet)
    this.#bytes += packet.data.length
    if (this.#isOver()) this.#drop()
  }

  /** The stream was interrupted: what comes next begins at a key frame and nothing was lost here. */
  interrupt(): void {
    this.#waitsForKey = true
    this.#hasBegun = false
  }

  /** The stream is over: the receiver gets what is queued and then the end. */
  finish(): void {
    this.#isFinished = true
    if (this.#queue.length === 0) this.close()
  }

  /** Ends the iteration and lets go of what is queued. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#queue = []
    this.#bytes = 0
    this.#wake?.(done)
    this.#wake = undefined
    this.#onClose(this)
  }

  /** One at a time: a second next() while one waits would be a bug of the receiver. */
  async next(): Promise<Result> {
    if (this.#isClosed) return done
    const packet = this.#queue.shift()
    if (!packet) {
      if (this.#wake) throw new Error(`${this.name}: next() while another waits`)
      return new Promise((resolve) => {
        this.#wake = resolve
      })
    }
    this.#bytes -= packet.data.length
    if (this.#isFinished && this.#queue.length === 0) this.close()
    return { done: false, value: packet }
  }

  /** Called when a `for await` is left. */
  async return(): Promise<Result> {
    this.close()
    return done
  }

  [Symbol.asyncIterator](): this {
    return this
  }
  async [Symbol.asyncDispose](): Promise<void> {
    this.close()
  }

  #isOver(): boolean {
    return this.#bytes > this.#limits.maxBytes || this.#queue.length > this.#limits.maxPackets
  }

  #drop(): void {
    this.#droppedTimes += 1
    while (this.#isOver()) {
      const nextKey = this.#queue.findIndex((packet, i) => i > 0 && isVideoKey(packet))
      const lost = this.#queue.splice(0, nextKey < 0 ? this.#queue.length : nextKey)
      for (const packet of lost) {
        this.#bytes -= packet.data.length
        this.#countDropped(packet)
      }
      if (nextKey < 0) this.#waitsForKey = true
    }
  }

  #countDropped(packet: Packet): void {
    if (this.#hasBegun && packet.format.kind === 'video') this.#droppedFrames += 1
  }
}
