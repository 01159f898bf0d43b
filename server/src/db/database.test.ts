/** Damaged, cut, foreign and unreachable databases: each is named, nothing is changed, the footage beside them stays. */
import {
  chmodSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { checkDatabaseFile } from './check-file.ts'
import { checkpointAside } from './checkpoint-aside.ts'
import { openDatabase } from './database.ts'

let folder: string
let path: string
const never = new AbortController().signal
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vedette-db-'))
  path = join(folder, 'vedette.db')
  writeFileSync(join(folder, 'footage.mp4'), 'footage')
})
afterEach(() => {
  expect(readFileSync(join(folder, 'footage.mp4'), 'utf8')).toBe('footage')
  rmSync(folder, { recursive: true })
})

/** Some hundred pages of settings. */
async function filledDatabase(): Promise<void> {
  const db = await openDatabase({ kind: 'sqlite', path })
  const rows = Array.from({ length: 1000 }, (_, i) => ({ key: `k${i}`, value: 'x'.repeat(500) }))
  await db.insertInto('setting').values(rows).execute()
  await db.destroy()
}

test('a file that is no database is refused as damaged and stays as it is', async () => {
  writeFileSync(path, 'x'.repeat(10_000))
  await expect(openDatabase({ kind: 'sqlite', path })).rejects.toMatchObject({ code: 'database_damaged' })
  expect(readFileSync(path, 'utf8')).toBe('x'.repeat(10_000))
})

test('a database that lost its end is refused as damaged and stays as it is', async () => {
  await filledDatabase()
  truncateSync(path, 64 * 1024)
  const before = readFileSync(path)
  await expect(openDatabase({ kind: 'sqlite', path })).rejects.toMatchObject({ code: 'database_damaged' })
  expect(readFileSync(path).equals(before)).toBe(true)
})

test('R21 nobody else can read the database, nor one that was made readable', async () => {
  const modes = () => [path, `${path}-wal`, `${path}-shm`].map((file) => (statSync(file).mode & 0o777).toString(8))
  const first = await openDatabase({ kind: 'sqlite', path })
  expect(modes()).toEqual(['600', '600', '600'])
  await first.destroy()
  chmodSync(path, 0o644)
  const second = await openDatabase({ kind: 'sqlite', path })
  expect(modes()).toEqual(['600', '600', '600'])
  await second.destroy()
})

test('a sound database opens again and passes the full check', async () => {
  await filledDatabase()
  const db = await openDatabase({ kind: 'sqlite', path })
  await db.destroy()
  expect(await checkDatabaseFile(path, never)).toBeUndefined()
})

test('damage in the middle is found by the full check', async () => {
  await filledDatabase()
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.alloc(4096 * 40, 0xa5), 0, 4096 * 40, Math.floor(statSync(path).size / 2 / 4096) * 4096)
  expect(await checkDatabaseFile(path, never)).toEqual(expect.any(String))
})

test('the log is copied into the file aside while the database is open, until told to end', async () => {
  const db = await openDatabase({ kind: 'sqlite', path })
  const ending = new AbortController()
  const ended = checkpointAside(path, ending.signal, 10)
  const sizeBytes = statSync(path).size
  const rows = Array.from({ length: 500 }, (_, i) => ({ key: `k${i}`, value: 'x'.repeat(500) }))
  await db.insertInto('setting').values(rows).execute()
  await vi.waitFor(() => expect(statSync(path).size).toBeGreaterThan(sizeBytes + 200_000), 5000)
  ending.abort()
  await ended
  await db.destroy()
})

test('a folder that is not there is named as unavailable', async () => {
  const nowhere = join(folder, 'none', 'vedette.db')
  await expect(openDatabase({ kind: 'sqlite', path: nowhere })).rejects.toMatchObject({ code: 'database_unavailable' })
})

test('a PostgreSQL that does not answer is named as unavailable', async () => {
  const url = `postgres://nobody@/none?host=${encodeURIComponent(folder)}`
  await expect(openDatabase({ kind: 'postgres', url })).rejects.toMatchObject({ code: 'database_unavailable' })
})
