/**
 * Says when a stream sends far more frames than any camera: each costs work and memory for itself, however small it is. A flood of
 * tiny ones (70,000 a second on loopback) took a core of the recorder and left it with hundreds of megabytes.
 */

/** 1,200 a second over five seconds: ten times a fast camera with sound, and room for what it held back while it connected. */
const windowMs = 5000
const maxFrames = 6000

export class FloodGuard {
  #windowStartMs = Number.NEGATIVE_INFINITY
  #frames = 0

  /** Counts a frame; true when there are too many. */
  count(monotonicMs: number): boolean {
    if (monotonicMs - this.#windowStartMs >= windowMs) {
      this.#windowStartMs = monotonicMs
      this.#frames = 0
    }
    this.#frames += 1
    return this.#frames > maxFrames
  }
}
