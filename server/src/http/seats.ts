/** How many things each user may have open at once, so that nobody takes the server's memory or files from the others. */
import { AppError } from '../lib/app-error.ts'

export class Seats {
  readonly #perUser: number
  readonly #inAll: number
  readonly #taken = new Map<string, number>()
  #total = 0

  constructor(perUser: number, inAll: number) {
    this.#perUser = perUser
    this.#inAll = inAll
  }

  get total(): number {
    return this.#total
  }

  /** Throws too_many_requests when there is no seat. */
  check(userId: string): void {
    if ((this.#taken.get(userId) ?? 0) < this.#perUser && this.#total < this.#inAll) return
    throw new AppError(
      'too_many_requests',
      'Too many pages, pictures or recordings are open at once. Close some of them first.',
    )
  }

  /** Takes a seat; the returned function gives it back. Throws like check(). */
  take(userId: string): () => void {
    this.check(userId)
    this.#taken.set(userId, (this.#taken.get(userId) ?? 0) + 1)
    this.#total += 1
    let isGiven = false
    return () => {
      if (isGiven) return
      isGiven = true
      this.#total -= 1
      const left = (this.#taken.get(userId) ?? 1) - 1
      if (left > 0) this.#taken.set(userId, left)
      else this.#taken.delete(userId)
    }
  }
}
