/**
 * Hands one stream's packets to the recorder, live feeds and vision without waiting for any of them.
 *
 * In:        packets in decode order (publish). Out: subscriptions (bounded queues) and taps (calls).
 * Not here:  connections and their states (camera-source.ts), what a slow receiver loses (subscription.ts).
 * Invariant: publish returns at once, whatever the receivers do. docs/design/packet-bus.md
 */
import type { Clock } from '../lib/clock.ts'
import type { Packet } from '../lib/packet.ts'
import { isVideoKey, PacketRing, type RingLimits } from './packet-ring.ts'
import { Subscription } from './subscription.ts'

/** 'now': from the next key frame. 'last-key': the current GOP first. msAgo: from a key frame at least so long ago, if there is one. */
export type StartAt = 'now' | 'last-key' | { readonly msAgo: number }

export interface SubscribeOptions {
  /** For logs and counters. */
  readonly name: string
  readonly maxBytes: number
  readonly maxPackets?: number
  readonly startAt?: StartAt
  /** Aborting ends the iteration. */
  readonly signal?: AbortSignal
}

const defaultLimits: RingLimits = { keepMs: 5000, keepBytes: 64 * 1024 * 1024, keepPackets: 20_000 }
const defaultMaxPackets = 2000

export class PacketBus {
  readonly #clock: Clock
  readonly #ring: PacketRing
  readonly #subscriptions = new Set<Subscription>()
  /** Taps, and whether each still waits for a key frame. */
  readonly #taps = new Map<(packet: Packet) => void, boolean>()
  #droppedFrames = 0
  #isClosed = false

  constructor(clock: Clock, limits: Partial<RingLimits> = {}) {
    this.#clock = clock
    this.#ring = new PacketRing({ ...defaultLimits, ...limits })
  }

  /** How much of the past is kept from now on. */
  keep(keepMs: number): void {
    this.#ring.keep(keepMs)
  }

  publish(packet: Packet): void {
    if (this.#isClosed) return
    this.#ring.add(packet, this.#clock.monotonicMs())
    for (const [tap, waits] of this.#taps) {
      if (waits && !isVideoKey(packet)) continue
      if (waits) this.#taps.set(tap, false)
      tap(packet)
    }
    for (const subscription of this.#subscriptions) subscription.push(packet)
  }

  /** A queue of its own for a receiver that takes its time; ends with the bus. */
  subscribe(options: SubscribeOptions): Subscription {
    const { name, maxBytes, maxPackets = defaultMaxPackets, signal } = options
    const subscription = new Subscription(name, { maxBytes, maxPackets }, (closed) => {
      this.#subscriptions.delete(closed)
      this.#droppedFrames += closed.droppedFrames
      signal?.removeEventListener('abort', close)
    })
    const close = () => subscription.close()
    this.#subscriptions.add(subscription)
    for (const packet of this.#past(options.startAt ?? 'now')) subscription.push(packet)
    if (!this.#ring.isOpen) subscription.interrupt()
    signal?.addEventListener('abort', close, { once: true })
    if (this.#isClosed || signal?.aborted) close()
    return subscription
  }

  /** Calls `tap` for each packet, inside publish: it must be quick, keep its own bounds and not throw. Gives the way to end it. */
  tap(tap: (packet: Packet) => void, startAt: StartAt = 'now'): () => void {
    const past = this.#past(startAt)
    this.#taps.set(tap, past.length === 0 || !this.#ring.isOpen)
    for (const packet of past) tap(packet)
    return () => void this.#taps.delete(tap)
  }

  /** The connection was lost: the next packet continues nothing. What was kept stays for pre-roll. */
  interrupt(): void {
    this.#ring.interrupt()
    for (const subscription of this.#subscriptions) subscription.interrupt()
    for (const tap of this.#taps.keys()) this.#taps.set(tap, true)
  }

  /** Lets go of what is kept, for instance because its times became wrong. */
  forget(): void {
    this.#ring.clear()
  }

  /** Receivers get what is queued and then the end. */
  close(): void {
    this.#isClosed = true
    this.#taps.clear()
    this.#ring.clear()
    for (const subscription of this.#subscriptions) subscription.finish()
  }

  /** Now, but droppedFrames: since the bus was opened, over all receivers. */
  counters() {
    const open = [...this.#subscriptions]
    return {
      keptBytes: this.#ring.bytes,
      keptPackets: this.#ring.packets,
      queuedBytes: open.reduce((sum, subscription) => sum + subscription.queuedBytes, 0),
      receivers: open.length + this.#taps.size,
      droppedFrames: open.reduce((sum, subscription) => sum + subscription.droppedFrames, this.#droppedFrames),
    }
  }

  #past(startAt: StartAt): readonly Packet[] {
    if (startAt === 'now') return []
    if (startAt === 'last-key') return this.#ring.lastGop()
    return this.#ring.since(startAt.msAgo, this.#clock.monotonicMs())
  }
}
