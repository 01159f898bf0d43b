/** Backup and restore on the command line: from SQLite to PostgreSQL and to an empty machine, and what is killed in the middle. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { serverFlags } from '../../../scripts/server-flags.mjs'
import { configureHouse, documentOf, dump } from '../../../test/support/configured-house.ts'
import { newPostgresUrl } from '../../../test/support/databases.ts'
import { postgresPrograms } from '../../../test/support/postgres-cluster.ts'
import { encryptDocument } from '../backup/age.ts'
import { readConfiguration } from '../backup/read-configuration-store.ts'
import { toConfig } from '../config.ts'
import { openDatabase } from '../db/database.ts'
import { openKey } from '../secrets/key-check-store.ts'
import { verifyAuditCommand } from './audit-command.ts'
import { backupCommand, restoreCommand } from './backup-command.ts'
import type { RunCommand } from './program.ts'
import { addAdminCommand, setupCommand } from './users-command.ts'

const root = await mkdtemp(join(tmpdir(), 'vedette-backup-'))
afterAll(() => rm(root, { recursive: true, force: true }))
const passphraseFile = join(root, 'passphrase')
await writeFile(passphraseFile, 'a passphrase for backups\n')

async function run(raw: Record<string, string>, command: RunCommand, options: Record<string, unknown>, arg = '') {
  const answers: Record<string, unknown>[] = []
  const said: string[] = []
  const config = toConfig({ VEDETTE_BACKUP_PASSPHRASE_FILE: passphraseFile, ...raw }, root)
  const session = {
    config,
    isJson: true,
    say: (line: string) => said.push(line),
    answer: (value: unknown) => answers.push(Object(value)),
  }
  const code = await command(session, options, [arg])
  return { code, answer: answers[0] ?? {}, said: said.join('\n') }
}
const configurationOf = async (raw: Record<string, string>) => {
  const config = toConfig(raw, root)
  const db = await openDatabase(config.database)
  const configuration = await readConfiguration(db, await openKey(db, config.keyPlace))
  await db.destroy()
  return configuration
}

const from = { VEDETTE_DATA: join(root, 'from') }
const file = join(root, 'house.age')

describe('R39 vedette backup and restore', () => {
  test('writes a file that only its owner may read, and never over another', async () => {
    await run(from, setupCommand, {}, 'Anna')
    await run(from, addAdminCommand, {}, 'Ben')
    expect((await run(from, backupCommand, {}, file)).code).toBe(0)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    await expect(run(from, backupCommand, {}, file)).rejects.toMatchObject({ code: 'conflict' })
    expect(await readdir(root)).not.toContain('house.age.part')
  })

  test('R20 what stands in a backup neither commands the terminal of who looks at it nor begins a line', async () => {
    const db = await openDatabase({ kind: 'sqlite', path: ':memory:' })
    await configureHouse(db)
    const document = await documentOf(db)
    await db.destroy()
    const evil = '\x1b[8m\nNothing was changed.'
    const volumes = document.configuration.volumes.map((volume) => ({ ...volume, path: `/srv/${evil}` }))
    const hostile = { ...document, madeBy: evil, configuration: { ...document.configuration, volumes } }
    const hostileFile = join(root, 'hostile.age')
    await writeFile(hostileFile, await encryptDocument(hostile, 'a passphrase for backups', 10))
    const { said } = await run({ VEDETTE_DATA: join(root, 'nowhere') }, restoreCommand, { dryRun: true }, hostileFile)
    expect(volumes).not.toEqual([])
    expect(said).not.toContain('\x1b')
    expect(said.split('\n').filter((line) => line.startsWith('Nothing was changed.'))).toHaveLength(1)
  })

  test('R20 a look at a machine without Vedette leaves nothing there; then all of it arrives, and a second time nothing', {
    timeout: 60_000,
  }, async () => {
    const to = { VEDETTE_DATA: join(root, 'to') }
    await expect(run(to, restoreCommand, {}, file)).rejects.toThrow(/--dry-run/)
    const look = await run(to, restoreCommand, { dryRun: true }, file)
    expect(look.answer.changes).toBeGreaterThan(1)
    expect(look.said).toMatch(/users: 2 added[\s\S]*\+ Anna[\s\S]*Nothing was changed/)
    expect(existsSync(to.VEDETTE_DATA)).toBe(false)
    expect((await run(to, restoreCommand, { yes: true }, file)).code).toBe(0)
    const { volumes, ...arrived } = await configurationOf(to)
    const { volumes: others, ...sent } = await configurationOf(from)
    expect(arrived).toEqual(sent)
    // Each has the volume of its own machine.
    expect(volumes.map(({ id }) => id)).not.toEqual(others.map(({ id }) => id))
    expect((await run(to, restoreCommand, { yes: true }, file)).answer.changes).toBe(0)
    expect(await run(to, verifyAuditCommand, {})).toMatchObject({ code: 0, answer: { entries: 4, problems: [] } })
  })

  test('R25 a wrong passphrase, a damaged file and no file change nothing', async () => {
    const to = { VEDETTE_DATA: join(root, 'nowhere') }
    const wrong = join(root, 'wrong')
    await writeFile(wrong, 'another passphrase')
    const given = { ...to, VEDETTE_BACKUP_PASSPHRASE_FILE: wrong }
    await expect(run(given, restoreCommand, { yes: true }, file)).rejects.toMatchObject({ code: 'backup_refused' })
    const bytes = await readFile(file)
    await writeFile(join(root, 'cut.age'), bytes.subarray(0, bytes.length - 5))
    await expect(run(to, restoreCommand, { yes: true }, 'cut.age')).rejects.toMatchObject({ code: 'not_found' })
    await expect(run(to, restoreCommand, { yes: true }, join(root, 'cut.age'))).rejects.toMatchObject({
      code: 'backup_refused',
    })
    await expect(run(to, restoreCommand, { yes: true }, root)).rejects.toMatchObject({ code: 'bad_request' })
    expect(existsSync(to.VEDETTE_DATA)).toBe(false)
  })

  const programs = postgresPrograms()
  test.skipIf(!programs)('from SQLite to PostgreSQL', { timeout: 60_000 }, async () => {
    const to = { VEDETTE_DATA: join(root, 'pg'), VEDETTE_DATABASE_URL: await newPostgresUrl(programs ?? '') }
    await run(to, restoreCommand, { yes: true }, file)
    const { volumes: _, ...arrived } = await configurationOf(to)
    const { volumes: _2, ...sent } = await configurationOf(from)
    expect(arrived).toEqual(sent)
    const back = join(root, 'back.age')
    await run(to, backupCommand, {}, back)
    expect((await run(from, restoreCommand, { dryRun: true }, back)).answer.kinds).toEqual([])
  })
})

test('R20 killed in the middle of a restore, the configuration is the one before', async () => {
  const path = join(root, 'killed.db')
  const db = await openDatabase({ kind: 'sqlite', path })
  await configureHouse(db)
  const document = await documentOf(db)
  const other = {
    ...document,
    configuration: {
      ...document.configuration,
      tokens: [],
      groups: [],
      users: document.configuration.users.map((user) => ({ ...user, grants: [], language: 'de' })),
    },
  }
  await writeFile(join(root, 'other.json'), JSON.stringify(other))
  const before = await dump(db)
  await db.destroy()
  const child = resolve(import.meta.dirname, '../../../test/support/restoring-child.ts')
  const killed = spawnSync(process.execPath, [...serverFlags, child, path, join(root, 'other.json')], {
    encoding: 'utf8',
  })
  expect(killed).toMatchObject({ signal: 'SIGKILL', stderr: '' })
  const again = await openDatabase({ kind: 'sqlite', path })
  expect(await dump(again)).toEqual(before)
  await again.destroy()
})
