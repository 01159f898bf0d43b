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

  /** Takes a seat; the returned function gives it back. Throws too_many_requests when there is none. */
  take(userId: string): () => void {
    const taken = this.#taken.get(userId) ?? 0
    if (taken >= this.#perUser || this.#total >= this.#inAll)
      throw new AppError(
        'too_many_requests',
        'Too many pictures or recordings are open at once. Close some of them first.',
      )
    this.#taken.set(userId, taken + 1)
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
