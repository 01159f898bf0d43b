/** The backup that is made by itself: when, how many stay, and what a folder that is not ours means. */
import { mkdtemp, readdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { configureHouse, houseKey } from '../../../test/support/configured-house.ts'
import { openDatabase } from '../db/database.ts'
import { ManualClock } from '../lib/clock.ts'
import { silentLog as log } from '../lib/log.ts'
import { newId } from '../lib/new-id.ts'
import { decryptDocument } from './age.ts'
import { AutomaticBackup } from './automatic-backup.ts'
import { listBackups, planPruning, readBackup } from './backup-folder.ts'
import { readPassphrase, writeBackupSettings, writePassphrase } from './backup-settings-store.ts'

const root = await mkdtemp(join(tmpdir(), 'vedette-automatic-'))
afterAll(() => rm(root, { recursive: true, force: true }))
const hourMs = 3_600_000

async function openAutomatic(name: string) {
  const db = await openDatabase({ kind: 'sqlite', path: ':memory:' })
  await configureHouse(db)
  await writeBackupSettings(db, { isOn: true, everyHours: 24, keep: 2 })
  const clock = new ManualClock(Date.UTC(2026, 5, 1))
  const folder = join(root, name)
  const failures: string[] = []
  const onFailed = async (problem: string) => void failures.push(problem)
  const automatic = new AutomaticBackup({
    db,
    key: houseKey,
    version: '0.1.0',
    workFactor: 10,
    folder,
    clock,
    log,
    onFailed,
  })
  const names = async () => (await listBackups(folder)).map(({ madeMs }) => new Date(madeMs).toISOString().slice(0, 10))
  return { db, clock, folder, automatic, failures, names }
}

test('R25 is off until there is a passphrase, and says so', async () => {
  const { db, automatic, names } = await openAutomatic('off')
  await writePassphrase(db, houseKey, null)
  expect(await automatic.makeIfDue()).toBeUndefined()
  expect(await names()).toEqual([])
  expect(await automatic.view()).toMatchObject({ isOn: false, hasPassphrase: false, nextMs: null })
  await expect(automatic.makeNow()).rejects.toMatchObject({ code: 'conflict' })
})

test('R25 is made once a day, private, encrypted, and the newest stay; what was made by hand stays, too', async () => {
  const { db, automatic, clock, folder, names } = await openAutomatic('daily')
  await automatic.makeNow()
  for (let day = 0; day < 3; day++) {
    expect(await automatic.makeIfDue()).toMatchObject({ by: 'automatic' })
    clock.advance(23 * hourMs)
    expect(await automatic.makeIfDue()).toBeUndefined()
    clock.advance(hourMs)
  }
  expect(await names()).toEqual(['2026-06-03', '2026-06-02', '2026-06-01'])
  const [newest] = await listBackups(folder)
  if (!newest) throw new Error('no backup')
  expect((await stat(join(folder, newest.name))).mode & 0o777).toBe(0o600)
  const document = await decryptDocument(await readBackup(folder, newest.id), 'a stored passphrase')
  expect(document.configuration.cameras.map(({ settings }) => settings.name).sort()).toEqual(['Door', 'Yard'])
  expect(await readPassphrase(db, houseKey)).toBe('a stored passphrase')
})

test('a folder that was swapped or cannot be written is a problem that is told, and tried again later', async () => {
  const { automatic, clock, folder, failures, names } = await openAutomatic('away')
  await automatic.makeIfDue()
  await rename(folder, `${folder}-unplugged`)
  clock.advance(25 * hourMs)
  await expect(automatic.makeIfDue()).rejects.toMatchObject({ code: 'volume_missing' })
  expect(automatic.problems).toEqual([expect.stringMatching(/not the folder that backups were written to/)])
  expect(await automatic.makeIfDue()).toBeUndefined() // Not at once again.
  await rename(`${folder}-unplugged`, folder)
  clock.advance(hourMs)
  await automatic.makeIfDue()
  expect([automatic.problems, failures.length, (await names()).length]).toEqual([[], 1, 2])
})

test('a clock that was ahead does not stop the backups', async () => {
  const { automatic, clock, names } = await openAutomatic('clock')
  clock.step(400 * 24 * hourMs)
  await automatic.makeIfDue()
  clock.step(-400 * 24 * hourMs)
  expect(await automatic.makeIfDue()).toMatchObject({ by: 'automatic' })
  expect(await automatic.makeIfDue()).toBeUndefined()
  expect(await names()).toHaveLength(2)
})

test('R20 files are known by the id in their name; others are neither listed, read through a link, nor deleted', async () => {
  const { automatic, folder } = await openAutomatic('others')
  const made = await automatic.makeNow()
  const forged = newId(0)
  await writeFile(join(folder, 'holiday.age'), 'x')
  await writeFile(join(folder, `vedette-20260601T000000Z-automatic-${newId(1)}.age.part`), 'x')
  await symlink('/etc/passwd', join(folder, `vedette-20260601T000000Z-hand-${forged}.age`))
  await expect(readBackup(folder, forged)).rejects.toMatchObject({ code: 'disk_failed' })
  await expect(readBackup(folder, '../../etc/passwd')).rejects.toMatchObject({ code: 'not_found' })
  expect((await listBackups(folder)).some(({ id }) => id === made.id)).toBe(true)
  expect(await readdir(folder)).toContain('holiday.age')
})

test('only automatic backups make room, the oldest first', () => {
  const file = (day: number, by: 'automatic' | 'hand') => ({
    id: newId(day),
    madeMs: day,
    sizeBytes: 1,
    by,
    name: `${day}`,
  })
  const files = [file(1, 'hand'), file(2, 'automatic'), file(4, 'automatic'), file(3, 'automatic')]
  expect(planPruning(files, 2).map(({ madeMs }) => madeMs)).toEqual([2])
  expect(planPruning(files, 7)).toEqual([])
})
