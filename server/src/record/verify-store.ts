/** Reads segments in the order of their chain, for verifying, and what explains a predecessor that is not there. */
import type { StreamName } from '@vedette/shared/camera.ts'
import type { Db } from '../db/database.ts'
import { type Segment, toSegment } from './segment-store.ts'

export interface Lane {
  readonly cameraId: string
  readonly stream: StreamName
}

export async function listLanes(db: Db, cameraId: string | undefined): Promise<Lane[]> {
  const rows = await db
    .selectFrom('footage_sum')
    .select(['camera_id', 'stream'])
    .distinct()
    .where('segments', '>', 0)
    .$if(cameraId !== undefined, (query) => query.where('camera_id', '=', cameraId ?? ''))
    .orderBy('camera_id')
    .orderBy('stream')
    .execute()
  return rows.map((row) => ({ cameraId: row.camera_id, stream: row.stream }))
}

/** Segments of a lane in the order in which they were written: by clock epoch, then by time. */
export async function* chainOf(db: Db, lane: Lane): AsyncGenerator<Segment> {
  const all = db.selectFrom('segment').where('camera_id', '=', lane.cameraId).where('stream', '=', lane.stream)
  const epochs = await all.select('clock_epoch').distinct().orderBy('clock_epoch').execute()
  for (const { clock_epoch } of epochs) {
    let afterMs = -1
    for (;;) {
      const rows = await all
        .selectAll()
        .where('clock_epoch', '=', clock_epoch)
        .where('start_ms', '>', afterMs)
        .where('doomed_by', 'is', null)
        .orderBy('start_ms')
        .limit(500)
        .execute()
      yield* rows.map(toSegment)
      const last = rows.at(-1)
      if (!last) break
      afterMs = last.start_ms
    }
  }
}

/** Whether a receipt says that footage of the camera was deleted between two segments, or is being deleted. */
export async function wasDeletedBetween(db: Db, cameraId: string, fromMs: number, toMs: number): Promise<boolean> {
  const receipt = await db
    .selectFrom('receipt')
    .select('id')
    .where('camera_id', '=', cameraId)
    .where('rule', '<>', 'file_missing')
    .where('start_ms', '<', toMs)
    .where('end_ms', '>', fromMs)
    .limit(1)
    .executeTakeFirst()
  if (receipt) return true
  const doomed = await db
    .selectFrom('segment')
    .select('id')
    .where('camera_id', '=', cameraId)
    .where('stream', 'in', ['main', 'sub'])
    .where('start_ms', '>=', fromMs)
    .where('start_ms', '<', toMs)
    .where('doomed_by', 'is not', null)
    .limit(1)
    .executeTakeFirst()
  return doomed !== undefined
}

/** Whether anything of the camera was ever deleted, as far as the receipts go. */
export async function hasReceipts(db: Db, cameraId: string): Promise<boolean> {
  const receipt = await db
    .selectFrom('receipt')
    .select('id')
    .where('camera_id', '=', cameraId)
    .limit(1)
    .executeTakeFirst()
  return receipt !== undefined
}
