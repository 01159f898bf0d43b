/** No table, column or setting is forgotten: each is in the backup, or its absence has a reason. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { configureHouse, documentOf } from '../../../test/support/configured-house.ts'
import { openDatabase } from '../db/database.ts'
import { backupDocument } from './backup-document.ts'
import { settingsInBackup, tablesInBackup } from './tables-in-backup.data.ts'

const db = await openDatabase({ kind: 'sqlite', path: ':memory:' })
const tables = (await db.introspection.getTables()).filter(({ isView }) => !isView)

test('R25 every table is in the backup, or has a reason not to be', () => {
  expect(tables.map(({ name }) => name).sort()).toEqual(Object.keys(tablesInBackup).sort())
})

test.each(tables.map(({ name, columns }) => [name, columns] as const))(
  'R25 %s: no column is forgotten',
  (name, columns) => {
    const place = tablesInBackup[name as keyof typeof tablesInBackup]
    if (typeof place === 'string') return expect(place.length).toBeGreaterThan(5)
    const named = [...place.columns, ...Object.keys(place.leftOut ?? {})]
    return expect(columns.map((column) => column.name).sort()).toEqual(named.sort())
  },
)

/** Files that write single values, with the keys that they write. */
const writers: Record<string, readonly string[]> = {
  'auth/policy-store.ts': ['account_policy'],
  'auth/user-store.ts': ['account_lock'],
  'audit/audit-store.ts': ['audit_key'],
  'secrets/key-check-store.ts': ['key_check'],
  'record/cleaner-state-store.ts': ['record.index', 'record.clock', 'record.cameras_to_empty'],
  'system/time-zone-store.ts': ['system.time_zone'],
  'backup/backup-settings-store.ts': ['backup.automatic', 'backup_passphrase', 'backup.folder'],
}

test('R25 every setting is in the backup, or has a reason not to be', () => {
  const root = resolve(import.meta.dirname, '..')
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => /(?<!\.test)\.ts$/.test(file))
  const writing = files.filter((file) => /insertInto\('setting'\)/.test(readFileSync(join(root, file), 'utf8')))
  expect(writing.sort()).toEqual(Object.keys(writers).sort())
  expect(Object.values(writers).flat().sort()).toEqual(Object.keys(settingsInBackup).sort())
  for (const [file, keys] of Object.entries(writers))
    for (const key of keys) expect(readFileSync(join(root, file), 'utf8')).toContain(`'${key}'`)
})

test('R25 a backup that was made with the first version of the form can still be read', async () => {
  // New fields need a default, or whoever has a backup of today cannot restore it tomorrow.
  const path = resolve(import.meta.dirname, '../../../test/support/backup-document-1.json')
  const first = backupDocument.parse(JSON.parse(readFileSync(path, 'utf8')))
  expect(first.configuration.users.map(({ username }) => username).toSorted()).toEqual(['Anna', 'Ben'])
  expect(first.configuration.cameras.map(({ settings }) => settings.name).toSorted()).toEqual(['Door', 'Yard'])
})

test('R25 the configuration of everything is a document that can be read', async () => {
  await configureHouse(db)
  const document = await documentOf(db)
  expect(backupDocument.parse(JSON.parse(JSON.stringify(document)))).toEqual(document)
  for (const [kind, things] of Object.entries(document.configuration))
    if (Array.isArray(things)) expect(things.length, `nothing of ${kind} is tried out`).toBeGreaterThan(0)
})
