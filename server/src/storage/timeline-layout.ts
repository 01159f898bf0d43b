/**
 * How the timeline is cut: which detail a view gets, and how rows become the spans and counts of a lane.
 * Pure. In: rows as timeline-store.ts reads them. Out: shared/src/timeline.ts lanes.
 */
import { type GapCause, gapCause, type TimelineLane } from '@vedette/shared/timeline.ts'
import { hourMs, minuteSpans, startOfHour } from '../lib/hour-minutes.ts'
import { mergeSpans, overlaps, type Span, subtractSpans } from '../lib/spans.ts'

/**
 * `exact`: every segment and gap. `close`: the same, but hours with footage in every minute are not looked into.
 * `minutes`: hours with their minutes. `buckets`: a bucket is whole hours.
 */
export type Detail = 'exact' | 'close' | 'minutes' | 'buckets'

/** Equal columns of time, numbered from `originMs` on. */
export interface Buckets {
  readonly bucketMs: number
  readonly originMs: number
}

export interface View extends Span {
  readonly detail: Detail
  /** For footage and gaps, about a pixel wide. */
  readonly columns: Buckets
  /** For counts of events, some pixels wide: a lane of a thousand numbers costs more than it tells. */
  readonly counts: Buckets
}

/** Footage that lies closer than this is one recording: the ledger is right to a second. */
const touchingMs = 1000
const columnsPerCount = 4

export function planView({ startMs, endMs }: Span, buckets: number): View {
  const wishedMs = (endMs - startMs) / buckets
  const detail = chooseDetail(wishedMs)
  const wideMs = wishedMs * columnsPerCount
  const exactly = (ms: number): Buckets => ({ bucketMs: Math.ceil(ms), originMs: startMs })
  return {
    startMs,
    endMs,
    detail,
    columns: detail === 'buckets' ? hourBuckets(startMs, wishedMs) : exactly(wishedMs),
    counts: wideMs < hourMs ? exactly(wideMs) : hourBuckets(startMs, wideMs),
  }
}

function chooseDetail(columnMs: number): Detail {
  if (columnMs < 10_000) return 'exact'
  if (columnMs < 60_000) return 'close'
  return columnMs < hourMs / 2 ? 'minutes' : 'buckets'
}

/** Buckets of whole hours, the least that are as wide as wished. */
export function hourBuckets(fromMs: number, wishedMs: number): Buckets {
  return { bucketMs: Math.ceil(wishedMs / hourMs) * hourMs, originMs: startOfHour(fromMs) }
}

export interface Gap extends Span {
  readonly kind: 'missing' | 'not_wanted'
  readonly cause: string
  /** Time without footage in the span, which is coarser. */
  readonly gapMs: number
}
export interface MinutesRow {
  readonly hour_ms: number
  readonly minutes_low: number
  readonly minutes_high: number
}

export function minutesToSpans(row: MinutesRow): Span[] {
  return minuteSpans({ low: row.minutes_low, high: row.minutes_high }, row.hour_ms)
}

export function bucketToSpan({ originMs, bucketMs }: Buckets, bucket: number): Span {
  const startMs = originMs + bucket * bucketMs
  return { startMs, endMs: startMs + bucketMs }
}

/** A lane's spans. Coarse ones reach past what they stand for: they end with the view and with the present. */
export function layOut(
  view: View,
  nowMs: number,
  rows: { readonly footage: readonly Span[]; readonly gaps: readonly Gap[] },
): Pick<TimelineLane, 'recorded' | 'missing' | 'notWanted'> {
  const clip = clipTo(view, nowMs)
  const toleranceMs = Math.max(touchingMs, view.detail === 'buckets' ? 0 : view.columns.bucketMs)
  const wideGaps = rows.gaps.filter((gap) => gap.endMs - gap.startMs > toleranceMs)
  // A whole hour stands for footage that may have holes; the ledger knows them.
  const footage = view.detail === 'close' ? withoutHoles(rows.footage, wideGaps) : rows.footage
  const recorded = mergeSpans(footage.flatMap(clip), toleranceMs)
  const notWanted = mergeSpans(rows.gaps.filter((gap) => gap.kind === 'not_wanted').flatMap(clip), toleranceMs)
  const missing = mergeMissing(rows.gaps, toleranceMs)
  return {
    recorded,
    missing: missing.flatMap((gap) => clip(gap).map((span) => ({ ...span, cause: gap.cause }))),
    // What is recorded and not wanted in turns shows as recorded; what is missing always shows.
    notWanted: notWanted.flatMap((span) => subtractSpans(span, recorded)),
  }
}

function withoutHoles(footage: readonly Span[], gaps: readonly Span[]): Span[] {
  return footage.flatMap((span) => {
    const inside = gaps.filter((gap) => overlaps(gap, span))
    return inside.length > 0 ? subtractSpans(span, inside) : [span]
  })
}

function clipTo(view: View, nowMs: number): (span: Span) => Span[] {
  return (span) => {
    const startMs = Math.max(span.startMs, view.startMs)
    const endMs = Math.min(span.endMs, view.endMs, span.startMs < nowMs && view.detail !== 'exact' ? nowMs : view.endMs)
    return endMs > startMs ? [{ startMs, endMs }] : []
  }
}

/** Missing spans never overlap: where several causes share a bucket, the one with the most time names it. */
function mergeMissing(gaps: readonly Gap[], toleranceMs: number): (Span & { readonly cause: GapCause })[] {
  const merged: (Span & { readonly cause: GapCause; readonly gapMs: number })[] = []
  const missing = gaps.filter((gap) => gap.kind === 'missing')
  for (const gap of missing.toSorted((a, b) => a.startMs - b.startMs || b.gapMs - a.gapMs)) {
    const next = { startMs: gap.startMs, endMs: gap.endMs, cause: knownCause(gap.cause), gapMs: gap.gapMs }
    const last = merged.at(-1)
    const isApart = !last || next.startMs > last.endMs + toleranceMs
    const isOtherCause = last && next.cause !== last.cause && next.startMs >= last.endMs
    if (isApart || isOtherCause) merged.push(next)
    else
      merged[merged.length - 1] = {
        startMs: last.startMs,
        endMs: Math.max(last.endMs, next.endMs),
        cause: next.gapMs > last.gapMs ? next.cause : last.cause,
        gapMs: Math.max(last.gapMs, next.gapMs),
      }
  }
  return merged.map(({ gapMs: _, ...gap }) => gap)
}

function knownCause(cause: string): GapCause {
  const known = gapCause.safeParse(cause)
  return known.success ? known.data : 'unknown'
}
