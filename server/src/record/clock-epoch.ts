/**
 * Which clock epoch a recorder begins in (docs/design/time.md "When our wall clock is set"). Pure.
 * A running recorder notices a clock that is set back; one that was off, or a machine that was, finds it out by its footage.
 */

interface Newest {
  readonly endMs: number
  readonly clockEpoch: number
}

/** As for a running recorder (ingest/wall-clock.ts): less is slewed. */
const backwardStepMs = 2000

/**
 * The highest on record, `known`; or the one after it, where newest footage of it (each camera's last segment) lies in the
 * future: in its own epoch a camera would record nothing until that time had come again.
 */
export function clockEpochToBegin(known: number, newest: readonly (Newest | null)[], nowMs: number): number {
  const isAhead = newest.some((last) => last?.clockEpoch === known && last.endMs > nowMs + backwardStepMs)
  return isAhead ? known + 1 : known
}
