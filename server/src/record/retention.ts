/**
 * Decides which footage reaches its end. Pure: footage, rules and clock in, deletions with the rule that asks for each out.
 * Not here: reading candidates (retention-store.ts), deleting (cleaner.ts), whether the clock is believed (clock-belief.ts).
 * Invariants: kept footage is never planned; nothing newer goes while something older may go instead; a plan stops as soon
 * as it is enough.
 */
import { dayMs } from '../lib/hour-minutes.ts'
import { overlaps, type Span } from '../lib/spans.ts'

/** A segment that a rule may ask for, candidates are listed oldest first. */
export interface Candidate extends Span {
  readonly id: string
  readonly cameraId: string
  readonly sizeBytes: number
}
export type DeletionRule = 'days' | 'quota' | 'reserve' | 'camera_deleted'
export interface Deletion {
  readonly segmentId: string
  readonly rule: DeletionRule
}

/** A volume and what footage takes of it. */
export interface VolumeSpace {
  readonly totalBytes: number
  readonly freeBytes: number
  readonly footageBytes: number
  /** Null: only the reserve limits it. */
  readonly quotaBytes: number | null
  /** Share of the volume that stays free. */
  readonly reserveShare: number
}

/** Bytes to free, by what asks for them. Freeing serves both at once. */
export interface Shortage {
  readonly quotaBytes: number
  readonly reserveBytes: number
}

/** What must go before `needBytes` more may be written. */
export function shortageOf(space: VolumeSpace, needBytes: number): Shortage {
  const quotaBytes = space.quotaBytes === null ? 0 : space.footageBytes + needBytes - space.quotaBytes
  const reserveBytes = space.reserveShare * space.totalBytes + needBytes - space.freeBytes
  return { quotaBytes: Math.max(0, quotaBytes), reserveBytes: Math.max(0, Math.ceil(reserveBytes)) }
}

export interface SpacePlan {
  readonly deletions: readonly Deletion[]
  /** What is still short after them: look at further candidates, or tell that nothing is left to delete. */
  readonly shortage: Shortage
}

/** Makes space on one volume: oldest first, whatever camera it is of. */
export function planSpace(
  shortage: Shortage,
  candidates: readonly Candidate[],
  isKept: (candidate: Candidate) => boolean,
): SpacePlan {
  const deletions: Deletion[] = []
  let { quotaBytes, reserveBytes } = shortage
  for (const candidate of candidates) {
    if (quotaBytes <= 0 && reserveBytes <= 0) break
    if (isKept(candidate)) continue
    deletions.push({ segmentId: candidate.id, rule: quotaBytes > 0 ? 'quota' : 'reserve' })
    quotaBytes -= candidate.sizeBytes
    reserveBytes -= candidate.sizeBytes
  }
  return { deletions, shortage: { quotaBytes: Math.max(0, quotaBytes), reserveBytes: Math.max(0, reserveBytes) } }
}

/** Before this, footage of a camera with a rule of days is too old. */
export function oldestAllowedMs(nowMs: number, keepDays: number): number {
  return nowMs - keepDays * dayMs
}

/** A camera's footage that ended before its rule of days lets it. */
export function planAged(
  beforeMs: number,
  candidates: readonly Candidate[],
  isKept: (candidate: Candidate) => boolean,
): Deletion[] {
  return candidates
    .filter((candidate) => candidate.endMs <= beforeMs && !isKept(candidate))
    .map((candidate) => ({ segmentId: candidate.id, rule: 'days' }))
}

/** A span that somebody wants kept, with the camera whose footage it is. */
export interface KeptSpan extends Span {
  readonly cameraId: string
}

/** Footage of which any part lies in a kept span is kept. */
export function keptBy(spans: readonly KeptSpan[]): (candidate: Candidate) => boolean {
  const byCamera = Map.groupBy(spans, (span) => span.cameraId)
  return (candidate) => (byCamera.get(candidate.cameraId) ?? []).some((span) => overlaps(span, candidate))
}
