import type { Migration } from '../migrate.ts'

export const accounts: Migration = {
  name: '0001-accounts',
  up: async (trx) => {
    await trx.schema
      .createTable('setting') // Single values of the installation.
      .addColumn('key', 'text', (c) => c.primaryKey())
      .addColumn('value', 'text', (c) => c.notNull()) // JSON.
      .execute()
    await trx.schema
      .createTable('user')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('username', 'text', (c) => c.notNull()) // As typed.
      .addColumn('username_folded', 'text', (c) => c.notNull().unique()) // NFKC, lower case: what login compares.
      .addColumn('password_hash', 'text', (c) => c.notNull()) // argon2id, PHC string.
      .addColumn('role', 'text', (c) => c.notNull()) // admin | viewer
      .addColumn('language', 'text', (c) => c.notNull()) // BCP 47.
      .addColumn('disabled', 'integer', (c) => c.notNull().defaultTo(0)) // 1: may not sign in.
      .addColumn('created_ms', 'bigint', (c) => c.notNull())
      .execute()
    await trx.schema
      .createTable('session')
      .addColumn('id', 'text', (c) => c.primaryKey()) // Names the session in lists; opens nothing.
      .addColumn('id_hash', 'text', (c) => c.notNull().unique()) // SHA-256 of the cookie's value.
      .addColumn('user_id', 'text', (c) => c.notNull().references('user.id').onDelete('cascade'))
      .addColumn('created_ms', 'bigint', (c) => c.notNull())
      .addColumn('last_used_ms', 'bigint', (c) => c.notNull())
      .addColumn('address', 'text', (c) => c.notNull()) // Address at login.
      .addColumn('user_agent', 'text', (c) => c.notNull()) // At most 300 characters, at login.
      .execute()
    await trx.schema.createIndex('session_user').on('session').column('user_id').execute()
    await trx.schema
      .createTable('login_attempt') // Rate limits that survive a restart.
      .addColumn('subject', 'text', (c) => c.primaryKey()) // 'account:…' (hashed) or 'address:…'.
      .addColumn('window_start_ms', 'bigint', (c) => c.notNull())
      .addColumn('attempts', 'integer', (c) => c.notNull())
      .execute()
  },
}
