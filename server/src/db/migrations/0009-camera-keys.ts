/** The public keys of cameras that are reached over TLS: trusted on first use, any other needs an administrator's word. */
import type { Migration } from '../migrate.ts'

export const cameraKeys: Migration = {
  name: '0009-camera-keys',
  up: async (trx) => {
    await trx.schema
      .createTable('camera_key')
      .addColumn('camera_id', 'text', (c) => c.notNull())
      .addColumn('stream', 'text', (c) => c.notNull()) // 'main' or 'sub': their ports may have keys of their own.
      .addColumn('key_sha256', 'text', (c) => c.notNull()) // Of the public key (SPKI) that is trusted, hex.
      .addColumn('since_ms', 'bigint', (c) => c.notNull()) // When it was first trusted.
      .addColumn('shown_sha256', 'text') // Another key that the camera shows now, and is refused for; null: none.
      .addColumn('shown_ms', 'bigint') // Since when it shows that one.
      .addPrimaryKeyConstraint('camera_key_primary', ['camera_id', 'stream'])
      .execute()
  },
}
