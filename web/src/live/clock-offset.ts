/**
 * The server's clock as seen from here, by echoes (NTP's rule: the shortest round trip tells the truth best).
 * Needed because capture times are the server's and the moment of drawing is ours.
 */

const keptSamples = 12

export class ClockOffset {
  #samples: { roundTripMs: number; offsetMs: number }[] = []

  /** Takes one echo: our time when we asked, the server's when it answered, ours when the answer came. */
  add(sentMs: number, serverMs: number, receivedMs: number): void {
    const roundTripMs = receivedMs - sentMs
    if (!(roundTripMs >= 0) || !Number.isFinite(serverMs)) return
    this.#samples.push({ roundTripMs, offsetMs: serverMs - (sentMs + receivedMs) / 2 })
    if (this.#samples.length > keptSamples) this.#samples.shift()
  }

  /** Server's time minus ours; undefined before the first echo. */
  get offsetMs(): number | undefined {
    let best: { roundTripMs: number; offsetMs: number } | undefined
    for (const sample of this.#samples) if (!best || sample.roundTripMs <= best.roundTripMs) best = sample
    return best?.offsetMs
  }
}
