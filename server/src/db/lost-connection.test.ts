/** A connection that is lost while a transaction holds it, which is a moment that the pool does not look after. */
import { sql } from 'kysely'
import pg from 'pg'
import { expect, test } from 'vitest'
import { newPostgresUrl } from '../../../test/support/databases.ts'
import { postgresPrograms } from '../../../test/support/postgres-cluster.ts'
import { openDatabase } from './database.ts'

const programs = postgresPrograms()
if (!programs) console.warn('lost connections: not tested, PostgreSQL is not installed')

test.skipIf(!programs)('R36 a connection lost between two queries fails its transaction and nothing else', async () => {
  const url = await newPostgresUrl(programs ?? '')
  const db = await openDatabase({ kind: 'postgres', url })
  const killer = new pg.Client({ connectionString: url })
  await killer.connect()
  const lost = db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx)
    const pid = rows[0]?.pid
    await killer.query('select pg_terminate_backend($1)', [pid])
    // It is gone for the others before its last word has come to us.
    const gone = async () => (await killer.query('select 1 from pg_stat_activity where pid = $1', [pid])).rowCount === 0
    await expect.poll(gone).toBe(true)
    await sql`select 1`.execute(trx)
  })
  await expect(lost).rejects.toThrow()
  expect((await sql<{ one: number }>`select 1 as one`.execute(db)).rows).toEqual([{ one: 1 }])
  await killer.end()
  await db.destroy()
})
