/**
 * A camera's packets since its last key frame, kept so that they can be decoded after the fact. Bounded: a GOP that grows
 * beyond it cannot be held, and its camera must be decoded as it comes.
 */
export interface WatchedPacket {
  readonly isKey: boolean
  /** Capture time, UTC milliseconds. */
  readonly atMs: number
  /** Annex-B with parameter sets before key frames, or a JPEG. */
  readonly data: Buffer
}

const maxBytes = 4 * 2 ** 20
const maxPackets = 600

export class HeldPackets {
  #packets: WatchedPacket[] = []
  #bytes = 0
  /** So many of them have been judged, from the front. */
  judged = 0
  /** The decoder stands behind the last judged one; false after it looked at another key frame. */
  decoderIsHere = true

  get length(): number {
    return this.#packets.length
  }
  get isFull(): boolean {
    return this.#bytes > maxBytes || this.#packets.length > maxPackets
  }

  /** Begins anew with `first`, a key frame. */
  restart(first: WatchedPacket): void {
    this.clear()
    this.add(first)
  }

  add(packet: WatchedPacket): void {
    this.#packets.push(packet)
    this.#bytes += packet.data.length
  }

  /** What must be decoded to get on: all from the key frame where the decoder has left, else only what is new. */
  toReplay(): { packet: WatchedPacket; isJudged: boolean }[] {
    const from = this.decoderIsHere ? this.judged : 0
    return this.#packets.slice(from).map((packet, i) => ({ packet, isJudged: from + i < this.judged }))
  }

  clear(): void {
    this.#packets = []
    this.#bytes = 0
    this.judged = 0
    this.decoderIsHere = true
  }
}
