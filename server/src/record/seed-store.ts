/** Bulk inserts of synthetic rows, for benches and for `vedette seed`. Not for real notes: nothing is checked here. */
import { type Insertable, sql } from 'kysely'
import type { Db } from '../db/database.ts'
import type { Tables } from '../db/tables.ts'

/** SQLite takes 32 766 values a statement, PostgreSQL 65 535. */
const valuesPerStatement = 30_000

/** Inserts all rows in one transaction. */
export async function insertMany<T extends keyof Tables & string>(
  db: Db,
  table: T,
  rows: readonly Insertable<Tables[T]>[],
): Promise<void> {
  const columns = Object.keys(rows[0] ?? {}).length
  const perStatement = Math.max(1, Math.floor(valuesPerStatement / Math.max(1, columns)))
  await db.transaction().execute(async (trx) => {
    for (let at = 0; at < rows.length; at += perStatement)
      await trx
        .insertInto(table)
        .values(rows.slice(at, at + perStatement))
        .execute()
  })
}

/** Tells the planner how large the tables have become. */
export async function analyzeTables(db: Db): Promise<void> {
  await sql`analyze`.execute(db)
}
