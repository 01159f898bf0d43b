/** Brings footage that lies on disk into the index and the ledger: one transaction a batch, as notes do. */
import type { Db } from '../db/database.ts'
import { recordFootage } from './gap-store.ts'
import { addPlaceholderCameras } from './placeholder-camera-store.ts'
import { type Inserted, insertSegments } from './segment-index-store.ts'
import type { Segment } from './segment-store.ts'

/** Cameras that the database does not know get a disabled one of their id, so that their footage can be seen. */
export function adoptSegments(db: Db, segments: readonly Segment[], nowMs: number): Promise<Inserted> {
  return db.transaction().execute(async (trx) => {
    await addPlaceholderCameras(
      trx,
      segments.map((segment) => segment.cameraId),
      nowMs,
    )
    const inserted = await insertSegments(trx, segments)
    await recordFootage(trx, inserted)
    return inserted
  })
}
