/**
 * Finds many patterns in one pass over a text (Aho and Corasick, 1975): one table look-up for each character, whatever the
 * text and the patterns are. Letters of ASCII count as the same in both cases.
 */

/** Characters that occur in patterns get a column each; more than these are not looked for. */
const maxColumns = 250

export class PatternAutomaton {
  readonly #columnOf = new Uint8Array(65_536)
  readonly #lengths: readonly number[]
  readonly #width: number
  /** Next state, times the width; negative: a pattern ends there. */
  readonly #next: Int32Array
  /** For each state: the number of the longest pattern that ends there, or -1. */
  readonly #ending: Int32Array

  constructor(patterns: readonly string[]) {
    this.#lengths = patterns.map((pattern) => pattern.length)
    this.#width = this.#chooseColumns(patterns)
    const width = this.#width
    const maxStates = 1 + this.#lengths.reduce((sum, length) => sum + length, 0)
    const trie = new Int32Array(maxStates * width)
    const ending = new Int32Array(maxStates).fill(-1)
    let states = 1
    for (const [number, pattern] of patterns.entries()) {
      let state = 0
      for (let i = 0; i < pattern.length && state >= 0; i++) {
        const column = this.#columnOf[pattern.charCodeAt(i)] ?? 0
        if (column === 0) state = -1
        else {
          const at = state * width + column
          if (!trie[at]) trie[at] = states++
          state = trie[at] ?? 0
        }
      }
      if (state > 0 && (this.#lengths[ending[state] ?? -1] ?? 0) < pattern.length) ending[state] = number
    }
    this.#next = trie.slice(0, states * width)
    this.#ending = ending.slice(0, states)
    this.#link(states)
  }

  /** Calls `onMatch` where a pattern ends; overlapping ones are told one by one, in order of their ends. */
  scan(text: string, onMatch: (pattern: number, start: number, end: number) => void): void {
    const next = this.#next
    const columnOf = this.#columnOf
    const length = text.length
    let state = 0
    for (let i = 0; i < length; i++) {
      // Both tables hold every index that can come: a check here would cost a third of the time.
      state = next[state + (columnOf[text.charCodeAt(i)] as number)] as number
      if (state >= 0) continue
      state = -state
      const pattern = this.#ending[state / this.#width] ?? -1
      onMatch(pattern, i + 1 - (this.#lengths[pattern] ?? 0), i + 1)
    }
  }

  #chooseColumns(patterns: readonly string[]): number {
    let width = 1
    for (const pattern of patterns)
      for (let i = 0; i < pattern.length; i++) {
        const unit = pattern.charCodeAt(i)
        if (this.#columnOf[unit] || width >= maxColumns) continue
        for (const both of bothCases(unit)) this.#columnOf[both] = width
        width += 1
      }
    return width
  }

  /** Makes the trie a table in which every state knows where every character leads; breadth first. */
  #link(states: number): void {
    const next = this.#next
    const width = this.#width
    const ending = this.#ending
    const fallback = new Int32Array(states)
    const queue = new Int32Array(states)
    let queued = 0
    for (let column = 1; column < width; column++) {
      const child = next[column] ?? 0
      if (child) queue[queued++] = child
    }
    for (let i = 0; i < queued; i++) {
      const state = queue[i] ?? 0
      const back = fallback[state] ?? 0
      // Its own pattern is longer than any that ends at its fallback.
      if (ending[state] === -1) ending[state] = ending[back] ?? -1
      for (let column = 1; column < width; column++) {
        const at = state * width + column
        const child = next[at] ?? 0
        if (child === 0) next[at] = next[back * width + column] ?? 0
        else {
          fallback[child] = next[back * width + column] ?? 0
          queue[queued++] = child
        }
      }
    }
    for (let at = 0; at < next.length; at++) {
      const state = next[at] ?? 0
      next[at] = ending[state] === -1 ? state * width : -state * width
    }
  }
}

function bothCases(unit: number): number[] {
  const char = String.fromCharCode(unit)
  return unit < 128 ? [char.toLowerCase().charCodeAt(0), char.toUpperCase().charCodeAt(0)] : [unit]
}
