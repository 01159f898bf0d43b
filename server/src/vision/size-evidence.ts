/**
 * Learns whether the sizes of one camera's packets tell motion from quiet, and from which size on.
 *
 * An encoder with a free bitrate spends few bits on a quiet scene and many on a moving one; one that is held to a constant
 * bitrate spends the same on both. So nothing is believed before it was seen: quiet sizes come from frames that were
 * judged quiet, and each beginning of motion is a test that the sizes pass or fail.
 *
 * Not here:  what is done with it (wake-gate.ts).
 */

interface Noted {
  readonly atMs: number
  readonly logBytes: number
  /** Logarithm of the last few packets' size over the usual quiet size. */
  readonly excess: number
}

/** Packets whose mean is looked at: one noisy packet is no spike. */
const smoothed = 3
/** Beginnings of motion that are remembered: how many are needed before sizes may replace looking, and to be of use. */
const onsetsKept = 24
const onsetsToTell = 12
const onsetsToHelp = 4
/** Below the least of those beginnings, because the next may be less still. */
const onsetMargin = 0.15
const leastThreshold = 0.25
/** Quiet packets that may look like a beginning, if sizes are to replace looking: each costs a second of decoding. */
const mostFalseToTell = 0.08
/** The same if they are only to be quicker than the next key frame, and how many beginnings they must show then. */
const mostFalseToHelp = 0.01
const leastCaughtToHelp = 0.5
const leastQuiet = 300
/** A spike counts for a beginning when it comes no later than this. */
const inTimeMs = 500
const notedKept = 1800

const bins = 80
const binWidth = 0.05
const firstBin = -1

export class SizeEvidence {
  /** Newest last. The first `#judged` of them are judged. */
  #noted: Noted[] = []
  #judged = 0
  #usual: number | undefined
  readonly #quiet = new Float64Array(bins)
  #quietCount = 0
  #onsets: number[] = []
  #pendingOnsetMs: number | undefined
  /** Least excess of the beginnings seen, less a margin; and the least that few quiet packets have. */
  #tellingThreshold = Number.POSITIVE_INFINITY
  #rareThreshold = Number.POSITIVE_INFINITY
  /** Sizes may replace looking: all beginnings showed, and quiet packets seldom look like one. */
  tells = false
  /** Sizes often show a beginning before the next key frame does. */
  helps = false

  /** Takes a packet that is no key frame; true where its size says that something stirs. */
  note(atMs: number, bytes: number): boolean {
    const logBytes = Math.log(Math.max(1, bytes))
    const recent = this.#noted.slice(1 - smoothed)
    const mean = recent.reduce((sum, n) => sum + n.logBytes, logBytes) / (recent.length + 1)
    const excess = mean - (this.#usual ?? mean)
    this.#noted.push({ atMs, logBytes, excess })
    if (this.#noted.length > notedKept) this.#forgetHalf()
    if (this.#pendingOnsetMs !== undefined && atMs > this.#pendingOnsetMs + inTimeMs)
      this.#judgeOnset(this.#pendingOnsetMs)
    return excess > this.#threshold()
  }

  /** All packets up to here were quiet. */
  quietUntil(atMs: number): void {
    for (let next = this.#noted[this.#judged]; next && next.atMs <= atMs; next = this.#noted[++this.#judged])
      this.#learnQuiet(next)
  }

  /** Nothing is learned from packets up to here. */
  busyUntil(atMs: number): void {
    while ((this.#noted[this.#judged]?.atMs ?? Number.POSITIVE_INFINITY) <= atMs) this.#judged++
  }

  /** Motion began here; known a little or, after a replay, a whole GOP later. */
  began(startMs: number): void {
    if (this.#pendingOnsetMs !== undefined) this.#judgeOnset(this.#pendingOnsetMs)
    const newest = this.#noted[this.#noted.length - 1]
    if (newest && newest.atMs > startMs + inTimeMs) this.#judgeOnset(startMs)
    else this.#pendingOnsetMs = startMs
  }

  /** As low as it may be for what it costs; out of reach while nothing is known. */
  #threshold(): number {
    if (this.tells) return this.#tellingThreshold
    return this.helps ? this.#rareThreshold : Number.POSITIVE_INFINITY
  }

  #learnQuiet({ logBytes, excess }: Noted): void {
    this.#usual = this.#usual === undefined ? logBytes : this.#usual + (logBytes - this.#usual) * 0.02
    const bin = Math.min(bins - 1, Math.max(0, Math.floor((excess - firstBin) / binWidth)))
    this.#quiet[bin] = (this.#quiet[bin] ?? 0) + 1
    if (++this.#quietCount % 50 === 0) this.#conclude()
    // What was learned an hour ago at night weighs half as much as what was learned since.
    if (this.#quietCount % 20_000 === 0) for (let i = 0; i < bins; i++) this.#quiet[i] = (this.#quiet[i] ?? 0) / 2
  }

  #conclude(): void {
    if (this.#quietCount < leastQuiet) return
    this.#rareThreshold = Math.max(leastThreshold, this.#excessOfShare(mostFalseToHelp))
    this.#tellingThreshold = Math.min(...this.#onsets) - onsetMargin
    const caught = this.#onsets.filter((excess) => excess > this.#rareThreshold).length
    this.helps = this.#onsets.length >= onsetsToHelp && caught >= leastCaughtToHelp * this.#onsets.length
    this.tells =
      this.#onsets.length >= onsetsToTell &&
      this.#tellingThreshold >= Math.max(leastThreshold, this.#excessOfShare(mostFalseToTell))
  }

  /** The excess that at most `share` of the quiet packets have. */
  #excessOfShare(share: number): number {
    const allowed = this.#quiet.reduce((sum, n) => sum + n, 0) * share
    let above = 0
    let bin = bins - 1
    for (; bin > 0; bin--) {
      above += this.#quiet[bin] ?? 0
      if (above > allowed) break
    }
    return firstBin + (bin + 1) * binWidth
  }

  #judgeOnset(startMs: number): void {
    this.#pendingOnsetMs = undefined
    const near = this.#noted.filter((n) => n.atMs >= startMs - 200 && n.atMs <= startMs + inTimeMs)
    if (near.length === 0) return
    this.#onsets.push(Math.max(...near.map((n) => n.excess)))
    if (this.#onsets.length > onsetsKept) this.#onsets.shift()
    this.#conclude()
  }

  #forgetHalf(): void {
    const half = notedKept / 2
    this.#noted = this.#noted.slice(half)
    this.#judged = Math.max(0, this.#judged - half)
  }
}
