/**
 * The last GOPs of a stream, for pre-roll and for viewers who begin at once.
 *
 * In:        packets in decode order. Out: packets from a key frame on.
 * Invariant: holds the GOPs that began less than `keepMs` ago, the one before them and the current one, but never more than `keepBytes`
 *            or `keepPackets`: then the oldest GOPs go first, and at last the current one (docs/design/packet-bus.md).
 */
import type { Packet } from '../lib/packet.ts'

export interface RingLimits {
  readonly keepMs: number
  readonly keepBytes: number
  readonly keepPackets: number
}

interface Gop {
  readonly startedMs: number
  readonly packets: Packet[]
  bytes: number
}

export const isVideoKey = (packet: Packet) => packet.isKey && packet.format.kind === 'video'

export class PacketRing {
  #limits: RingLimits
  #gops: Gop[] = []
  #bytes = 0
  #packets = 0
  /** False until a key frame begins a GOP, and after an interruption. */
  #isOpen = false

  constructor(limits: RingLimits) {
    this.#limits = limits
  }

  get bytes(): number {
    return this.#bytes
  }
  get packets(): number {
    return this.#packets
  }

  /** Whether the next packet continues what is kept. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Takes effect at the next key frame. */
  keep(keepMs: number): void {
    this.#limits = { ...this.#limits, keepMs }
  }

  add(packet: Packet, monotonicMs: number): void {
    if (isVideoKey(packet)) {
      this.#gops.push({ startedMs: monotonicMs, packets: [], bytes: 0 })
      this.#isOpen = true
      this.#forgetOld(monotonicMs)
    }
    const gop = this.#gops.at(-1)
    if (!gop || !this.#isOpen) return
    gop.packets.push(packet)
    gop.bytes += packet.data.length
    this.#bytes += packet.data.length
    this.#packets += 1
    while (this.#bytes > this.#limits.keepBytes || this.#packets > this.#limits.keepPackets) this.#dropOldest()
  }

  /** What comes next does not continue the current GOP. */
  interrupt(): void {
    this.#isOpen = false
  }
  clear(): void {
    this.#gops = []
    this.#bytes = 0
    this.#packets = 0
    this.#isOpen = false
  }

  /** Everything since the newest key frame that came at least `agoMs` ago (or the oldest there is); empty before the first. */
  since(agoMs: number, monotonicMs: number): Packet[] {
    const newest = this.#gops.findLastIndex((gop) => gop.startedMs <= monotonicMs - agoMs)
    return this.#gops.slice(Math.max(0, newest)).flatMap((gop) => gop.packets)
  }

  /** The current GOP; empty after an interruption. */
  lastGop(): readonly Packet[] {
    return (this.#isOpen && this.#gops.at(-1)?.packets.slice()) || []
  }

  /** A GOP is needed as long as the one after it is younger than keepMs: a span of keepMs must begin at a key frame. */
  #forgetOld(monotonicMs: number): void {
    while ((this.#gops[1]?.startedMs ?? Number.POSITIVE_INFINITY) <= monotonicMs - this.#limits.keepMs)
      this.#dropOldest()
  }

  #dropOldest(): void {
    const oldest = this.#gops.shift()
    if (!oldest) return
    this.#bytes -= oldest.bytes
    this.#packets -= oldest.packets.length
  }
}
