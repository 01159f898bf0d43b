/**
 * Decides which of a camera's packets are worth decoding: as few as that camera allows without missing a visitor.
 *
 * Asleep, only key frames are decoded. What stirs in one, or packet sizes where they tell, wakes: the GOP so far is decoded
 * after the fact, so that motion has its true beginning, and from then on everything until it is quiet again.
 * A camera may sleep when its key frames come at least every `shortKeyMs`, or when its sizes were seen to tell.
 *
 * In:        packets in arrival order; what was seen in those that were decoded.
 * Not here:  keeping and decoding packets (watch-camera.ts), the statistics (size-evidence.ts).
 * Design:    docs/design/motion.md
 */
import { SizeEvidence } from './size-evidence.ts'

export type Decision =
  /** Keep it, it may be wanted after the fact. */
  | 'hold'
  /** Decode and judge it. */
  | 'decode'
  /** A key frame: decode it and look, then ask `peeked`. */
  | 'peek'
  /** Decode what is held, then this one. */
  | 'replay'

/** A visitor who comes and goes between two key frames is not seen: beyond this the risk is too great. */
const shortKeyMs = 2_100
/** Sizes alone are trusted at most this long. */
const longKeyMs = 20_000
/** More key frames than this (short GOPs, MJPEG) are held like others. */
const peekEveryMs = 900
/**
 * Quiet this long after the last stir lets it sleep; a spike of sizes alone deserves less. Waking costs three key frames
 * twice, so where sleep is short each time, it is tried less often.
 */
const calmMs = 1_500
const longestCalmMs = 12_000
const calmAfterSpikeMs = 700
/** While asleep now and then a whole GOP is decoded to see whether something was missed. */
const spotCheckEveryMs = 120_000
const spotChecksKept = 10
const tooManyMissed = 2
const insomniaMs = 600_000
const intervalsKept = 6

export class WakeGate {
  readonly #sizes = new SizeEvidence()
  #asleep = false
  #asleepSinceMs = 0
  #calmMs = calmMs
  /** Awake at least until then, if nothing more stirs. */
  #awakeUntilMs = Number.NEGATIVE_INFINITY
  #lastKeyMs: number | undefined
  #lastPeekMs = Number.NEGATIVE_INFINITY
  #keyIntervals: number[] = []
  #spotCheckDueMs = Number.POSITIVE_INFINITY
  #spotCheck: { readonly untilMs: number; missed: boolean } | undefined
  #spotChecks: boolean[] = []
  #sleeplessUntilMs = Number.NEGATIVE_INFINITY
  #gopTooLong = false
  /** How often it woke, for the status page and the bench. */
  wakes = 0

  get asleep(): boolean {
    return this.#asleep
  }

  decide({ isKey, bytes, atMs }: { isKey: boolean; bytes: number; atMs: number }): Decision {
    if (isKey) return this.#decideKey(atMs)
    const spikes = this.#sizes.note(atMs, bytes)
    if (!this.#asleep) return 'decode'
    if (!spikes) return 'hold'
    this.#wake(atMs, calmAfterSpikeMs)
    return 'replay'
  }

  /** Asleep, a key frame was looked at. True: decode what is held, then this one again. */
  peeked(atMs: number, stirs: boolean): boolean {
    if (!stirs && atMs < this.#spotCheckDueMs) {
      this.#sizes.quietUntil(atMs)
      return false
    }
    if (!stirs) this.#spotCheck = { untilMs: atMs, missed: false }
    this.#wake(atMs, stirs ? calmMs : 0)
    return true
  }

  /** No more can be held: everything must be decoded until the next key frame. */
  stayAwake(atMs: number): void {
    this.#gopTooLong = true
    this.#wake(atMs, 0)
  }

  /** A decoded frame was judged; frames of a replay come here too. */
  saw({ atMs, stirs, moving }: { atMs: number; stirs: boolean; moving: boolean }): void {
    if (this.#spotCheck && moving && atMs < this.#spotCheck.untilMs) this.#spotCheck.missed = true
    if (stirs) {
      this.#awakeUntilMs = Math.max(this.#awakeUntilMs, atMs + this.#calmMs)
      this.#sizes.busyUntil(atMs)
      return
    }
    // The second after motion belongs to neither: the encoder still works off what it saved up.
    if (atMs >= this.#awakeUntilMs - this.#calmMs / 2) this.#sizes.quietUntil(atMs)
    else this.#sizes.busyUntil(atMs)
    if (this.#spotCheck && atMs >= this.#spotCheck.untilMs) this.#endSpotCheck(this.#spotCheck.missed, atMs)
    if (!this.#asleep && atMs >= this.#awakeUntilMs && this.#maySleep(atMs)) this.#fallAsleep(atMs)
  }

  /** Motion began; asked for once per 'started'. */
  began(startMs: number): void {
    this.#sizes.began(startMs)
  }

  #decideKey(atMs: number): Decision {
    if (this.#lastKeyMs !== undefined) this.#keyIntervals.push(atMs - this.#lastKeyMs)
    if (this.#keyIntervals.length > intervalsKept) this.#keyIntervals.shift()
    this.#lastKeyMs = atMs
    this.#gopTooLong = false
    if (!this.#asleep) return 'decode'
    // Too far since the last: what came between cannot be held against it.
    if (atMs - this.#lastPeekMs < peekEveryMs) return 'hold'
    this.#lastPeekMs = atMs
    return 'peek'
  }

  #maySleep(atMs: number): boolean {
    if (this.#keyIntervals.length < 2 || this.#gopTooLong || atMs < this.#sleeplessUntilMs) return false
    const longest = Math.max(...this.#keyIntervals)
    return longest <= shortKeyMs || (longest <= longKeyMs && this.#sizes.tells)
  }

  #fallAsleep(atMs: number): void {
    this.#asleep = true
    this.#asleepSinceMs = atMs
    this.#lastPeekMs = this.#lastKeyMs ?? atMs
    if (this.#spotCheckDueMs === Number.POSITIVE_INFINITY) this.#spotCheckDueMs = atMs + spotCheckEveryMs
  }

  #wake(atMs: number, forMs: number): void {
    this.#awakeUntilMs = Math.max(this.#awakeUntilMs, atMs + forMs)
    if (!this.#asleep) return
    this.#asleep = false
    this.wakes++
    const interval = Math.max(...this.#keyIntervals)
    const wasShort = atMs - this.#asleepSinceMs < 2 * interval
    this.#calmMs = wasShort ? Math.min(longestCalmMs, this.#calmMs * 2) : calmMs
  }

  #endSpotCheck(missed: boolean, atMs: number): void {
    this.#spotCheck = undefined
    this.#spotCheckDueMs = atMs + spotCheckEveryMs
    this.#spotChecks = [...this.#spotChecks, missed].slice(-spotChecksKept)
    if (this.#spotChecks.filter((m) => m).length < tooManyMissed) return
    this.#sleeplessUntilMs = atMs + insomniaMs
    this.#spotChecks = []
  }
}
