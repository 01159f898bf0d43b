/**
 * Turns what happened to one camera into the ledger's gap notes, so that each of its seconds is recorded, not wanted, or
 * missing with a cause.
 * In:        spans that were recorded, reasons why nothing is, and how far time has settled. Out: gap notes.
 * Not here:  where reasons come from (record-stream.ts), the ledger itself (gap-store.ts).
 * Invariant: recorded spans and gaps cover everything from the start up to the cursor, and gaps never overlap. Pure.
 */
import type { GapNote } from './note.ts'

type WithoutPlace<T> = T extends GapNote ? Pick<T, 'kind' | 'cause'> : never
/** Why no footage is expected; undefined: it is expected. */
export type Reason = WithoutPlace<GapNote>

interface ReasonSince {
  readonly fromMs: number
  readonly reason: Reason | undefined
}
interface OpenGap {
  readonly reason: Reason
  readonly startMs: number
  readonly endMs: number
  /** End in the last note that was sent; nothing yet: the start. */
  readonly toldMs: number
}
export interface Coverage {
  readonly cameraId: string
  /** Everything before is accounted for. */
  readonly cursorMs: number
  /** Ascending; the first one holds at the cursor. */
  readonly reasons: readonly ReasonSince[]
  /** Ends at the cursor and still grows. */
  readonly gap: OpenGap | undefined
  /** A new camera's: footage that begins up to then begins the ledger. */
  readonly graceUntilMs?: number | undefined
}

export type CoverageInput =
  | { readonly what: 'recorded'; readonly startMs: number; readonly endMs: number }
  | { readonly what: 'lost'; readonly startMs: number; readonly endMs: number }
  | { readonly what: 'reason'; readonly atMs: number; readonly reason: Reason | undefined }
  /** No footage from before `untilMs` can come any more. */
  | { readonly what: 'settled'; readonly untilMs: number; readonly growEveryMs: number }
  /** Somebody set the clock from one time to another. */
  | { readonly what: 'clock'; readonly fromMs: number; readonly toMs: number }
  | { readonly what: 'end'; readonly atMs: number }

export interface CoverageStep {
  readonly coverage: Coverage
  readonly notes: readonly GapNote[]
}

/** With nothing to explain it, silence is put down to the camera after this: a stall is noticed in 10 s. */
const unexplainedMs = 12_000
const maxReasons = 500
/** Nobody can record a camera before it is connected and has sent a key frame; longer than this is not its start any more. */
const startingMs = 5000
const silence: Reason = { kind: 'missing', cause: 'stalled' }

/** `sinceMs`: end of what the ledger knows of the camera; up to the first footage the recorder's own start is the cause. */
export function beginCoverage(cameraId: string, sinceMs: number): Coverage {
  const reason: Reason = { kind: 'missing', cause: 'process' }
  return { cameraId, cursorMs: sinceMs, reasons: [{ fromMs: sinceMs - 1, reason }], gap: undefined }
}

/** A camera that is switched on just now: its ledger begins with its first footage, or now where that takes longer than 5 s. */
export function beginNewCoverage(cameraId: string, nowMs: number): Coverage {
  return { ...beginCoverage(cameraId, nowMs), graceUntilMs: nowMs + startingMs }
}

export function advanceCoverage(coverage: Coverage, input: CoverageInput): CoverageStep {
  if (input.what === 'recorded') return recorded(coverage, input.startMs, input.endMs)
  if (input.what === 'reason') return { coverage: changeReason(coverage, input.atMs, input.reason), notes: [] }
  if (input.what === 'lost') {
    const gap = { reason: { kind: 'missing', cause: 'disk' } as const, startMs: input.startMs, endMs: input.endMs }
    return { coverage, notes: input.endMs > input.startMs ? [noteOf(coverage, gap)] : [] }
  }
  if (input.what === 'settled') return settle(coverage, input.untilMs, input.growEveryMs, false)
  if (input.what === 'clock') return setClock(coverage, input.fromMs, input.toMs)
  // The moment after the last frame is ours: nobody waits for the camera any more.
  const ended = settle(coverage, input.atMs, 0, true, { kind: 'missing', cause: 'process' })
  return { coverage: { ...ended.coverage, gap: undefined }, notes: ended.notes }
}

/** Time that was skipped is missing; time that comes again is accounted for again, and the ledger keeps the union. */
function setClock(coverage: Coverage, fromMs: number, toMs: number): CoverageStep {
  const reason = coverage.reasons.at(-1)?.reason
  if (toMs >= fromMs) {
    const skipped = changeReason(coverage, fromMs, { kind: 'missing', cause: 'clock' })
    return { coverage: changeReason(skipped, toMs, reason), notes: [] }
  }
  const { notes } = settle(coverage, fromMs, 0, true)
  return { coverage: { ...coverage, cursorMs: toMs, reasons: [{ fromMs: toMs, reason }], gap: undefined }, notes }
}

function changeReason(coverage: Coverage, atMs: number, reason: Reason | undefined): Coverage {
  const last = coverage.reasons.at(-1)
  if (last && isSame(last.reason, reason)) return coverage
  const fromMs = Math.max(atMs, last?.fromMs ?? atMs) // A clock that was set back does not reorder causes.
  const [first, ...rest] = coverage.reasons.filter((since) => since.fromMs < fromMs)
  const earlier = first ? [first, ...rest.slice(-maxReasons)] : []
  return { ...coverage, reasons: [...earlier, { fromMs, reason }] }
}

/** A new camera's first seconds, if footage was wanted all the time. */
function isStarting({ graceUntilMs, reasons }: Coverage, untilMs: number): boolean {
  return untilMs <= (graceUntilMs ?? 0) && reasons.every(({ reason }) => reason?.kind !== 'not_wanted')
}

function recorded({ graceUntilMs, ...known }: Coverage, startMs: number, endMs: number): CoverageStep {
  const isBirth = startMs > known.cursorMs && isStarting({ ...known, graceUntilMs }, startMs)
  const coverage = isBirth ? { ...known, cursorMs: startMs } : known
  const { cursorMs, gap } = coverage
  if (endMs <= (gap?.startMs ?? cursorMs)) return still(coverage) // Known: a file was closed that had grown before.
  const filled = startMs > cursorMs ? explain(coverage, startMs, true) : { coverage, notes: [] }
  const closing = closeGap(filled.coverage, gap && startMs < cursorMs ? startMs : undefined)
  const reasons = prune(coverage.reasons, Math.max(cursorMs, endMs))
  return {
    coverage: { ...coverage, cursorMs: Math.max(cursorMs, endMs), reasons, gap: undefined },
    notes: [...filled.notes, ...closing],
  }
}

function settle(
  coverage: Coverage,
  untilMs: number,
  growEveryMs: number,
  isFinal: boolean,
  finalReason = silence,
): CoverageStep {
  if (isStarting(coverage, untilMs)) return still(coverage)
  if (untilMs <= coverage.cursorMs)
    return isFinal ? { coverage, notes: closeGap(coverage, undefined) } : still(coverage)
  const { coverage: grown, notes } = explain(coverage, untilMs, isFinal, finalReason)
  if (isFinal) return { coverage: grown, notes: [...notes, ...closeGap(grown, undefined)] }
  const { gap } = grown
  const isNews = gap && (gap.toldMs === gap.startMs || gap.endMs - gap.toldMs >= growEveryMs)
  if (!gap || !isNews) return { coverage: grown, notes }
  return { coverage: { ...grown, gap: { ...gap, toldMs: gap.endMs } }, notes: [...notes, noteOf(grown, gap)] }
}

/** Moves the cursor to `toMs` with a gap, or several where the reason changed. Waits where nothing explains it yet. */
function explain(coverage: Coverage, toMs: number, isFinal: boolean, finalReason = silence): CoverageStep {
  let { gap } = coverage
  const notes: GapNote[] = []
  for (const piece of explainedPieces(coverage, toMs, isFinal, finalReason)) {
    if (gap && isSame(gap.reason, piece.reason)) {
      gap = { ...gap, endMs: piece.toMs }
      continue
    }
    notes.push(...closeGap({ ...coverage, gap }, undefined))
    gap = { reason: piece.reason, startMs: piece.fromMs, endMs: piece.toMs, toldMs: piece.fromMs }
  }
  const cursorMs = gap?.endMs ?? coverage.cursorMs
  return { coverage: { ...coverage, cursorMs, gap, reasons: prune(coverage.reasons, cursorMs) }, notes }
}

interface Piece {
  readonly fromMs: number
  readonly toMs: number
  readonly reason: Reason
}

function explainedPieces(coverage: Coverage, toMs: number, isFinal: boolean, finalReason: Reason): Piece[] {
  const { cursorMs, reasons, gap } = coverage
  const pieces: Piece[] = []
  // Trouble goes on until footage comes: a camera that is "online" again has not sent its first key frame yet.
  let last = gap?.reason
  for (const [i, since] of reasons.entries()) {
    const fromMs = Math.max(cursorMs, since.fromMs)
    const untilMs = Math.min(toMs, reasons[i + 1]?.fromMs ?? toMs)
    const before = last
    last = since.reason ?? last
    if (untilMs <= fromMs) continue
    const next = reasons.slice(i + 1).find(({ fromMs: at, reason }) => reason && at < toMs)?.reason
    const trouble = before?.kind === 'missing' ? before : undefined
    const reason =
      since.reason ?? trouble ?? next ?? unexplained(before, toMs - fromMs, isFinal ? finalReason : undefined)
    if (!reason) break
    pieces.push({ fromMs, toMs: untilMs, reason })
  }
  return pieces
}

/** Wanted again, recording still waits a moment for its first key frame; else the camera is silent. */
function unexplained(
  before: Reason | undefined,
  lengthMs: number,
  finalReason: Reason | undefined,
): Reason | undefined {
  if (lengthMs >= unexplainedMs) return silence
  return finalReason && (before ?? finalReason)
}

/** The last word on the open gap, which ends where it is, or earlier where footage turned up in it. */
function closeGap(coverage: Coverage, endMs: number | undefined): GapNote[] {
  const { gap } = coverage
  if (!gap) return []
  const end = Math.max(gap.startMs, Math.min(gap.endMs, endMs ?? gap.endMs))
  return end === gap.toldMs ? [] : [noteOf(coverage, { ...gap, endMs: end })]
}

function noteOf(coverage: Coverage, gap: Pick<OpenGap, 'reason' | 'startMs' | 'endMs'>): GapNote {
  return { note: 'gap', cameraId: coverage.cameraId, ...gap.reason, startMs: gap.startMs, endMs: gap.endMs }
}

const still = (coverage: Coverage): CoverageStep => ({ coverage, notes: [] })
const isSame = (a: Reason | undefined, b: Reason | undefined) => a?.kind === b?.kind && a?.cause === b?.cause

/** What lies wholly before the cursor is not needed any more. */
function prune(reasons: readonly ReasonSince[], cursorMs: number): readonly ReasonSince[] {
  const current = reasons.findLastIndex((since) => since.fromMs <= cursorMs)
  return current > 0 ? reasons.slice(current) : reasons
}
