/** The most that one stream may send, over ten seconds: a camera (or what answers in its place) must not eat the machine. */
import { AppError } from '../lib/app-error.ts'

const windowMs = 10_000

export class RateLimit {
  readonly #maxMbitPerS: number
  #samples: { atMs: number; bytes: number }[] = []

  constructor(maxMbitPerS: number) {
    this.#maxMbitPerS = maxMbitPerS
  }

  /** `bytes`: received since the session began. Call it every second or so; throws camera_unsupported. */
  check(bytes: number, monotonicMs: number): void {
    this.#samples.push({ atMs: monotonicMs, bytes })
    while (this.#samples.length > 2 && (this.#samples[1]?.atMs ?? monotonicMs) <= monotonicMs - windowMs)
      this.#samples.shift()
    const oldest = this.#samples[0]
    const spanMs = monotonicMs - (oldest?.atMs ?? monotonicMs)
    if (!oldest || spanMs < windowMs) return
    const mbitPerS = ((bytes - oldest.bytes) * 8) / 1000 / spanMs
    if (mbitPerS <= this.#maxMbitPerS) return
    throw new AppError(
      'camera_unsupported',
      `The camera sends ${Math.round(mbitPerS)} Mbit/s; at most ${this.#maxMbitPerS} are taken from one stream. Lower its bit rate.`,
    )
  }
}
