/** Latency from capture to drawing over the last ten seconds: median and 95th percentile. */

const windowMs = 10_000
const maxSamples = 1200

export interface Latency {
  readonly p50Ms: number
  readonly p95Ms: number
}

export class LatencyWindow {
  #samples: { atMs: number; latencyMs: number }[] = []

  add(atMs: number, latencyMs: number): void {
    if (!Number.isFinite(latencyMs)) return
    this.#samples.push({ atMs, latencyMs })
    if (this.#samples.length > maxSamples) this.#samples.shift()
  }

  /** Undefined when nothing was drawn in the last ten seconds. */
  read(nowMs: number): Latency | undefined {
    this.#samples = this.#samples.filter((sample) => sample.atMs > nowMs - windowMs)
    const sorted = this.#samples.map((sample) => sample.latencyMs).sort((a, b) => a - b)
    const p50Ms = sorted[Math.floor((sorted.length - 1) * 0.5)]
    const p95Ms = sorted[Math.floor((sorted.length - 1) * 0.95)]
    return p50Ms === undefined || p95Ms === undefined ? undefined : { p50Ms, p95Ms }
  }
}
