/** Keeps what was loaded, up to a total weight; the least recently used goes first. Loads the same key once at a time. */

export class BoundedCache<T> {
  readonly #maxWeight: number
  readonly #weigh: (value: T) => number
  readonly #kept = new Map<string, T>()
  readonly #loading = new Map<string, Promise<T | undefined>>()
  #weight = 0

  constructor(maxWeight: number, weigh: (value: T) => number) {
    this.#maxWeight = maxWeight
    this.#weigh = weigh
  }

  get weight(): number {
    return this.#weight
  }

  /** What `load` gives for this key; undefined is not kept. */
  async get(key: string, load: () => Promise<T | undefined>): Promise<T | undefined> {
    const kept = this.#kept.get(key)
    if (kept !== undefined) {
      this.#kept.delete(key)
      this.#kept.set(key, kept)
      return kept
    }
    const loading = this.#loading.get(key) ?? load().finally(() => this.#loading.delete(key))
    this.#loading.set(key, loading)
    const value = await loading
    if (value !== undefined && !this.#kept.has(key)) this.#keep(key, value)
    return value
  }

  #keep(key: string, value: T): void {
    this.#kept.set(key, value)
    this.#weight += this.#weigh(value)
    for (const [oldKey, old] of this.#kept) {
      if (this.#weight <= this.#maxWeight || oldKey === key) break
      this.#kept.delete(oldKey)
      this.#weight -= this.#weigh(old)
    }
  }
}
