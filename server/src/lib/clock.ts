/** Time as an argument: wall clock and monotonic clock together, so that tests can turn either (see manualClock). */
import { setTimeout as delay } from 'node:timers/promises'

export interface Clock {
  /** UTC milliseconds, whole. May step; never use it for durations. */
  nowMs(): number
  /** Milliseconds since some start, fractional; never goes back. */
  monotonicMs(): number
  /** Resolves after `ms`, rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : {}),
}

/** A clock that stands still until it is told to move. */
export class ManualClock implements Clock {
  #wallMs: number
  #monotonicMs = 0
  #sleepers: { dueMs: number; wake: () => void }[] = []

  constructor(wallMs = Date.UTC(2026, 0, 1)) {
    this.#wallMs = wallMs
  }
  nowMs() {
    return Math.floor(this.#wallMs)
  }
  monotonicMs() {
    return this.#monotonicMs
  }
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const sleeper = { dueMs: this.#monotonicMs + ms, wake: resolve }
      this.#sleepers.push(sleeper)
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((s) => s !== sleeper)
        reject(signal.reason)
      })
    })
  }
  /** Time passes: both clocks move and due sleepers wake. */
  advance(ms: number): void {
    this.#monotonicMs += ms
    this.#wallMs += ms
    const due = this.#sleepers.filter((s) => s.dueMs <= this.#monotonicMs)
    this.#sleepers = this.#sleepers.filter((s) => s.dueMs > this.#monotonicMs)
    for (const sleeper of due) sleeper.wake()
  }
  /** Somebody sets the wall clock; no time passes. */
  step(ms: number): void {
    this.#wallMs += ms
  }
}
