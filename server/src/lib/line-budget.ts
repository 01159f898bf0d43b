/**
 * How much one process may write into the log: a store of bytes that fills up slowly. The log keeps 60 MB of all processes; one
 * that was taken over could rotate away what the others said in a minute, its own entry among it.
 */
export interface LineBudgetOptions {
  readonly burstBytes: number
  readonly bytesPerHour: number
}

const hourMs = 3_600_000

export class LineBudget {
  readonly #o: LineBudgetOptions
  #left: number
  #atMs: number
  #dropped = 0

  constructor(options: LineBudgetOptions, nowMs: number) {
    this.#o = options
    this.#left = options.burstBytes
    this.#atMs = nowMs
  }

  /** False: it is one too many, and counted. `nowMs`: of a clock that never goes back. */
  take(bytes: number, nowMs: number): boolean {
    const { burstBytes, bytesPerHour } = this.#o
    this.#left = Math.min(burstBytes, this.#left + ((nowMs - this.#atMs) / hourMs) * bytesPerHour)
    this.#atMs = nowMs
    if (this.#left < bytes) {
      this.#dropped += 1
      return false
    }
    this.#left -= bytes
    return true
  }

  /** How many were dropped since this was asked last. */
  takeDropped(): number {
    const dropped = this.#dropped
    this.#dropped = 0
    return dropped
  }
}
