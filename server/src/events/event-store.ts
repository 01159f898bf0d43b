/** Events in the database. Lists are filtered by the caller's cameras inside the query. */
import type { EventKind, EventQuery, EventView } from '@vedette/shared/event.ts'
import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import type { EventTable } from '../db/tables.ts'
import type { CameraList } from '../http/http.ts'
import { AppError } from '../lib/app-error.ts'

export interface NewEvent {
  readonly id: string
  readonly cameraId: string
  readonly kind: EventKind
  readonly startMs: number
  readonly zones: readonly string[]
  readonly score: number
  /** By hand: when it is to end. */
  readonly untilMs?: number
}

export async function findEvent(db: Db, eventId: string): Promise<EventView | undefined> {
  const row = await db.selectFrom('event').selectAll().where('id', '=', eventId).executeTakeFirst()
  return row && toView(row)
}

/** Newest first; `nextCursor` is where the next page begins. */
export async function listEvents(
  db: Db,
  cameras: CameraList,
  filter: EventQuery,
): Promise<{ events: EventView[]; nextCursor: string | null }> {
  const { camera, kind, kept, sinceMs, untilMs, cursor, limit } = filter
  let query = db.selectFrom('event').selectAll()
  if (cameras !== 'all') query = query.where('camera_id', 'in', cameras.length > 0 ? cameras : [''])
  if (camera) query = query.where('camera_id', '=', camera)
  if (kind) query = query.where('kind', '=', kind)
  // Written out, not as a parameter: else SQLite does not see that the index of kept events fits.
  if (kept) query = query.where('kept', '=', sql<number>`1`)
  if (sinceMs !== undefined) query = query.where('start_ms', '>=', sinceMs)
  if (untilMs !== undefined) query = query.where('start_ms', '<', untilMs)
  if (cursor) {
    const { startMs, id } = parseCursor(cursor)
    query = query.where((eb) => eb(eb.refTuple('start_ms', 'id'), '<', eb.tuple(startMs, id)))
  }
  const rows = await query
    .orderBy('start_ms', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return { events: rows.slice(0, limit).map(toView), nextCursor: last ? `${last.start_ms}-${last.id}` : null }
}

export async function openEvent(db: Db, event: NewEvent): Promise<void> {
  await db
    .insertInto('event')
    .values({
      id: event.id,
      camera_id: event.cameraId,
      kind: event.kind,
      start_ms: event.startMs,
      end_ms: null,
      zones: JSON.stringify(event.zones),
      score: event.score,
      has_picture: 0,
      kept: 0,
      until_ms: event.untilMs ?? null,
    })
    .execute()
}

export async function updateEvent(
  db: Db,
  eventId: string,
  change: { readonly zones: readonly string[]; readonly score: number; readonly endMs?: number },
): Promise<void> {
  await db
    .updateTable('event')
    .set({
      zones: JSON.stringify(change.zones),
      score: change.score,
      ...(change.endMs === undefined ? {} : { end_ms: change.endMs }),
    })
    .where('id', '=', eventId)
    .execute()
}

export async function setEventPicture(db: Db, eventId: string): Promise<void> {
  await db.updateTable('event').set({ has_picture: 1 }).where('id', '=', eventId).execute()
}

/** Kept: no rule deletes its footage. */
export async function keepEvent(db: Db, eventId: string, isKept: boolean): Promise<void> {
  await db
    .updateTable('event')
    .set({ kept: isKept ? 1 : 0 })
    .where('id', '=', eventId)
    .execute()
}

/** An event by hand lasts until then. */
export async function setUntil(db: Db, eventId: string, untilMs: number): Promise<void> {
  await db.updateTable('event').set({ until_ms: untilMs }).where('id', '=', eventId).execute()
}

export async function endEvent(db: Db, eventId: string, endMs: number): Promise<void> {
  await db.updateTable('event').set({ end_ms: endMs, until_ms: null }).where('id', '=', eventId).execute()
}

/** Events by hand that are to go on. */
export async function listByHand(
  db: Db,
  nowMs: number,
): Promise<{ readonly eventId: string; readonly cameraId: string; readonly untilMs: number }[]> {
  const rows = await db
    .selectFrom('event')
    .select(['id', 'camera_id', 'until_ms'])
    .where('end_ms', 'is', null)
    .where('until_ms', '>', nowMs)
    .execute()
  return rows.map((row) => ({ eventId: row.id, cameraId: row.camera_id, untilMs: row.until_ms ?? nowMs }))
}

/** Events that a crash left open end where their last footage does, at the latest now; those by hand go on until their end. */
export async function closeLeftOpen(db: Db, nowMs: number): Promise<void> {
  const open = await db
    .selectFrom('event')
    .select(['id', 'camera_id', 'start_ms', 'until_ms'])
    .where('end_ms', 'is', null)
    .where((eb) => eb.or([eb('until_ms', 'is', null), eb('until_ms', '<=', nowMs)]))
    .execute()
  for (const event of open) {
    const last = await db
      .selectFrom('segment')
      .select((eb) => eb.fn.max('end_ms').as('end_ms'))
      .where('camera_id', '=', event.camera_id)
      .where('start_ms', '>=', event.start_ms - 600_000)
      .executeTakeFirst()
    const footageEndMs = Math.max(event.start_ms, Number(last?.end_ms ?? event.start_ms))
    await endEvent(db, event.id, Math.min(nowMs, event.until_ms ?? nowMs, footageEndMs))
  }
}

function parseCursor(cursor: string): { startMs: number; id: string } {
  const match = /^(\d{1,14})-([0-9A-Z]{26})$/.exec(cursor)
  if (!match) throw new AppError('bad_request', 'cursor: take it from the answer before.', { field: 'cursor' })
  return { startMs: Number(match[1]), id: match[2] ?? '' }
}

function toView(row: EventTable): EventView {
  return {
    id: row.id,
    cameraId: row.camera_id,
    kind: row.kind,
    startMs: row.start_ms,
    endMs: row.end_ms,
    zones: JSON.parse(row.zones) as string[],
    score: row.score,
    hasPicture: row.has_picture === 1,
    kept: row.kept === 1,
  }
}
