/** What kind of database it is, its version, and how much room it takes. */
import { statSync } from 'node:fs'
import { sql } from 'kysely'
import type { DatabasePlace, Db } from './database.ts'

export interface DatabaseFacts {
  readonly kind: DatabasePlace['kind']
  readonly version: string
  /** With SQLite's write-ahead log; null where it does not tell. */
  readonly sizeBytes: number | null
}

export async function readDatabaseFacts(db: Db, place: DatabasePlace): Promise<DatabaseFacts> {
  if (place.kind === 'sqlite') {
    const { rows } = await sql<{ v: string }>`select sqlite_version() as v`.execute(db)
    const sizes = [place.path, `${place.path}-wal`].map((path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0)
    return { kind: 'sqlite', version: `SQLite ${rows[0]?.v ?? ''}`, sizeBytes: sizes.reduce((sum, size) => sum + size) }
  }
  const { rows } = await sql<{ v: string; size: string }>`
    select current_setting('server_version') as v, pg_database_size(current_database()) as size`.execute(db)
  return { kind: 'postgres', version: `PostgreSQL ${rows[0]?.v ?? ''}`, sizeBytes: Number(rows[0]?.size ?? 0) }
}
