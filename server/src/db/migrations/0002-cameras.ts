import type { Migration } from '../migrate.ts'

export const cameras: Migration = {
  name: '0002-cameras',
  up: async (trx) => {
    await trx.schema
      .createTable('camera')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('settings', 'text', (c) => c.notNull()) // JSON, shared/camera.ts cameraSettings; never a credential.
      .addColumn('password_sealed', 'text') // AEAD bound to table, column and id; null: none.
      .addColumn('created_ms', 'bigint', (c) => c.notNull())
      .addColumn('deleted_ms', 'bigint') // Set: gone for users, its footage stays until its retention ends.
      .execute()
  },
}
