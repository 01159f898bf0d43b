/** What an account may do: groups of cameras, roles, grants, API tokens, and the second factors that guard its sign-in. */
import { type Kysely, sql } from 'kysely'
import type { Migration } from '../migrate.ts'
import type { Tables } from '../tables.ts'

export const access: Migration = {
  name: '0006-access',
  up: async (trx) => {
    await accounts(trx)
    await rights(trx)
    await tokens(trx)
    await secondFactors(trx)
    // Every viewer's rights stand in grants: those who were there before see all cameras, as they did.
    await sql`insert into access_grant (id, user_id, target, target_id, rights, role_id)
      select id, id, 'all', '', '["view","replay"]', null from "user" where role = 'viewer'`.execute(trx)
  },
}

async function accounts(trx: Kysely<Tables>): Promise<void> {
  const user = trx.schema.alterTable('user')
  await user.addColumn('email', 'text').execute() // As typed; null: none.
  await user.addColumn('email_folded', 'text').execute() // What login compares.
  await user.addColumn('default_page', 'text').execute() // Path of the web app that opens first; null: the app's own.
  // 1: this user needs a second factor, whatever the role says.
  await user.addColumn('needs_factor', 'integer', (c) => c.notNull().defaultTo(0)).execute()
  await trx.schema.createIndex('user_email').on('user').column('email_folded').unique().execute()
  const session = trx.schema.alterTable('session')
  // When the password was last given in this session; sensitive actions ask that it was lately.
  await session.addColumn('proved_ms', 'bigint', (c) => c.notNull().defaultTo(0)).execute()
  // When the count starts anew; limits differ in length.
  await trx.schema
    .alterTable('login_attempt')
    .addColumn('until_ms', 'bigint', (c) => c.notNull().defaultTo(0))
    .execute()
}

async function rights(trx: Kysely<Tables>): Promise<void> {
  await trx.schema
    .createTable('camera_group')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('name_folded', 'text', (c) => c.notNull().unique())
    .addColumn('created_ms', 'bigint', (c) => c.notNull())
    .execute()
  await trx.schema
    .createTable('camera_group_member')
    .addColumn('group_id', 'text', (c) => c.notNull().references('camera_group.id').onDelete('cascade'))
    .addColumn('camera_id', 'text', (c) => c.notNull().references('camera.id').onDelete('cascade'))
    .addPrimaryKeyConstraint('camera_group_member_pk', ['group_id', 'camera_id'])
    .execute()
  await trx.schema
    .createTable('role') // Named sets of rights, for grants. 'admin' and 'viewer' are none of them.
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('name_folded', 'text', (c) => c.notNull().unique())
    .addColumn('rights', 'text', (c) => c.notNull()) // JSON list of rights.
    .addColumn('needs_factor', 'integer', (c) => c.notNull().defaultTo(0)) // 1: whoever has it needs a second factor.
    .addColumn('created_ms', 'bigint', (c) => c.notNull())
    .execute()
  await trx.schema
    .createTable('access_grant') // A viewer may do what the grants say together, and nothing else.
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('user_id', 'text', (c) => c.notNull().references('user.id').onDelete('cascade'))
    .addColumn('target', 'text', (c) => c.notNull()) // all | group | camera
    .addColumn('target_id', 'text', (c) => c.notNull()) // Group or camera; empty for all.
    .addColumn('rights', 'text') // JSON list of rights; null: the role's.
    .addColumn('role_id', 'text', (c) => c.references('role.id').onDelete('cascade'))
    .execute()
  await trx.schema.createIndex('access_grant_user').on('access_grant').column('user_id').execute()
}

async function tokens(trx: Kysely<Tables>): Promise<void> {
  await trx.schema
    .createTable('api_token')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('token_hash', 'text', (c) => c.notNull().unique()) // SHA-256 of the token.
    .addColumn('user_id', 'text', (c) => c.notNull().references('user.id').onDelete('cascade'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('rights', 'text', (c) => c.notNull()) // JSON list; at most what its user may do at the time of use.
    .addColumn('cameras', 'text') // JSON list of camera ids; null: all that its user may use.
    .addColumn('created_ms', 'bigint', (c) => c.notNull())
    .addColumn('expires_ms', 'bigint', (c) => c.notNull())
    .addColumn('last_used_ms', 'bigint')
    .addColumn('last_address', 'text')
    .execute()
  await trx.schema.createIndex('api_token_user').on('api_token').column('user_id').execute()
}

async function secondFactors(trx: Kysely<Tables>): Promise<void> {
  const ofUser = (name: string) =>
    trx.schema
      .createTable(name)
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('user_id', 'text', (c) => c.notNull().references('user.id').onDelete('cascade'))
  await trx.schema
    .createTable('totp')
    .addColumn('user_id', 'text', (c) => c.primaryKey().references('user.id').onDelete('cascade'))
    .addColumn('secret_sealed', 'text') // In force; null while the first one is being set up.
    .addColumn('pending_sealed', 'text') // Shown, not confirmed yet.
    .addColumn('pending_until_ms', 'bigint', (c) => c.notNull().defaultTo(0))
    .addColumn('last_step', 'bigint', (c) => c.notNull().defaultTo(0)) // The newest step that was accepted.
    .execute()
  await ofUser('recovery_code')
    .addColumn('code_hash', 'text', (c) => c.notNull().unique()) // SHA-256; a used code is deleted.
    .execute()
  await ofUser('passkey')
    .addColumn('credential_id', 'text', (c) => c.notNull().unique()) // base64url, from the authenticator.
    .addColumn('public_key', 'text', (c) => c.notNull()) // COSE, base64url.
    .addColumn('counter', 'bigint', (c) => c.notNull()) // Signature counter; 0 where the authenticator keeps none.
    .addColumn('transports', 'text', (c) => c.notNull()) // JSON list, a hint for the browser.
    .addColumn('host', 'text', (c) => c.notNull()) // Relying party id: the host name that it works on.
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('created_ms', 'bigint', (c) => c.notNull())
    .addColumn('last_used_ms', 'bigint')
    .execute()
  await ofUser('trusted_device')
    .addColumn('token_hash', 'text', (c) => c.notNull().unique()) // SHA-256 of the cookie's value.
    .addColumn('created_ms', 'bigint', (c) => c.notNull())
    .addColumn('last_used_ms', 'bigint', (c) => c.notNull())
    .addColumn('expires_ms', 'bigint', (c) => c.notNull())
    .addColumn('address', 'text', (c) => c.notNull())
    .addColumn('user_agent', 'text', (c) => c.notNull())
    .execute()
  await ofUser('login_stage') // The password was right, the second factor is still to come.
    .addColumn('id_hash', 'text', (c) => c.notNull().unique()) // SHA-256 of the stage's cookie.
    .addColumn('expires_ms', 'bigint', (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull().defaultTo(0))
    .execute()
  await trx.schema
    .createTable('passkey_challenge') // Each is used once.
    .addColumn('subject', 'text', (c) => c.primaryKey()) // 'login:<stage>' or 'new:<session>'.
    .addColumn('challenge', 'text', (c) => c.notNull())
    .addColumn('expires_ms', 'bigint', (c) => c.notNull())
    .execute()
  for (const table of ['recovery_code', 'passkey', 'trusted_device', 'login_stage'])
    await trx.schema.createIndex(`${table}_user`).on(table).column('user_id').execute()
}
