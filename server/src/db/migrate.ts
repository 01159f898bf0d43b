/** Brings a database to this program's schema, one numbered step after the other, each in a transaction. Refuses a newer one. */
import { type Kysely, sql } from 'kysely'
import { AppError } from '../lib/app-error.ts'
import { migrations } from './migrations/list.ts'
import type { Tables } from './tables.ts'

export type DatabaseKind = 'sqlite' | 'postgres'

/** A step. Released ones are never edited. `up` gets the transaction and nothing else. */
export interface Migration {
  readonly name: string
  readonly up: (trx: Kysely<Tables>, kind: DatabaseKind) => Promise<void>
}

/** `steps` is another list only in tests. A step that fails leaves nothing of itself; those before it stay. */
export async function migrate(
  db: Kysely<Tables>,
  kind: DatabaseKind,
  steps: readonly Migration[] = migrations,
): Promise<void> {
  await createLedger(db, kind)
  const done = (await db.selectFrom('migration').select('name').execute()).map((row) => row.name)
  const known = new Set(steps.map((m) => m.name))
  const newer = done.filter((name) => !known.has(name))
  if (newer.length > 0)
    throw new AppError(
      'database_newer',
      `This database was made by a newer Vedette (it has ${newer.join(', ')}). Install that version again, or restore a backup made by this one. Nothing was changed.`,
    )
  for (const migration of steps) {
    if (done.includes(migration.name)) continue
    await db.transaction().execute(async (trx) => {
      await waitForOthers(trx, kind)
      const again = await trx.selectFrom('migration').select('name').where('name', '=', migration.name).execute()
      if (again.length > 0) return
      await migration.up(trx, kind)
      await trx.insertInto('migration').values({ name: migration.name }).execute()
    })
  }
}

/** Whether `migrate` would change something. */
export async function isBehind(db: Kysely<Tables>, kind: DatabaseKind): Promise<boolean> {
  const ledger =
    kind === 'sqlite'
      ? sql`select 1 from sqlite_master where type = 'table' and name = 'migration'`
      : sql`select 1 where to_regclass('migration') is not null`
  if ((await ledger.execute(db)).rows.length === 0) return true
  const done = new Set((await db.selectFrom('migration').select('name').execute()).map((row) => row.name))
  return migrations.some(({ name }) => !done.has(name))
}

/** Two programs starting at once: PostgreSQL takes a lock until the transaction ends, SQLite has one writer. */
async function waitForOthers(trx: Kysely<Tables>, kind: DatabaseKind): Promise<void> {
  if (kind === 'postgres') await sql`select pg_advisory_xact_lock(7235)`.execute(trx)
}

async function createLedger(db: Kysely<Tables>, kind: DatabaseKind): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await waitForOthers(trx, kind)
    const table = trx.schema.createTable('migration').ifNotExists()
    await table.addColumn('name', 'text', (c) => c.primaryKey()).execute()
  })
}
