/**
 * Maps monotonic time to UTC for the whole recorder, and notices when somebody sets the clock.
 *
 * A small difference is slewed away. A step forward (> 1 s) is taken over at once: the hour that was skipped never existed.
 * A step back (> 2 s) is taken over with a new clock epoch: the hour that comes again is kept beside the first one.
 * Not here: what a segment does about a step (record/), whether footage may be deleted by age (control).
 * docs/design/time.md
 */
import type { Clock } from '../lib/clock.ts'

export interface ClockStep {
  /** New time minus old time. */
  readonly deltaMs: number
  readonly clockEpoch: number
}

const forwardStepMs = 1000
const backwardStepMs = 2000
/** Whole milliseconds of the wall clock are not worth correcting. */
const toleranceMs = 2
/** 0.5 %: a difference of a second is gone after 200 s. */
const slewPerMs = 0.005
const sampleEveryMs = 100

export class WallClock {
  readonly #clock: Clock
  readonly #onStep: (step: ClockStep) => void
  #offsetMs: number
  #sampledMs: number
  #clockEpoch: number
  #steps = 0

  /** `clockEpoch`: the highest that is on record. */
  constructor(clock: Clock, clockEpoch = 0, onStep: (step: ClockStep) => void = () => {}) {
    this.#clock = clock
    this.#onStep = onStep
    this.#sampledMs = clock.monotonicMs()
    this.#offsetMs = clock.nowMs() - this.#sampledMs
    this.#clockEpoch = clockEpoch
  }

  get clockEpoch(): number {
    return this.#clockEpoch
  }
  /** An earlier recorder's clock was set back meanwhile: its epochs are taken. */
  raiseEpoch(clockEpoch: number): void {
    this.#clockEpoch = Math.max(this.#clockEpoch, clockEpoch)
  }
  /** How often time was set, either way. */
  get steps(): number {
    return this.#steps
  }
  nowMs(): number {
    return this.wallMs(this.#clock.monotonicMs())
  }
  /** UTC milliseconds of a monotonic instant near now. */
  wallMs(monotonicMs: number): number {
    this.#sample()
    return monotonicMs + this.#offsetMs
  }
  monotonicMs(wallMs: number): number {
    this.#sample()
    return wallMs - this.#offsetMs
  }

  #sample(): void {
    const monotonicMs = this.#clock.monotonicMs()
    const passedMs = monotonicMs - this.#sampledMs
    if (passedMs < sampleEveryMs) return
    this.#sampledMs = monotonicMs
    const deltaMs = this.#clock.nowMs() - monotonicMs - this.#offsetMs
    if (deltaMs > forwardStepMs || deltaMs < -backwardStepMs) this.#step(deltaMs)
    else if (Math.abs(deltaMs) > toleranceMs) {
      const most = passedMs * slewPerMs
      this.#offsetMs += Math.max(-most, Math.min(most, deltaMs))
    }
  }

  #step(deltaMs: number): void {
    this.#offsetMs += deltaMs
    this.#steps += 1
    if (deltaMs < 0) this.#clockEpoch += 1
    this.#onStep({ deltaMs, clockEpoch: this.#clockEpoch })
  }
}
