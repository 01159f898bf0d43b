/**
 * Runs a store's suite on both databases: SQLite in memory and a real PostgreSQL. Where PostgreSQL is not installed its
 * half is skipped, and says so.
 */
import pg from 'pg'
import { afterAll, describe } from 'vitest'
import { type Db, openDatabase } from '../../server/src/db/database.ts'
import { postgresPrograms, startPostgres } from './postgres-cluster.ts'

/** Opens a new, empty, migrated database; all of them are closed after the suite. */
export type OpenTestDatabase = () => Promise<Db>

export function onBothDatabases(name: string, suite: (open: OpenTestDatabase) => void): void {
  describe(`${name} on SQLite`, () => suite(closedAfterwards(() => openDatabase({ kind: 'sqlite', path: ':memory:' }))))
  const programs = postgresPrograms()
  if (programs === undefined)
    console.warn(`${name}: not run on PostgreSQL, it is not installed (Debian: apt install postgresql)`)
  describe.skipIf(programs === undefined)(`${name} on PostgreSQL`, () =>
    suite(closedAfterwards(() => openPostgresDatabase(programs ?? ''))),
  )
}

/** A database of its own in the run's cluster. */
export async function openPostgresDatabase(programs: string): Promise<Db> {
  return openDatabase({ kind: 'postgres', url: await newPostgresUrl(programs) })
}

/** URL of a new, empty database in the run's cluster. */
export async function newPostgresUrl(programs: string): Promise<string> {
  const url = await startPostgres(programs)
  const name = `test_${crypto.randomUUID().replaceAll('-', '')}`
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`create database ${name} template template0`)
  await client.end()
  return url.replace('/postgres?', `/${name}?`)
}

function closedAfterwards(open: OpenTestDatabase): OpenTestDatabase {
  const opened: Db[] = []
  afterAll(async () => {
    for (const db of opened) await db.destroy()
  })
  return async () => {
    const db = await open()
    opened.push(db)
    return db
  }
}
