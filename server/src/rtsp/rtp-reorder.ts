/**
 * Puts datagrams that overtook each other back in order before they reach a track. Keeps at most 16 while it waits for a
 * missing one; then the missing one is given up. TCP does not need this.
 */
import { u16 } from './bytes.ts'

const maxHeld = 16

export class RtpReorder {
  readonly #deliver: (datagram: Buffer) => void
  readonly #held = new Map<number, Buffer>()
  #expected: number | undefined

  constructor(deliver: (datagram: Buffer) => void) {
    this.#deliver = deliver
  }

  push(datagram: Buffer): void {
    const sequence = u16(datagram, 2)
    this.#expected ??= sequence
    const ahead = (sequence - this.#expected) & 0xffff
    if (ahead > 0x7fff) {
      this.#deliver(datagram) // Too late; the track counts it.
      return
    }
    if (ahead > 0) this.#held.set(sequence, datagram)
    else this.#pass(datagram, sequence)
    if (this.#held.size > maxHeld) this.#giveUpMissing()
    this.#passHeld()
  }

  #pass(datagram: Buffer, sequence: number): void {
    this.#expected = (sequence + 1) & 0xffff
    this.#deliver(datagram)
  }

  #passHeld(): void {
    while (this.#held.size > 0 && this.#expected !== undefined) {
      const sequence = this.#expected
      const next = this.#held.get(sequence)
      if (!next) return
      this.#held.delete(sequence)
      this.#pass(next, sequence)
    }
  }

  /** Goes on with the nearest one that is there. */
  #giveUpMissing(): void {
    const from = this.#expected ?? 0
    const distances = [...this.#held.keys()].map((sequence) => (sequence - from) & 0xffff)
    this.#expected = (from + Math.min(...distances)) & 0xffff
  }
}
