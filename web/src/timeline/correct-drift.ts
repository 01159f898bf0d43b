/** How a camera that plays along is brought back to the leader: a little faster or slower, or a jump when far off. Pure. */

/** Below this nothing is done: the eye does not see it, and cameras' clocks are not better. */
const toleratedMs = 40
const jumpMs = 1000

export interface DriftPlan {
  readonly seek: boolean
  readonly rate: number
}

/** `driftMs`: the camera's place minus the leader's. */
export function correctDrift(driftMs: number, rate: number, isPlaying: boolean): DriftPlan {
  const awayMs = Math.abs(driftMs)
  if (!isPlaying) return { seek: awayMs > 2 * toleratedMs, rate }
  // At a high speed the same share of a second passes sooner: judge by the time on the clock, not on the footage.
  if (awayMs > jumpMs * Math.max(1, rate)) return { seek: true, rate }
  if (awayMs < toleratedMs * Math.max(1, rate)) return { seek: false, rate }
  const share = Math.min(0.25, awayMs / 2000 / Math.max(1, rate))
  return { seek: false, rate: driftMs > 0 ? rate * (1 - share) : Math.min(16, rate * (1 + share)) }
}
