/**
 * Few at once, the others in line: first come, first served for each key, and the keys take turns, so that a crowd from one
 * address waits for itself and not before everybody else. What does not fit into the line is refused at once.
 */

export interface QueueBounds {
  readonly atOnce: number
  /** In line, of all keys together. */
  readonly waiting: number
  /** In line, of one key. */
  readonly waitingPerKey: number
}

/** The line is full. */
export class TooBusy extends Error {}

export class FairQueue {
  readonly #bounds: QueueBounds
  /** Insertion order is the order of turns: who was served goes to the end. */
  readonly #lines = new Map<string, (() => void)[]>()
  #running = 0
  #waiting = 0

  constructor(bounds: QueueBounds) {
    this.#bounds = bounds
  }

  /** Runs `work` when it is its turn. Throws TooBusy where the line is full. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#bounds.atOnce) await this.#wait(key)
    else this.#running++
    try {
      return await work()
    } finally {
      this.#next()
    }
  }

  #wait(key: string): Promise<void> {
    const line = this.#lines.get(key) ?? []
    if (this.#waiting >= this.#bounds.waiting || line.length >= this.#bounds.waitingPerKey)
      throw new TooBusy('the line is full')
    this.#waiting++
    return new Promise((resolve) => {
      line.push(resolve)
      this.#lines.set(key, line)
    })
  }

  /** Hands the place that is free to the next key in turn. */
  #next(): void {
    const [first] = this.#lines
    const begin = first?.[1].shift()
    if (!first || !begin) {
      this.#running--
      return
    }
    const [key, line] = first
    this.#lines.delete(key)
    if (line.length > 0) this.#lines.set(key, line)
    this.#waiting--
    begin()
  }
}
