/** Counts what is missing between RTP packets by their sequence numbers (16 bits). Pure bookkeeping. */

export type Arrival = 'next' | 'after-loss' | 'late'

/** So many late ones in a row are a camera that began to count anew. */
const maxLateInARow = 50
/** A gap beyond this is a restart too, not a loss. */
const maxGap = 3000

export class RtpSequence {
  #expected: number | undefined
  #lateInARow = 0
  lost = 0
  late = 0

  /** Late packets (out of order or doubled) are of no use: their place has been passed. */
  arrive(sequence: number): Arrival {
    const expected = this.#expected
    if (sequence === expected || expected === undefined) {
      this.#expected = (sequence + 1) & 0xffff
      this.#lateInARow = 0
      return 'next'
    }
    const gap = (sequence - expected) & 0xffff
    if (gap > 0x7fff && ++this.#lateInARow <= maxLateInARow) {
      this.late++
      return 'late'
    }
    if (gap <= maxGap) this.lost += gap
    this.#expected = (sequence + 1) & 0xffff
    this.#lateInARow = 0
    return 'after-loss'
  }

  /** Another sender: its numbers have nothing to do with those before. */
  restart(): void {
    this.#expected = undefined
  }
}
