/** What happens when a migration fails, the database is newer than the program, or two programs start at once. */
import { expect, test } from 'vitest'
import { newPostgresUrl, onBothDatabases } from '../../../test/support/databases.ts'
import { postgresPrograms } from '../../../test/support/postgres-cluster.ts'
import { type Db, openDatabase } from './database.ts'
import { type DatabaseKind, type Migration, migrate } from './migrate.ts'
import { migrations } from './migrations/list.ts'

const applied = async (db: Db) =>
  (await db.selectFrom('migration').select('name').orderBy('name').execute()).map((row) => row.name)
const tableNames = async (db: Db) => (await db.introspection.getTables()).map((table) => table.name).sort()
const kindOf = (db: Db): DatabaseKind =>
  db.getExecutor().adapter.constructor.name.startsWith('Postgres') ? 'postgres' : 'sqlite'

const halfDone: Migration = {
  name: '9999-half-done',
  up: async (trx) => {
    await trx.schema.createTable('half').addColumn('a', 'text').execute()
    await trx.insertInto('setting').values({ key: 'half', value: '1' }).execute()
    throw new Error('the disk is full')
  },
}

onBothDatabases('migrate', (open) => {
  test('brings an empty database to the newest schema', async () => {
    const db = await open()
    expect(await applied(db)).toEqual(migrations.map((m) => m.name))
  })

  test('R35 leaves nothing of a step that fails', async () => {
    const db = await open()
    const before = await tableNames(db)
    await expect(migrate(db, kindOf(db), [...migrations, halfDone])).rejects.toThrow('the disk is full')
    expect(await tableNames(db)).toEqual(before)
    expect(await applied(db)).toEqual(migrations.map((m) => m.name))
    expect(await db.selectFrom('setting').selectAll().execute()).toEqual([])
  })

  test('R35 refuses a newer database and changes nothing', async () => {
    const db = await open()
    await db.insertInto('migration').values({ name: '9000-from-the-future' }).execute()
    await expect(migrate(db, kindOf(db), [...migrations, halfDone])).rejects.toMatchObject({ code: 'database_newer' })
    expect(await applied(db)).toEqual([...migrations.map((m) => m.name), '9000-from-the-future'])
  })
})

const programs = postgresPrograms()
test.skipIf(programs === undefined)('two programs that start at once on PostgreSQL both find the schema', async () => {
  const url = await newPostgresUrl(programs ?? '')
  const opened = await Promise.all([1, 2, 3].map(() => openDatabase({ kind: 'postgres', url })))
  for (const db of opened) {
    expect(await applied(db)).toEqual(migrations.map((m) => m.name))
    await db.destroy()
  }
})
