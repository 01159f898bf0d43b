/**
 * When were the units of one track captured, in our monotonic time? Pure.
 *
 * A unit's media time (its pts) plus an offset is its capture time. Arrivals tell the offset from above: nothing arrives before
 * it was captured, so the smallest `arrival − media time` of the last ten seconds is nearest to the truth and network jitter
 * does not move it. A believed sender report tells it directly. The offset follows its target slowly, so spacing comes from pts.
 * Not here: captures that would go back are held by the caller. docs/design/time.md T1, T3, T4
 */

const bucketMs = 2000
const buckets = 5
/** The offset covers a tenth of its error a second, and never stretches time by more than 1 %. */
const followPerMs = 1 / 10_000
const maxStretch = 0.01
/** The camera's media clock is hopeless: take its frames for what their arrival says. */
const giveUpMs = 2000

export class TrackTiming {
  #offsetMs: number | undefined
  #lastArrivalMs = Number.NEGATIVE_INFINITY
  #minima: { startMs: number; minMs: number }[] = []
  #resets = 0

  /** How often the media clock ran away from ours by more than 2 s. */
  get resets(): number {
    return this.#resets
  }

  /** The smallest `arrival − media time` seen lately; undefined before the first unit. */
  arrivalOffsetMs(): number | undefined {
    if (this.#minima.length === 0) return undefined
    return this.#minima.reduce((min, bucket) => Math.min(min, bucket.minMs), Number.POSITIVE_INFINITY)
  }

  /** Media time starts anew. */
  newRun(): void {
    this.#offsetMs = undefined
    this.#minima = []
  }

  /** `believedOffsetMs`: what the camera's own clock says the offset is, if it is believed. */
  captureMs(mediaMs: number, arrivalMs: number, believedOffsetMs: number | undefined): number {
    const observedMs = arrivalMs - mediaMs
    this.#observe(arrivalMs, observedMs)
    const lowestMs = this.arrivalOffsetMs() ?? observedMs
    const targetMs = Math.min(lowestMs, believedOffsetMs ?? lowestMs)
    const passedMs = Math.max(0, arrivalMs - this.#lastArrivalMs)
    this.#lastArrivalMs = Math.max(arrivalMs, this.#lastArrivalMs)
    this.#offsetMs = Math.min(observedMs, this.#follow(this.#offsetMs, targetMs, passedMs))
    return mediaMs + this.#offsetMs
  }

  #follow(offsetMs: number | undefined, targetMs: number, passedMs: number): number {
    if (offsetMs === undefined) return targetMs
    const errorMs = targetMs - offsetMs
    if (errorMs > giveUpMs) {
      this.#resets += 1
      return targetMs
    }
    const most = passedMs * maxStretch
    return offsetMs + Math.max(-most, Math.min(most, errorMs * passedMs * followPerMs))
  }

  #observe(arrivalMs: number, observedMs: number): void {
    const newest = this.#minima.at(-1)
    if (newest && arrivalMs < newest.startMs + bucketMs) {
      newest.minMs = Math.min(newest.minMs, observedMs)
      return
    }
    this.#minima.push({ startMs: arrivalMs, minMs: observedMs })
    while ((this.#minima[0]?.startMs ?? arrivalMs) < arrivalMs - bucketMs * buckets) this.#minima.shift()
  }
}
