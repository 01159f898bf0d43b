/** Reads the gaps of a view: each of them where the view is fine, sums of hours or buckets where it is wide. */
import type { Db } from '../db/database.ts'
import { startOfHour } from '../lib/hour-minutes.ts'
import { bucketOf } from './timeline-bucket-store.ts'
import { bucketToSpan, type Gap, minutesToSpans, type View } from './timeline-layout.ts'

export type CameraGap = Gap & { readonly cameraId: string }

export async function readGaps(db: Db, cameras: readonly string[], view: View): Promise<CameraGap[]> {
  if (view.detail === 'exact' || view.detail === 'close') return readSingleGaps(db, cameras, view)
  const hours = db
    .selectFrom('gap_hour')
    .where('camera_id', 'in', cameras)
    .where('hour_ms', '>=', startOfHour(view.startMs))
    .where('hour_ms', '<', view.endMs)
  if (view.detail === 'minutes') {
    const rows = await hours.selectAll().execute()
    return rows.flatMap((row) =>
      minutesToSpans(row).map((span) => ({
        ...span,
        cameraId: row.camera_id,
        kind: row.kind,
        cause: row.cause,
        gapMs: row.gap_ms,
      })),
    )
  }
  const rows = await hours
    .select((eb) => [
      'camera_id',
      'kind',
      'cause',
      bucketOf(eb.ref('hour_ms'), view.columns).as('bucket'),
      eb.fn.sum<number>('gap_ms').as('gap_ms'),
    ])
    .groupBy(['camera_id', 'kind', 'cause', 'bucket'])
    .execute()
  return rows.map((row) => ({
    ...bucketToSpan(view.columns, row.bucket),
    cameraId: row.camera_id,
    kind: row.kind,
    cause: row.cause,
    gapMs: row.gap_ms,
  }))
}

async function readSingleGaps(db: Db, cameras: readonly string[], view: View): Promise<CameraGap[]> {
  // Gaps of a camera do not overlap, so only the last one before the view can reach into it.
  const before = await db
    .selectFrom('camera')
    .innerJoin('gap', (join) =>
      join.onRef('gap.camera_id', '=', 'camera.id').on((eb) =>
        eb(
          'gap.start_ms',
          '=',
          eb
            .selectFrom('gap as earlier')
            .select((last) => last.fn.max('earlier.start_ms').as('start_ms'))
            .whereRef('earlier.camera_id', '=', 'camera.id')
            .where('earlier.start_ms', '<', view.startMs),
        ),
      ),
    )
    .selectAll('gap')
    .where('camera.id', 'in', cameras)
    .where('gap.end_ms', '>', view.startMs)
    .execute()
  const inside = await db
    .selectFrom('gap')
    .selectAll()
    .where('camera_id', 'in', cameras)
    .where('start_ms', '>=', view.startMs)
    .where('start_ms', '<', view.endMs)
    .execute()
  return [...before, ...inside].map((row) => ({
    cameraId: row.camera_id,
    kind: row.kind,
    cause: row.cause,
    startMs: row.start_ms,
    endMs: row.end_ms,
    gapMs: row.end_ms - row.start_ms,
  }))
}
