/**
 * Few at once, the others in line: first come, first served for each key, and the keys take turns, so that a crowd from one
 * address waits for itself and not before everybody else. What does not fit into the line is refused at once; where that is full, whoever
 * came last of the longest line makes room for a key that has a shorter one, or a few addresses would keep all others out.
 */

export interface QueueBounds {
  readonly atOnce: number
  /** In line, of all keys together. */
  readonly waiting: number
  /** In line, of one key. */
  readonly waitingPerKey: number
}

interface Waiting {
  readonly begin: () => void
  readonly refuse: (error: TooBusy) => void
}

/** The line is full. */
export class TooBusy extends Error {}

export class FairQueue {
  readonly #bounds: QueueBounds
  /** Insertion order is the order of turns: who was served goes to the end. */
  readonly #lines = new Map<string, Waiting[]>()
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
    const hasRoom = this.#waiting < this.#bounds.waiting || this.#makeRoom(line.length)
    if (!hasRoom || line.length >= this.#bounds.waitingPerKey) throw new TooBusy('the line is full')
    this.#waiting++
    return new Promise((begin, refuse) => {
      line.push({ begin, refuse })
      this.#lines.set(key, line)
    })
  }

  /** Sends the last of the longest line away, if that stays no shorter than the line of `length` that is to grow. */
  #makeRoom(length: number): boolean {
    let longest: Waiting[] = []
    for (const line of this.#lines.values()) if (line.length > longest.length) longest = line
    if (longest.length < length + 2) return false
    longest.pop()?.refuse(new TooBusy('others wait shorter'))
    this.#waiting--
    return true
  }

  /** Hands the place that is free to the next key in turn. */
  #next(): void {
    const [first] = this.#lines
    const next = first?.[1].shift()
    if (!first || !next) {
      this.#running--
      return
    }
    const [key, line] = first
    this.#lines.delete(key)
    if (line.length > 0) this.#lines.set(key, line)
    this.#waiting--
    next.begin()
  }
}
