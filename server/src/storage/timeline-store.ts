/**
 * Reads a view of the timeline: a page of rows whatever the zoom, from the hour sums where the view is wide.
 * SQLite answers synchronously, so cameras are read a few at a time with other work in between.
 * Not here: merging and clipping (timeline-layout.ts).
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { TimelineLane } from '@vedette/shared/timeline.ts'
import type { Db } from '../db/database.ts'
import type { CameraList } from '../http/http.ts'
import { allMinutes, hourMs, startOfHour } from '../lib/hour-minutes.ts'
import { mergeSpans, type Span } from '../lib/spans.ts'
import { bucketOf, packed, unpack } from './timeline-bucket-store.ts'
import { readEventMarks } from './timeline-events-store.ts'
import { readGaps } from './timeline-gaps-store.ts'
import { bucketToSpan, layOut, type MinutesRow, minutesToSpans, type View } from './timeline-layout.ts'

/** How long before a view a segment may begin that reaches into it. */
const longestSegmentMs = 600_000
const camerasPerTurn = 8

export interface Timeline {
  readonly bucketMs: number
  readonly lanes: readonly TimelineLane[]
}

export interface TimelineRequest {
  readonly view: View
  readonly nowMs: number
  /** Footage that the index does not have yet. */
  readonly open: readonly CameraSpan[]
}

/** The lanes of `cameras` (ids that exist and may be seen), in their order. */
export async function readTimeline(db: Db, cameras: readonly string[], request: TimelineRequest): Promise<Timeline> {
  const [marks, lanes] = await Promise.all([readEventMarks(db, cameras, request.view), readLanes(db, cameras, request)])
  return {
    bucketMs: marks.bucketMs,
    lanes: lanes.map((lane) => ({
      ...lane,
      events: marks.events.get(lane.cameraId) ?? [],
      density: marks.density.get(lane.cameraId) ?? [],
    })),
  }
}

async function readLanes(db: Db, cameras: readonly string[], { view, nowMs, open }: TimelineRequest) {
  const lanes: Omit<TimelineLane, 'events' | 'density'>[] = []
  for (let at = 0; at < cameras.length; at += camerasPerTurn) {
    const some = cameras.slice(at, at + camerasPerTurn)
    const [footageRows, gapRows] = await Promise.all([readFootage(db, some, view), readGaps(db, some, view)])
    const footage = Map.groupBy([...footageRows, ...open], (span) => span.cameraId)
    const gaps = Map.groupBy(gapRows, (gap) => gap.cameraId)
    for (const cameraId of some) {
      const rows = { footage: footage.get(cameraId) ?? [], gaps: gaps.get(cameraId) ?? [] }
      lanes.push({ cameraId, ...layOut(view, nowMs, rows) })
    }
    await nextTurn()
  }
  return lanes
}

/** Ids of the cameras that are not deleted, those of `wanted` that the caller may see. */
export async function timelineCameras(
  db: Db,
  allowed: CameraList,
  wanted: readonly string[] | undefined,
): Promise<string[]> {
  const rows = await db
    .selectFrom('camera')
    .select('id')
    .where('deleted_ms', 'is', null)
    .$if(allowed !== 'all', (query) => query.where('id', 'in', inList(allowed)))
    .$if(wanted !== undefined, (query) => query.where('id', 'in', inList(wanted ?? [])))
    .orderBy('id')
    .execute()
  return rows.map((row) => row.id)
}

function inList(ids: CameraList): readonly string[] {
  // An empty list is no SQL: nothing has the empty id.
  return ids === 'all' || ids.length === 0 ? [''] : ids
}

export type CameraSpan = Span & { readonly cameraId: string }

async function readFootage(db: Db, cameras: readonly string[], view: View): Promise<CameraSpan[]> {
  const reach = { startMs: view.startMs - longestSegmentMs, endMs: view.endMs }
  if (view.detail === 'exact') return readSegments(db, cameras, [reach])
  const hours = db
    .selectFrom('segment_hour')
    .where('camera_id', 'in', cameras)
    .where('stream', '=', 'main')
    .where('hour_ms', '>=', startOfHour(reach.startMs))
    .where('hour_ms', '<', view.endMs)
  if (view.detail === 'buckets') {
    const buckets = hours
      .where('hour_ms', '>=', view.columns.originMs)
      .select((eb) => ['camera_id', bucketOf(eb.ref('hour_ms'), view.columns).as('bucket')])
      .groupBy(['camera_id', 'bucket'])
    const lanes = await db
      .selectFrom(buckets.as('touched'))
      .select((eb) => ['camera_id', packed(eb.ref('bucket')).as('buckets')])
      .groupBy('camera_id')
      .execute()
    return lanes.flatMap((lane) =>
      unpack(lane.buckets).map(([bucket = 0]) => ({ ...bucketToSpan(view.columns, bucket), cameraId: lane.camera_id })),
    )
  }
  const rows = await hours.select(['camera_id', 'hour_ms', 'minutes_low', 'minutes_high']).execute()
  if (view.detail === 'minutes') return rows.flatMap(toSpans)
  const segments: CameraSpan[] = []
  for (const [cameraId, broken] of Map.groupBy(rows.filter(isBroken), (row) => row.camera_id))
    segments.push(...(await readSegments(db, [cameraId], mergeSpans(broken.map(wholeHour)))))
  return [...rows.filter((row) => !isBroken(row)).flatMap(toSpans), ...segments]
}

/** Segments that begin in one of the spans, of which there must be one. */
async function readSegments(db: Db, cameras: readonly string[], begin: readonly Span[]): Promise<CameraSpan[]> {
  const rows = await db
    .selectFrom('segment')
    .select(['camera_id', 'start_ms', 'end_ms'])
    .where('camera_id', 'in', cameras)
    .where('stream', '=', 'main')
    .where((eb) =>
      eb.or(begin.map((span) => eb.and([eb('start_ms', '>=', span.startMs), eb('start_ms', '<', span.endMs)]))),
    )
    .where('doomed_by', 'is', null)
    .execute()
  return rows.map((row) => ({ cameraId: row.camera_id, startMs: row.start_ms, endMs: row.end_ms }))
}

type HourRow = MinutesRow & { readonly camera_id: string }

/** Has a minute without footage, or lies on two volumes. */
function isBroken(row: HourRow): boolean {
  return row.minutes_low !== allMinutes.low || row.minutes_high !== allMinutes.high
}

function wholeHour(row: Pick<HourRow, 'hour_ms'>): Span {
  return { startMs: row.hour_ms, endMs: row.hour_ms + hourMs }
}

function toSpans(row: HourRow): CameraSpan[] {
  return minutesToSpans(row).map((span) => ({ ...span, cameraId: row.camera_id }))
}
