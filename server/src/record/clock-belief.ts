/**
 * Whether the wall clock is believed enough to call footage old. A wrong clock must not delete: after a step of more than
 * an hour, or while there is footage from the future, deletion by age pauses. Deletion for space goes on; it only compares.
 * Pure: the state is kept over restarts by the cleaner.
 */

const hourMs = 3_600_000
/** Slower and faster than this an hour is a step, not drift: also the granularity of noticing one. */
const stepMs = hourMs
/** After a step somebody has this long to notice. */
const distrustAfterStepMs = 24 * hourMs
/** After a start at another time than where we stopped: an hour off cannot be told from a step, time servers need minutes. */
const distrustAfterAwayMs = hourMs

export interface ClockBelief {
  /** Wall clock when last looked at. */
  readonly wallMs: number
  /** Undefined in another process than this one's: monotonic clocks do not survive a restart. */
  readonly monotonicMs: number | undefined
  /** Running time left until the clock is believed again. */
  readonly distrustMs: number
}

export interface ClockLook {
  readonly wallMs: number
  readonly monotonicMs: number
  /** End of the newest footage; undefined: none. */
  readonly newestFootageMs: number | undefined
}

export function lookAtClock(before: ClockBelief | undefined, look: ClockLook): ClockBelief {
  return { wallMs: look.wallMs, monotonicMs: look.monotonicMs, distrustMs: distrust(before, look) }
}

function distrust(before: ClockBelief | undefined, look: ClockLook): number {
  if (!before) return look.newestFootageMs === undefined ? 0 : distrustAfterAwayMs
  const wallPassedMs = look.wallMs - before.wallMs
  if (before.monotonicMs === undefined) {
    if (wallPassedMs < -stepMs) return distrustAfterStepMs
    return wallPassedMs > stepMs ? Math.max(before.distrustMs, distrustAfterAwayMs) : before.distrustMs
  }
  const passedMs = look.monotonicMs - before.monotonicMs
  if (Math.abs(wallPassedMs - passedMs) > stepMs) return distrustAfterStepMs
  return Math.max(0, before.distrustMs - passedMs)
}

/** Capture times follow the camera's clock smoothly and may be a little ahead of ours. */
const toleranceMs = 60_000

export function isBelieved(belief: ClockBelief, newestFootageMs: number | undefined): boolean {
  return belief.distrustMs === 0 && !isBeforeFootage(belief, newestFootageMs)
}

/** A sentence for the status page. The hour after a start is nothing to worry about. */
export function clockProblem(belief: ClockBelief, newestFootageMs: number | undefined): string | undefined {
  if (newestFootageMs !== undefined && isBeforeFootage(belief, newestFootageMs))
    return `The clock is before the newest footage (${new Date(newestFootageMs).toISOString()}). Nothing is deleted for its age until it is right.`
  if (belief.distrustMs <= distrustAfterAwayMs) return undefined
  return `The clock was set by more than an hour. Nothing is deleted for its age for another ${Math.ceil(belief.distrustMs / hourMs)} hours.`
}

function isBeforeFootage(belief: ClockBelief, newestFootageMs: number | undefined): boolean {
  return newestFootageMs !== undefined && belief.wallMs < newestFootageMs - toleranceMs
}
