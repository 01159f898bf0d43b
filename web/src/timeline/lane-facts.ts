/** What the lanes say, as data for words: at one instant, and summed over the view. Pure. */
import type { GapCause, TimelineLane } from '@vedette/shared/timeline.ts'
import type { DrawTile } from './timeline-cache.ts'

export type AtInstant =
  | { readonly kind: 'recorded' | 'notWanted' | 'nothing' }
  | { readonly kind: 'missing'; readonly cause: GapCause }

/** The server knows what is being written to about a second, and at a coarse zoom to a bucket. */
const freshMs = 5000

/**
 * From the last answer until the next one: what was being written when the server answered goes on to the present. For a
 * camera that records at the moment; undefined where the view does not reach the present.
 */
export function openSpan(tiles: readonly DrawTile[], cameraId: string, nowMs: number): Span | undefined {
  const ends = tiles.flatMap(({ answer }) =>
    answer.lanes
      .filter((lane) => lane.cameraId === cameraId)
      .flatMap((lane) => lane.recorded.filter((span) => span.endMs > answer.nowMs - freshMs))
      .map((span) => span.endMs),
  )
  const startMs = Math.max(...ends)
  return startMs > 0 && startMs < nowMs ? { startMs, endMs: nowMs } : undefined
}

/** A tile that ends before knows nothing of what is being written. */
const presentMs = 60_000

/** Cameras of which the newest answer about the present does not know what is being written. */
export function unreadCameras(tiles: readonly DrawTile[]): readonly string[] {
  const present = tiles.map(({ answer }) => answer).filter(({ toMs, nowMs }) => toMs > nowMs - presentMs)
  return present.sort((a, b) => b.nowMs - a.nowMs)[0]?.unread ?? []
}

interface Span {
  readonly startMs: number
  readonly endMs: number
}

export function factAt(tiles: readonly DrawTile[], cameraId: string, ms: number): AtInstant {
  const lane = tiles
    .find((tile) => ms >= tile.fromMs && ms < tile.toMs)
    ?.answer.lanes.find((one) => one.cameraId === cameraId)
  const isIn = (span: { startMs: number; endMs: number }) => ms >= span.startMs && ms <= span.endMs
  const gap = lane?.missing.find(isIn)
  if (gap) return { kind: 'missing', cause: gap.cause }
  if (lane?.recorded.some(isIn)) return { kind: 'recorded' }
  return { kind: lane?.notWanted.some(isIn) ? 'notWanted' : 'nothing' }
}

/** Where the footage of some cameras ends; undefined where none is in view. */
export function newestFootage(tiles: readonly DrawTile[], cameraIds: ReadonlySet<string>): number | undefined {
  const lanes = tiles.flatMap((tile) => tile.answer.lanes.filter((lane) => cameraIds.has(lane.cameraId)))
  const ends = lanes.flatMap((lane) => lane.recorded.map((span) => span.endMs))
  return ends.length > 0 ? Math.max(...ends) : undefined
}

export interface LaneSummary {
  /** Share of the view's past, 0..1. */
  readonly recordedShare: number
  readonly gaps: readonly TimelineLane['missing'][number][]
  readonly events: number
}

export function summarizeLane(tiles: readonly DrawTile[], cameraId: string, fromMs: number, toMs: number): LaneSummary {
  let recordedMs = 0
  let events = 0
  const gaps: TimelineLane['missing'][number][] = []
  for (const tile of tiles) {
    const lane = tile.answer.lanes.find((one) => one.cameraId === cameraId)
    if (!lane) continue
    const [from, to] = [Math.max(fromMs, tile.fromMs), Math.min(toMs, tile.toMs)]
    for (const span of lane.recorded) recordedMs += overlapMs(span, from, to)
    for (const gap of lane.missing) if (overlapMs(gap, from, to) > 0) addGap(gaps, gap)
    events += lane.events.filter((event) => event.startMs >= from && event.startMs < to).length
    for (const [ms, count] of lane.density) if (ms >= from && ms < to) events += count
  }
  return { recordedShare: toMs > fromMs ? Math.min(1, recordedMs / (toMs - fromMs)) : 0, gaps, events }
}

/** A gap over two tiles is in both answers. */
function addGap(gaps: TimelineLane['missing'][number][], gap: TimelineLane['missing'][number]): void {
  const last = gaps.at(-1)
  if (last && last.cause === gap.cause && gap.startMs <= last.endMs) {
    gaps[gaps.length - 1] = { ...last, endMs: Math.max(last.endMs, gap.endMs) }
  } else gaps.push(gap)
}

const overlapMs = (span: { startMs: number; endMs: number }, from: number, to: number) =>
  Math.max(0, Math.min(span.endMs, to) - Math.max(span.startMs, from))
