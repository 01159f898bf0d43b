/** Where users signed in from before, their pictures, and the audit log by what it is about. */
import { sql } from 'kysely'
import type { Migration } from '../migrate.ts'

export const profiles: Migration = {
  name: '0008-profiles',
  up: async (trx) => {
    await trx.schema
      .createTable('known_place')
      .addColumn('user_id', 'text', (c) => c.notNull().references('user.id').onDelete('cascade'))
      .addColumn('place', 'text', (c) => c.notNull()) // An address; of IPv6 its /64.
      .addColumn('last_ms', 'bigint', (c) => c.notNull()) // Of the last sign-in from there.
      .addPrimaryKeyConstraint('known_place_pk', ['user_id', 'place'])
      .execute()
    // Whoever is signed in is known where they are: the first sign-in after the update is not news.
    await sql`insert into known_place (user_id, place, last_ms)
      select user_id, address, max(last_used_ms) from session group by user_id, address`.execute(trx)
    await trx.schema
      .createTable('avatar')
      .addColumn('user_id', 'text', (c) => c.primaryKey().references('user.id').onDelete('cascade'))
      .addColumn('id', 'text', (c) => c.notNull()) // Another one for each picture, so that pages see that it changed.
      .addColumn('jpeg', 'text', (c) => c.notNull()) // Base64: at most 256 × 256 pixels, made by us, a few kB.
      .execute()
    await trx.schema.createIndex('audit_object').on('audit').columns(['object', 'seq']).execute()
  },
}
