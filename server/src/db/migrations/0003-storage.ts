import { sql } from 'kysely'
import type { Migration } from '../migrate.ts'

export const storage: Migration = {
  name: '0003-storage',
  up: async (trx, kind) => {
    await trx.schema
      .createTable('volume') // A storage root.
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('path', 'text', (c) => c.notNull().unique()) // Canonical, absolute.
      .addColumn('marker', 'text', (c) => c.notNull()) // Content of the marker file; another one there: swapped.
      .addColumn('quota_bytes', 'bigint') // Null: only the reserve limits it.
      .addColumn('reserve_share', 'real', (c) => c.notNull()) // Share of the file system kept free.
      .addColumn('created_ms', 'bigint', (c) => c.notNull())
      .execute()
    await trx.schema
      .createTable('segment') // A file of footage; docs/design/storage.md.
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('camera_id', 'text', (c) => c.notNull())
      .addColumn('stream', 'text', (c) => c.notNull()) // main | sub
      .addColumn('volume_id', 'text', (c) => c.notNull())
      .addColumn('start_ms', 'bigint', (c) => c.notNull()) // Capture time of the first frame.
      .addColumn('end_ms', 'bigint', (c) => c.notNull()) // End of the last frame.
      .addColumn('clock_epoch', 'integer', (c) => c.notNull()) // Grows when the clock was set back; docs/design/time.md.
      .addColumn('file_ms', 'bigint', (c) => c.notNull()) // The number in the file's name; start_ms unless that name was taken.
      .addColumn('size_bytes', 'bigint', (c) => c.notNull())
      .addColumn('frames', 'integer', (c) => c.notNull()) // Video frames.
      .addColumn('sha256', 'text', (c) => c.notNull()) // Hex, of all bytes before the closing box.
      .addColumn('prev_sha256', 'text', (c) => c.notNull()) // The same of the stream's segment before; empty for the first.
      .addColumn('codec', 'text', (c) => c.notNull()) // RFC 6381.
      .addColumn('width', 'integer', (c) => c.notNull())
      .addColumn('height', 'integer', (c) => c.notNull())
      .addColumn('has_audio', 'integer', (c) => c.notNull())
      .addColumn('doomed_by', 'text') // Rule that decided its deletion; the file may be gone already.
      .execute()
    await trx.schema
      .createIndex('segment_place')
      .on('segment')
      .columns(['camera_id', 'stream', 'start_ms', 'clock_epoch'])
      .unique()
      .execute()
    await trx.schema.createIndex('segment_age').on('segment').columns(['volume_id', 'start_ms']).execute()
    await trx.schema
      .createIndex('segment_doomed')
      .on('segment')
      .columns(['volume_id', 'id'])
      .where(sql<boolean>`doomed_by is not null`)
      .execute()
    // SQLite: hour tables lie in the order of their key, so a lane of the timeline is one run of pages.
    const clustered = kind === 'sqlite' ? sql`without rowid` : sql``
    await trx.schema
      .createTable('segment_hour') // Sums of the segments that begin in an hour: coarse timeline, sizes, forecasts.
      .addColumn('camera_id', 'text', (c) => c.notNull())
      .addColumn('stream', 'text', (c) => c.notNull())
      .addColumn('volume_id', 'text', (c) => c.notNull())
      .addColumn('hour_ms', 'bigint', (c) => c.notNull())
      .addColumn('recorded_ms', 'bigint', (c) => c.notNull())
      .addColumn('size_bytes', 'bigint', (c) => c.notNull())
      .addColumn('segments', 'integer', (c) => c.notNull())
      .addColumn('minutes_low', 'integer', (c) => c.notNull()) // Bit n: footage in minute n of the hour (0..29) …
      .addColumn('minutes_high', 'integer', (c) => c.notNull()) // … and in minute 30 + n.
      .addPrimaryKeyConstraint('segment_hour_pk', ['camera_id', 'stream', 'hour_ms', 'volume_id'])
      .modifyEnd(clustered)
      .execute()
    await trx.schema
      .createTable('footage_sum') // What each camera has on each volume now; the sum of its hours.
      .addColumn('camera_id', 'text', (c) => c.notNull())
      .addColumn('stream', 'text', (c) => c.notNull())
      .addColumn('volume_id', 'text', (c) => c.notNull())
      .addColumn('size_bytes', 'bigint', (c) => c.notNull())
      .addColumn('segments', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('footage_sum_pk', ['volume_id', 'camera_id', 'stream'])
      .execute()
    await trx.schema
      .createTable('gap') // The ledger's holes: time without footage, and why. Those of a camera never overlap.
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('camera_id', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull()) // missing | not_wanted
      .addColumn('cause', 'text', (c) => c.notNull()) // shared/timeline.ts gapCause, or the mode that did not want it.
      .addColumn('start_ms', 'bigint', (c) => c.notNull())
      .addColumn('end_ms', 'bigint', (c) => c.notNull())
      .execute()
    await trx.schema.createIndex('gap_place').on('gap').columns(['camera_id', 'start_ms']).unique().execute()
    await trx.schema
      .createTable('gap_hour') // Sums of the holes that touch an hour, for the coarse timeline.
      .addColumn('camera_id', 'text', (c) => c.notNull())
      .addColumn('hour_ms', 'bigint', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('cause', 'text', (c) => c.notNull())
      .addColumn('gap_ms', 'bigint', (c) => c.notNull())
      .addColumn('minutes_low', 'integer', (c) => c.notNull()) // As in segment_hour.
      .addColumn('minutes_high', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('gap_hour_pk', ['camera_id', 'hour_ms', 'kind', 'cause'])
      .modifyEnd(clustered)
      .execute()
    await trx.schema
      .createTable('coverage_day') // What became of each day's seconds; not lowered when footage reaches its end.
      .addColumn('camera_id', 'text', (c) => c.notNull())
      .addColumn('day_ms', 'bigint', (c) => c.notNull()) // UTC midnight.
      .addColumn('recorded_ms', 'bigint', (c) => c.notNull())
      .addColumn('missing_ms', 'bigint', (c) => c.notNull())
      .addColumn('not_wanted_ms', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('coverage_day_pk', ['camera_id', 'day_ms'])
      .execute()
    await trx.schema
      .createTable('receipt') // What was deleted, by which rule; kept a year.
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('at_ms', 'bigint', (c) => c.notNull())
      .addColumn('camera_id', 'text', (c) => c.notNull())
      .addColumn('start_ms', 'bigint', (c) => c.notNull())
      .addColumn('end_ms', 'bigint', (c) => c.notNull())
      .addColumn('segments', 'integer', (c) => c.notNull())
      .addColumn('size_bytes', 'bigint', (c) => c.notNull())
      .addColumn('rule', 'text', (c) => c.notNull()) // shared/storage.ts receiptView.rule
      .execute()
    await trx.schema.createIndex('receipt_time').on('receipt').columns(['at_ms', 'id']).execute()
    await trx.schema.createIndex('receipt_camera').on('receipt').columns(['camera_id', 'rule', 'at_ms']).execute()
  },
}
