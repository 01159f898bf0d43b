/**
 * Who makes vision grow: memory is measured before and after each camera's bytes go through native code, and what came in
 * between is that camera's. Beyond the limit the one that grew most is named, if most of it is its doing, else nobody.
 * Costs two reads of a kernel file per call (measured: see docs/design/sandbox.md).
 */
import { openSync, readSync } from 'node:fs'

export class Growth {
  readonly #readRss: () => number
  readonly #limitBytes: number
  /** Bytes by camera's number. */
  readonly #grown = new Map<number, number>()
  readonly #startBytes: number

  constructor(limitBytes: number, readRss: () => number = openRss()) {
    this.#limitBytes = limitBytes
    this.#readRss = readRss
    this.#startBytes = readRss()
  }

  /** Runs `work` for a camera; true when vision is too large now. */
  measure(index: number, work: () => void): boolean {
    const beforeBytes = this.#readRss()
    work()
    const afterBytes = this.#readRss()
    // Shrinking counts as well: pictures that come and go are no growth. Below nothing it would be credit.
    const grown = Math.max(0, (this.#grown.get(index) ?? 0) + afterBytes - beforeBytes)
    this.#grown.set(index, grown)
    return afterBytes > this.#limitBytes
  }

  /** What was kept for it is let go. */
  forget(index: number): void {
    this.#grown.delete(index)
  }

  /** The camera that more than half of the growth comes from. */
  culprit(): number | undefined {
    const [index, bytes] = [...this.#grown].reduce((most, one) => (one[1] > most[1] ? one : most), [-1, 0])
    return index >= 0 && bytes > (this.#readRss() - this.#startBytes) / 2 ? index : undefined
  }
}

/** Resident memory, from a file that stays open. */
function openRss(): () => number {
  const file = openSync('/proc/self/statm', 'r')
  const text = Buffer.alloc(64)
  const readPages = () => {
    const length = readSync(file, text, 0, text.length, 0)
    // "size resident shared …"
    return Number(text.toString('latin1', 0, length).split(' ', 2)[1] ?? 0)
  }
  // 4 kB, on some arm64 16 or 64 kB; Node knows the sum in bytes.
  const pageBytes = 2 ** Math.round(Math.log2(process.memoryUsage.rss() / Math.max(1, readPages())))
  return () => readPages() * pageBytes
}
