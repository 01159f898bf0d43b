/**
 * How many refusals are written down one by one: whoever can make the server refuse could else fill the disk with entries. A
 * hundred at once and then one a minute for each source; the others are counted, and a sum is written every five minutes that
 * says how many there were, of what kind, from where and for whom. Pure.
 */

export interface Refusal {
  readonly kind: string
  readonly address: string
  readonly username: string
}

/** The detail of an entry `refusals.summed`. The lists name the ten most frequent. */
export interface RefusalSum {
  readonly sinceMs: number
  readonly untilMs: number
  readonly kinds: Readonly<Record<string, number>>
  readonly addresses: readonly { readonly name: string; readonly count: number }[]
  readonly users: readonly { readonly name: string; readonly count: number }[]
}

const burst = 100
const oneEveryMs = 60_000
const sumEveryMs = 5 * 60_000
/** Sources and names beyond are counted together. */
const maxNames = 1000
const shownNames = 10
const others = '(others)'

export class RefusalBudget {
  /** Of each source: how many are left, and since when that is so. */
  readonly #left = new Map<string, { count: number; atMs: number }>()
  readonly #kinds = new Map<string, number>()
  readonly #addresses = new Map<string, number>()
  readonly #users = new Map<string, number>()
  #sinceMs: number | undefined

  /** True: write this one down. False: it was counted. */
  take(source: string, refusal: Refusal, nowMs: number): boolean {
    const key = this.#left.has(source) || this.#left.size < maxNames ? source : others
    const before = this.#left.get(key) ?? { count: burst, atMs: nowMs }
    const gained = Math.floor((nowMs - before.atMs) / oneEveryMs)
    const count = Math.min(burst, before.count + gained)
    const atMs = count === burst ? nowMs : before.atMs + gained * oneEveryMs
    this.#left.set(key, { count: Math.max(0, count - 1), atMs })
    if (count > 0) return true
    this.#sinceMs ??= nowMs
    add(this.#kinds, refusal.kind)
    add(this.#addresses, refusal.address)
    add(this.#users, refusal.username)
    return false
  }

  /** What was counted, once it is due (or `now`); undefined where nothing is. It is forgotten by this. */
  sum(nowMs: number, now = false): RefusalSum | undefined {
    const sinceMs = this.#sinceMs
    if (sinceMs === undefined || (!now && nowMs - sinceMs < sumEveryMs)) return undefined
    const sum = {
      sinceMs,
      untilMs: nowMs,
      kinds: Object.fromEntries(this.#kinds),
      addresses: most(this.#addresses),
      users: most(this.#users),
    }
    this.#sinceMs = undefined
    for (const counts of [this.#kinds, this.#addresses, this.#users]) counts.clear()
    return sum
  }
}

function add(counts: Map<string, number>, name: string): void {
  const key = counts.has(name) || counts.size < maxNames ? name : others
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

const most = (counts: ReadonlyMap<string, number>) =>
  [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count)
    .slice(0, shownNames)
