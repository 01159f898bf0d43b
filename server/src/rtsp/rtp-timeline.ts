/**
 * RTP time stamps (32 bits, any start) to the pts of a packet: unwrapped, from 0 in each run, never going back.
 *
 * A jump over 10 s or a step back over 1 s starts a new run. A smaller step back is held at the last time: it is either
 * jitter or the camera sends B-frames, which have times out of order; they are counted so that somebody can say so.
 */
export class RtpTimeline {
  readonly #clockRate: number
  #lastRtpTime: number | undefined
  /** Of the last RTP time, before anything was held. */
  #unwrapped = 0
  #lastPts = 0
  run: number
  stepsBack = 0

  constructor(clockRate: number, firstRun: number) {
    this.#clockRate = clockRate
    this.run = firstRun
  }

  /** The pts of the next unit in order of arrival. A new run shows in `run`. */
  next(rtpTime: number): number {
    const step = this.#lastRtpTime === undefined ? 0 : (rtpTime - this.#lastRtpTime) | 0
    this.#lastRtpTime = rtpTime
    if (step > 10 * this.#clockRate || step < -this.#clockRate) {
      this.run++
      this.#unwrapped = 0
      this.#lastPts = 0
      return 0
    }
    this.#unwrapped += step
    if (this.#unwrapped < this.#lastPts) this.stepsBack++
    else this.#lastPts = this.#unwrapped
    return this.#lastPts
  }

  /** The pts of a time near the last unit's; undefined before the first unit and for times more than 10 s away. */
  ptsOf(rtpTime: number): number | undefined {
    if (this.#lastRtpTime === undefined) return undefined
    const distance = (rtpTime - this.#lastRtpTime) | 0
    return Math.abs(distance) > 10 * this.#clockRate ? undefined : this.#unwrapped + distance
  }
}
