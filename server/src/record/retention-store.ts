/** Reads what retention decides about: candidates oldest first, a page at a time, kept spans, sums and rules. */
import { sql } from 'kysely'
import { z } from 'zod'
import type { Db } from '../db/database.ts'
import { dayMs, hourMs, startOfHour } from '../lib/hour-minutes.ts'
import type { Candidate, KeptSpan } from './retention.ts'

export const candidatesPerPage = 500

export type PageEnd = Pick<Candidate, 'startMs' | 'id'>

/** The oldest footage of a volume, across cameras. */
export async function oldestOfVolume(db: Db, volumeId: string, after: PageEnd | undefined): Promise<Candidate[]> {
  const rows = await db
    .selectFrom('segment')
    .select(['id', 'camera_id', 'start_ms', 'end_ms', 'size_bytes'])
    .where('volume_id', '=', volumeId)
    .where('doomed_by', 'is', null)
    .$if(after !== undefined, (query) =>
      query.where((eb) => eb(eb.refTuple('start_ms', 'id'), '>', eb.tuple(after?.startMs ?? 0, after?.id ?? ''))),
    )
    .orderBy('start_ms')
    .orderBy('id')
    .limit(candidatesPerPage)
    .execute()
  return rows.map(toCandidate)
}

/** A camera's footage that began before `beforeMs`, on any volume. */
export async function oldestOfCamera(
  db: Db,
  camera: { readonly cameraId: string; readonly stream: 'main' | 'sub'; readonly beforeMs: number },
  after: PageEnd | undefined,
): Promise<Candidate[]> {
  const rows = await db
    .selectFrom('segment')
    .select(['id', 'camera_id', 'start_ms', 'end_ms', 'size_bytes'])
    .where('camera_id', '=', camera.cameraId)
    .where('stream', '=', camera.stream)
    .where('start_ms', '<', camera.beforeMs)
    .where('doomed_by', 'is', null)
    .$if(after !== undefined, (query) =>
      query.where((eb) => eb(eb.refTuple('start_ms', 'id'), '>', eb.tuple(after?.startMs ?? 0, after?.id ?? ''))),
    )
    .orderBy('start_ms')
    .orderBy('id')
    .limit(candidatesPerPage)
    .execute()
  return rows.map(toCandidate)
}

function toCandidate(row: {
  id: string
  camera_id: string
  start_ms: number
  end_ms: number
  size_bytes: number
}): Candidate {
  return {
    id: row.id,
    cameraId: row.camera_id,
    startMs: row.start_ms,
    endMs: row.end_ms,
    sizeBytes: row.size_bytes,
  }
}

/** A part of shared/src/camera.ts cameraSettings; other keys do not matter here. */
const rules = z.object({ keepDays: z.number().nullable(), preRollMs: z.number(), postRollMs: z.number() })
export interface CameraRules extends z.infer<typeof rules> {
  readonly cameraId: string
}

/** Of all cameras, deleted ones too: their footage stays until these rules end it. */
export async function cameraRules(db: Db): Promise<CameraRules[]> {
  const rows = await db.selectFrom('camera').select(['id', 'settings']).execute()
  return rows.map((row) => ({ cameraId: row.id, ...rules.parse(JSON.parse(row.settings)) }))
}

/** Kept events that may touch these candidates, each with its camera's pre- and post-roll. */
export async function keptAround(
  db: Db,
  candidates: readonly Candidate[],
  cameras: readonly CameraRules[],
): Promise<KeptSpan[]> {
  if (candidates.length === 0) return []
  const rollOf = new Map(cameras.map((camera) => [camera.cameraId, camera]))
  const longestRollMs = Math.max(0, ...cameras.map((camera) => Math.max(camera.preRollMs, camera.postRollMs)))
  const startMs = Math.min(...candidates.map((candidate) => candidate.startMs)) - longestRollMs
  const endMs = Math.max(...candidates.map((candidate) => candidate.endMs)) + longestRollMs
  const rows = await db
    .selectFrom('event')
    .select(['camera_id', 'start_ms', 'end_ms'])
    // Written out, not as a parameter: else SQLite does not see that the index of kept events fits.
    .where('kept', '=', sql.lit(1))
    .where('camera_id', 'in', [...new Set(candidates.map((candidate) => candidate.cameraId))])
    .where('start_ms', '<', endMs)
    .where((eb) => eb.or([eb('end_ms', 'is', null), eb('end_ms', '>', startMs)]))
    .execute()
  return rows.map((row) => ({
    cameraId: row.camera_id,
    startMs: row.start_ms - (rollOf.get(row.camera_id)?.preRollMs ?? 0),
    // An event that lasts keeps everything from its start on.
    endMs: row.end_ms === null ? Number.POSITIVE_INFINITY : row.end_ms + (rollOf.get(row.camera_id)?.postRollMs ?? 0),
  }))
}

/** Bytes of footage on a volume. */
export async function footageBytesOn(db: Db, volumeId: string): Promise<number> {
  const { bytes } = await db
    .selectFrom('footage_sum')
    .select((eb) => eb.fn.sum<number | null>('size_bytes').as('bytes'))
    .where('volume_id', '=', volumeId)
    .executeTakeFirstOrThrow()
  return Number(bytes ?? 0)
}

/** What the streams that recorded lately are about to write: a segment each, as large as theirs were, and a half more. */
export async function nextSegmentsBytes(db: Db, volumeId: string, nowMs: number): Promise<number> {
  const cameras = await db.selectFrom('footage_sum').select('camera_id').where('volume_id', '=', volumeId).execute()
  if (cameras.length === 0) return 0
  const streams = await db
    .selectFrom('segment_hour')
    .select((eb) => [eb.fn.sum<number>('size_bytes').as('bytes'), eb.fn.sum<number>('segments').as('segments')])
    .where('camera_id', 'in', [...new Set(cameras.map((row) => row.camera_id))])
    .where('stream', 'in', ['main', 'sub'])
    .where('hour_ms', '>=', startOfHour(nowMs) - hourMs)
    .where('hour_ms', '<=', nowMs)
    .where('volume_id', '=', volumeId)
    .groupBy(['camera_id', 'stream'])
    .execute()
  return streams.reduce((sum, row) => sum + Math.ceil((1.5 * row.bytes) / Math.max(1, row.segments)), 0)
}

/** End of the newest footage that there is; undefined: none. */
export async function newestFootageMs(db: Db): Promise<number | undefined> {
  const volumes = await db.selectFrom('footage_sum').select('volume_id').distinct().execute()
  const ends: number[] = []
  for (const { volume_id } of volumes) {
    const row = await db
      .selectFrom('segment')
      .select('end_ms')
      .where('volume_id', '=', volume_id)
      .orderBy('start_ms', 'desc')
      .limit(1)
      .executeTakeFirst()
    if (row) ends.push(row.end_ms)
  }
  return ends.length > 0 ? Math.max(...ends) : undefined
}

const receiptsKeptMs = 366 * dayMs
/** The timeline shows no longer span. */
const gapsKeptMs = 400 * dayMs
const rowsPerSweep = 1000

/** Drops receipts older than a year, gaps and events older than any view, a few at a time. Kept events stay. */
export async function dropOldNotes(db: Db, nowMs: number): Promise<void> {
  const receipts = db
    .selectFrom('receipt')
    .select('id')
    .where('at_ms', '<', nowMs - receiptsKeptMs)
    .orderBy('at_ms')
    .limit(rowsPerSweep)
  await db.deleteFrom('receipt').where('id', 'in', receipts).execute()
  for (const { id } of await db.selectFrom('camera').select('id').execute()) {
    const beforeMs = nowMs - gapsKeptMs
    await db.deleteFrom('gap_hour').where('camera_id', '=', id).where('hour_ms', '<', beforeMs).execute()
    await db
      .deleteFrom('gap')
      .where('camera_id', '=', id)
      .where('start_ms', '<', beforeMs)
      .where('end_ms', '<', beforeMs)
      .execute()
  }
  const events = db
    .selectFrom('event')
    .select('id')
    .where('start_ms', '<', nowMs - gapsKeptMs)
    .where('kept', '=', 0)
    .where('end_ms', 'is not', null)
    .orderBy('start_ms')
    .limit(rowsPerSweep)
  await db.deleteFrom('event').where('id', 'in', events).execute()
}
