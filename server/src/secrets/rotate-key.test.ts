/** `vedette rotate-key` on both databases, and what a kill at each of its steps leaves behind. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { newCamera } from '@vedette/shared/camera.ts'
import { sql } from 'kysely'
import { TOTP } from 'otpauth'
import { afterAll, describe, expect, test } from 'vitest'
import { newPostgresUrl } from '../../../test/support/databases.ts'
import { postgresPrograms } from '../../../test/support/postgres-cluster.ts'
import { AuditLog } from '../audit/audit-log.ts'
import { openAuditKey } from '../audit/audit-store.ts'
import { verifyAudit } from '../audit/verify-audit.ts'
import { acceptTotp, beginTotp, confirmTotp } from '../auth/totp-store.ts'
import { addUser, newUser } from '../auth/user-store.ts'
import { planNewCamera } from '../cameras/camera-settings.ts'
import { addCamera, readPassword } from '../cameras/camera-store.ts'
import { rotateKeyCommand } from '../cli/rotate-key-command.ts'
import type { Config } from '../config.ts'
import { toConfig } from '../config.ts'
import { takeControl } from '../control-lock.ts'
import { type Db, openDatabase } from '../db/database.ts'
import { systemClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import { sealedColumns } from '../lib/sealed-columns.ts'
import { openKey, openKeyBeside } from './key-check-store.ts'
import { readKeyFile } from './key-file.ts'
import { type RotationStep, rotateKey } from './rotate-key-store.ts'

const root = mkdtempSync(join(tmpdir(), 'vedette-rotate-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const nowMs = 1_700_000_000_000
const cameras = 700

/** An installation with something in every sealed column. */
async function install(name: string, url?: string) {
  const dataDir = join(root, name)
  await (await takeControl(dataDir))()
  const config = toConfig({ VEDETTE_DATA: dataDir, VEDETTE_DATABASE_URL: url }, '/')
  const db = await openDatabase(config.database)
  const key = await openKey(db, config.keyPlace)
  const ids: string[] = []
  const planned = planNewCamera(newCamera.parse({ name: 'Yard', address: 'rtsp://10.0.0.9/main' }))
  // More than a page of rows; a Vedette holds 256, deleted ones not counted.
  for (let i = 0; i < cameras; i++) {
    if (i % 250 === 249) await db.updateTable('camera').set({ deleted_ms: nowMs }).execute()
    const camera = await addCamera(db, key, { settings: planned.settings, password: `pass ${i}` }, nowMs)
    ids.push(camera.id)
  }
  const user = newUser({ username: 'anna', password_hash: 'x', role: 'admin' }, nowMs)
  await addUser(db, user)
  const { secret } = await beginTotp(db, key, user, nowMs)
  const codeAt = (atMs: number) => new TOTP({ secret }).generate({ timestamp: atMs })
  await confirmTotp(db, key, user.id, codeAt(nowMs), nowMs)
  await beginTotp(db, key, user, nowMs)
  const audit = new AuditLog({ db, key, dataDir, clock: systemClock, log: silentLog })
  await audit.write({ kind: 'user.added', userId: null, username: 'test', address: '' })
  await audit.close()
  let step = 0
  async function expectAll(expectedKey?: Buffer): Promise<Buffer> {
    const inForce: Buffer = await openKey(db, config.keyPlace)
    if (expectedKey) expect(inForce).toEqual(expectedKey)
    expect(readKeyFile(config.keyPlace), 'one key alone').toEqual({ key: inForce })
    expect(statSync(config.keyPlace.path).mode & 0o777).toBe(0o600)
    for (const i of [0, 499, 500, 501, cameras - 1]) {
      const id = [...ids].sort()[i] ?? ''
      expect(await readPassword(db, inForce, id)).toBe(`pass ${ids.indexOf(id)}`)
    }
    const atMs = nowMs + ++step * 60_000
    expect(await acceptTotp(db, inForce, user.id, codeAt(atMs), atMs), 'the second factor still opens').toBe(true)
    expect(await verifyAudit(db, inForce, dataDir)).toMatchObject({ problems: [] })
    return inForce
  }
  return { config, db, key, expectAll, dataDir, userId: user.id }
}

async function rotate(config: Config) {
  const answers: unknown[] = []
  const code = await rotateKeyCommand(
    { config, isJson: true, say: () => {}, answer: (value) => answers.push(value) },
    {},
    [],
  )
  return { code, answer: answers[0] }
}

const steps: readonly RotationStep[] = ['begin', 'both keys on disk', 'resealed', 'committed', 'done']
const programs = postgresPrograms()
if (programs === undefined) console.warn('rotate-key is not tried on PostgreSQL: it is not installed')

describe.each<readonly [string, () => Promise<string | undefined>]>([
  ['SQLite', async (): Promise<string | undefined> => undefined],
  ['PostgreSQL', async () => newPostgresUrl(programs ?? '')],
])('rotate-key on %s', (name, makeUrl) => {
  const isSkipped = name === 'PostgreSQL' && programs === undefined

  test.skipIf(isSkipped)('R21 seals every secret with a new key, once, and the audit chain goes on', async () => {
    const { config, db, key, expectAll, dataDir } = await install(`whole ${name}`, await makeUrl())
    const before = await sealedValues(db)
    const { code, answer } = await rotate(config)
    expect(code).toBe(0)
    expect(answer).toMatchObject({ resealed: before.size })
    const after = await sealedValues(db)
    for (const [place, value] of before) expect(after.get(place), place).not.toBe(value)
    expect(await expectAll()).not.toEqual(key)
    const last = await db.selectFrom('audit').selectAll().orderBy('seq', 'desc').executeTakeFirst()
    expect(last).toMatchObject({ kind: 'key.rotated', username: '(command line)' })

    // While somebody else works on the folder nothing is done.
    writeFileSync(join(dataDir, 'control.lock'), otherHolder(), { mode: 0o600 })
    const file = readFileSync(config.keyPlace.path)
    await expect(rotate(config)).rejects.toMatchObject({ code: 'conflict' })
    expect(readFileSync(config.keyPlace.path)).toEqual(file)
    rmSync(join(dataDir, 'control.lock'))

    // A secret that does not open stops it before anything is changed.
    await db.updateTable('totp').set({ pending_sealed: 'v1.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }).execute()
    await expect(rotate(config)).rejects.toThrow(/totp.pending_sealed/)
    await expectAll(file)
    await db.destroy()
  })

  test.skipIf(isSkipped)('R21 a command beside a rotation that is killed takes no key away', async () => {
    const url = await makeUrl()
    const { config, db, key, expectAll } = await install(`beside ${name}`, url)
    const beside = await openDatabase(config.database)
    const dies = rotateKey({
      db,
      place: config.keyPlace,
      inTransaction: async (trx, next) => {
        expect(await openKeyBeside(beside, config.keyPlace)).toEqual(key)
        await openAuditKey(trx, next)
      },
      onStep: (step) => {
        if (step === 'committed') throw new Error('as if killed')
      },
    })
    await expect(dies).rejects.toThrow('as if killed')
    expect(await openKeyBeside(beside, config.keyPlace)).not.toEqual(key)
    expect(await expectAll()).not.toEqual(key)
    await beside.destroy()
    await db.destroy()
  })

  test.skipIf(isSkipped)('R21 what is sealed anew is on the disk before the old key goes', async () => {
    const { config, db } = await install(`durable ${name}`, await makeUrl())
    const setting = name === 'SQLite' ? sql<{ synchronous: number }>`pragma synchronous` : sql`show synchronous_commit`
    const before = (await setting.execute(db)).rows
    if (name === 'PostgreSQL') await sql`set synchronous_commit = off`.execute(db)
    let during: unknown
    await rotateKey({
      db,
      place: config.keyPlace,
      inTransaction: async (trx, next) => {
        during = (await setting.execute(trx)).rows
        await openAuditKey(trx, next)
      },
    })
    expect(during).toEqual(name === 'SQLite' ? [{ synchronous: 2 }] : [{ synchronous_commit: 'on' }])
    if (name === 'SQLite') expect((await setting.execute(db)).rows).toEqual(before)
    await db.destroy()
  })

  test.skipIf(isSkipped).each(steps)('R21 a rotation killed at “%s” loses nothing', async (dieAt) => {
    const url = await makeUrl()
    const { config, db, key, expectAll, dataDir } = await install(`kill ${dieAt} ${name}`, url)
    const child = spawnSync(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        resolve(import.meta.dirname, '../../../test/support/rotating-child.ts'),
        config.keyPlace.path,
        url ?? join(dataDir, 'vedette.db'),
        dieAt,
      ],
      { encoding: 'utf8' },
    )
    expect(child.signal, child.stderr).toBe('SIGKILL')
    const inForce = await expectAll()
    expect(inForce.equals(key)).toBe(!['committed', 'done'].includes(dieAt))
    expect((await rotate(config)).code, 'and it can be done again').toBe(0)
    await expectAll()
    await db.destroy()
  })
})

/** Values by place, found through the schema instead of the list. */
async function sealedValues(db: Db): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const { name } of await db.introspection.getTables()) {
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(db)
    for (const [i, row] of rows.entries())
      for (const [column, value] of Object.entries(row))
        if (typeof value === 'string' && /^v1\.[\w-]{16}\./.test(value)) found.set(`${name} ${column} ${i}`, value)
  }
  return found
}

test('R21 a key file that is a link is not rotated: the link would be made again, with the old key behind it', async () => {
  const { config, db, key } = await install('link')
  const place = { kind: 'named', path: join(root, 'linked-key') } as const
  symlinkSync(config.keyPlace.path, place.path)
  await expect(rotateKey({ db, place, inTransaction: async () => {} })).rejects.toThrow(/is a link/)
  expect(readKeyFile(place)).toEqual({ key })
  await db.destroy()
})

test('R21 every sealed column of the schema is in the list that the rotation goes through', async () => {
  const { db } = await install('schema')
  const listed = sealedColumns.map(({ table, column }) => `${table}.${column}`)
  const tables = await db.introspection.getTables()
  const named = tables.flatMap(({ name, columns }) =>
    columns.filter((column) => column.name.endsWith('_sealed')).map((column) => `${name}.${column.name}`),
  )
  expect(named.length).toBeGreaterThan(2)
  expect(listed).toEqual(expect.arrayContaining(named))
  const used = new Set([...(await sealedValues(db)).keys()].map((place) => place.split(' ').slice(0, 2).join('.')))
  expect([...used].sort(), 'this test seals something in each of them').toEqual([...new Set(listed)].sort())
  const settings = sealedColumns.flatMap((column) => ('only' in column ? column.only : []))
  const sealedSettings = await db.selectFrom('setting').select('key').where('value', 'like', 'v1.%').execute()
  for (const { key } of sealedSettings) expect(settings, 'a sealed setting').toContain(key)
  await db.destroy()
})

function otherHolder(): string {
  const stat = readFileSync(`/proc/${process.ppid}/stat`, 'utf8')
  const startTicks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  return JSON.stringify({ pid: process.ppid, startTicks })
}
