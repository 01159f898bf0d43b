/**
 * A transaction that no power cut undoes once it has returned, and none before it. Others may be lost with the last moment
 * (database.ts), which is well for an index; not where a file is changed afterwards because of what the database holds.
 */
import { PostgresAdapter, sql } from 'kysely'
import type { Db } from './database.ts'

/** Nobody else may use this handle meanwhile: on SQLite the setting is that of its one connection. */
export async function inDurableTransaction<T>(db: Db, work: (trx: Db) => Promise<T>): Promise<T> {
  if (db.getExecutor().adapter instanceof PostgresAdapter)
    return db.transaction().execute(async (trx) => {
      await sql`set local synchronous_commit = on`.execute(trx)
      return work(trx)
    })
  await sql`pragma synchronous = full`.execute(db)
  try {
    return await db.transaction().execute(work)
  } finally {
    await sql`pragma synchronous = normal`.execute(db)
  }
}
