/**
 * Reads the events of a view: single ones while they are few, counts per bucket while they can be counted in time,
 * counts per hour (kept by the database, migration 0005) beyond that.
 */
import type { TimelineLane } from '@vedette/shared/timeline.ts'
import type { Db } from '../db/database.ts'
import { dayMs, hourMs, startOfHour } from '../lib/hour-minutes.ts'
import type { Span } from '../lib/spans.ts'
import { bucketOf, packed, unpack } from './timeline-bucket-store.ts'
import { type Buckets, hourBuckets, type View } from './timeline-layout.ts'

export interface EventMarks {
  /** Width of the counts' buckets. */
  readonly bucketMs: number
  readonly events: ReadonlyMap<string, TimelineLane['events']>
  readonly density: ReadonlyMap<string, TimelineLane['density']>
}

const maxSingles = 2000
/** Index entries that SQLite walks in some 10 ms. */
const maxCounted = 50_000
/** An event that began longer before the view is drawn only while it lasts. */
const longestEventMs = dayMs

export async function readEventMarks(db: Db, cameras: readonly string[], view: View): Promise<EventMarks> {
  const nothing = { bucketMs: view.counts.bucketMs, events: new Map(), density: new Map() }
  if (cameras.length === 0) return nothing
  if (view.counts.bucketMs % hourMs === 0)
    return { ...nothing, density: await countByHours(db, cameras, view, view.counts) }
  const events = await countInView(db, cameras, view)
  if (events <= maxSingles) return { ...nothing, events: await readSingles(db, cameras, view) }
  if (events <= maxCounted) return { ...nothing, density: await countByBuckets(db, cameras, view) }
  const hours = hourBuckets(view.startMs, hourMs)
  return { ...nothing, bucketMs: hours.bucketMs, density: await countByHours(db, cameras, view, hours) }
}

/** Events in the hours that the view touches: never fewer than in the view. */
async function countInView(db: Db, cameras: readonly string[], view: View): Promise<number> {
  const { events } = await db
    .selectFrom('event_hour')
    .select((eb) => eb.fn.sum<number | null>('events').as('events'))
    .where('camera_id', 'in', cameras)
    .where('hour_ms', '>=', startOfHour(view.startMs))
    .where('hour_ms', '<', view.endMs)
    .executeTakeFirstOrThrow()
  return Number(events ?? 0)
}

async function readSingles(db: Db, cameras: readonly string[], view: View): Promise<EventMarks['events']> {
  const single = db.selectFrom('event').select(['id', 'camera_id', 'kind', 'start_ms', 'end_ms', 'kept'])
  const earliestMs = view.startMs - longestEventMs
  const long = await single
    .where('end_ms', 'is', null)
    .where('start_ms', '<', earliestMs)
    .where('camera_id', 'in', cameras)
    .execute()
  const rows = await single
    .where('camera_id', 'in', cameras)
    .where('start_ms', '>=', earliestMs)
    .where('start_ms', '<', view.endMs)
    .where((eb) => eb.or([eb('end_ms', '>', view.startMs), eb('end_ms', 'is', null)]))
    .orderBy('start_ms')
    .execute()
  const lanes = new Map<string, TimelineLane['events']>()
  for (const row of [...long, ...rows]) {
    const lane = lanes.get(row.camera_id) ?? []
    lane.push({ id: row.id, kind: row.kind, startMs: row.start_ms, endMs: row.end_ms, kept: row.kept === 1 })
    lanes.set(row.camera_id, lane)
  }
  return lanes
}

async function countByBuckets(db: Db, cameras: readonly string[], view: View): Promise<EventMarks['density']> {
  const rows = await db
    .selectFrom('event')
    .select((eb) => [
      'camera_id',
      bucketOf(eb.ref('start_ms'), view.counts).as('bucket'),
      eb.fn.countAll<number>().as('events'),
    ])
    .where('camera_id', 'in', cameras)
    .where('start_ms', '>=', view.startMs)
    .where('start_ms', '<', view.endMs)
    .groupBy(['camera_id', 'bucket'])
    .execute()
  return toDensity(rows, view.counts)
}

async function countByHours(
  db: Db,
  cameras: readonly string[],
  view: Span,
  buckets: Buckets,
): Promise<EventMarks['density']> {
  const counts = db
    .selectFrom('event_hour')
    .select((eb) => [
      'camera_id',
      bucketOf(eb.ref('hour_ms'), buckets).as('bucket'),
      eb.cast<number>(eb.fn.sum('events'), 'integer').as('events'),
    ])
    .where('camera_id', 'in', cameras)
    .where('hour_ms', '>=', startOfHour(view.startMs))
    .where('hour_ms', '<', view.endMs)
    .groupBy(['camera_id', 'bucket'])
  const lanes = await db
    .selectFrom(counts.as('counted'))
    .select((eb) => ['camera_id', packed(eb.ref('bucket'), eb.ref('events')).as('counts')])
    .groupBy('camera_id')
    .execute()
  const rows = lanes.flatMap((lane) =>
    unpack(lane.counts).map(([bucket = 0, events = 0]) => ({ camera_id: lane.camera_id, bucket, events })),
  )
  return toDensity(rows, buckets)
}

interface CountRow {
  readonly camera_id: string
  readonly bucket: number
  readonly events: number
}

function toDensity(rows: readonly CountRow[], buckets: Buckets): EventMarks['density'] {
  const lanes = new Map<string, TimelineLane['density']>()
  // Sorted here: asked to, PostgreSQL sorts every event before it counts.
  for (const row of rows.toSorted((a, b) => a.bucket - b.bucket)) {
    if (Number(row.events) === 0) continue
    const lane = lanes.get(row.camera_id) ?? []
    lane.push([buckets.originMs + row.bucket * buckets.bucketMs, Number(row.events)])
    lanes.set(row.camera_id, lane)
  }
  return lanes
}
