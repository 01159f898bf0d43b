import type { Migration } from '../migrate.ts'

export const events: Migration = {
  name: '0004-events',
  up: async (trx) => {
    await trx.schema
      .createTable('event')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('camera_id', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull()) // shared/event.ts eventKind
      .addColumn('start_ms', 'bigint', (c) => c.notNull())
      .addColumn('end_ms', 'bigint') // Null while it lasts.
      .addColumn('zones', 'text', (c) => c.notNull()) // JSON list of zone names.
      .addColumn('score', 'real', (c) => c.notNull()) // Greatest share of the picture that moved.
      .addColumn('has_picture', 'integer', (c) => c.notNull()) // 1: its picture lies with the camera's footage.
      .addColumn('kept', 'integer', (c) => c.notNull()) // 1: no rule deletes its footage.
      .execute()
    await trx.schema.createIndex('event_camera').on('event').columns(['camera_id', 'start_ms', 'end_ms']).execute()
    await trx.schema.createIndex('event_time').on('event').columns(['start_ms', 'id']).execute()
    await trx.schema.createIndex('event_open').on('event').column('end_ms').where('end_ms', 'is', null).execute()
  },
}
