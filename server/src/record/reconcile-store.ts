/** What the index knows of an hour of a camera on a volume, for comparing it with the files. */
import type { Db } from '../db/database.ts'
import { hourMs } from '../lib/hour-minutes.ts'
import { type Segment, toSegment } from './segment-store.ts'

export interface IndexedHour {
  readonly cameraId: string
  readonly hourMs: number
}

/** A name may be taken, then the file has a later one (segment-file.ts). */
const nameSlackMs = 1000

/**
 * Rows whose files should lie in the hour's folder. `doomed` ones are being deleted: their files may be there or not.
 */
export async function rowsOfHour(
  db: Db,
  volumeId: string,
  hour: IndexedHour,
): Promise<(Segment & { readonly isDoomed: boolean })[]> {
  const rows = await db
    .selectFrom('segment')
    .selectAll()
    .where('camera_id', '=', hour.cameraId)
    .where('stream', 'in', ['main', 'sub'])
    .where('start_ms', '>=', hour.hourMs - nameSlackMs)
    .where('start_ms', '<', hour.hourMs + hourMs)
    .where('volume_id', '=', volumeId)
    .orderBy('start_ms')
    .execute()
  return rows
    .filter((row) => row.file_ms >= hour.hourMs && row.file_ms < hour.hourMs + hourMs)
    .map((row) => ({ ...toSegment(row), isDoomed: row.doomed_by !== null }))
}

/** Cameras with footage on a volume. */
export async function camerasOn(db: Db, volumeId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('footage_sum')
    .select('camera_id')
    .distinct()
    .where('volume_id', '=', volumeId)
    .where('segments', '>', 0)
    .orderBy('camera_id')
    .execute()
  return rows.map((row) => row.camera_id)
}

/** Hours of a camera with rows on a volume, oldest first, a page after `afterMs`. */
export async function indexedHours(
  db: Db,
  volumeId: string,
  cameraId: string,
  afterMs: number,
  limit: number,
): Promise<number[]> {
  const rows = await db
    .selectFrom('segment_hour')
    .select('hour_ms')
    .distinct()
    .where('camera_id', '=', cameraId)
    .where('stream', 'in', ['main', 'sub'])
    .where('hour_ms', '>', afterMs)
    .where('volume_id', '=', volumeId)
    .orderBy('hour_ms')
    .limit(limit)
    .execute()
  return rows.map((row) => row.hour_ms)
}
