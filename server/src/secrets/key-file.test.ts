import { createHash, randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type Db, openDatabase } from '../db/database.ts'
import { openKey, openKeyBeside } from './key-check-store.ts'
import { type KeyPlace, readKeyFile, writeKeyFile } from './key-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'vedette-key-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let n = 0
const placeOf = (kind: KeyPlace['kind'], content?: Buffer | string, mode = 0o600): KeyPlace => {
  const path = join(folder, `key-${++n}`)
  if (content !== undefined) {
    writeFileSync(path, content, { mode })
    chmodSync(path, mode)
  }
  return { kind, path }
}
const memory = (): Promise<Db> => openDatabase({ kind: 'sqlite', path: ':memory:' })

test('R21 the key is generated, random, in a file of 0600 also under a lax umask', async () => {
  const place = placeOf('own')
  const before = process.umask(0)
  const key = await openKey(await memory(), place)
  process.umask(before)
  expect(statSync(place.path).mode & 0o777).toBe(0o600)
  expect(readFileSync(place.path)).toEqual(key)
  expect(key).toHaveLength(32)
  expect(await openKey(await memory(), placeOf('own'))).not.toEqual(key)
  expect(readdirSync(folder).filter((name) => name.endsWith('.new'))).toEqual([])
})

const counting = Buffer.from(Array.from({ length: 32 }, (_, i) => 100 + i * 3))
test.each<[string, Buffer | string]>([
  ['nothing', ''],
  ['zeros', Buffer.alloc(32)],
  ['one byte', Buffer.alloc(32, 0x5a)],
  ['a pattern', Buffer.from('00112233445566778899aabbccddeeff'.repeat(2), 'hex')],
  ['a count', counting],
  ['a placeholder', 'changeme'],
  ['a placeholder with a line end', 'changeme\n'],
  ['the hash of a placeholder', createHash('sha256').update('changeme').digest()],
  ['a sentence of 32 bytes', 'correct horse battery staple yes'],
  ['a sentence in base64', Buffer.from('correct horse battery staple yes').toString('base64')],
  ['hex that repeats', '0123456789abcdef'.repeat(4)],
  ['16 bytes', randomBytes(16)],
  ['31 bytes', randomBytes(31)],
  ['33 bytes', randomBytes(33)],
  ['64 bytes', randomBytes(64)],
  ['a whole file', randomBytes(5000)],
  [
    'half of a rotation',
    JSON.stringify({ vedetteKeyRotation: 1, old: 'AAAA', new: randomBytes(32).toString('base64') }),
  ],
])('R21 a key of %s stops the start, wherever it comes from, and says what to do', (_, content) => {
  for (const kind of ['own', 'named', 'credential'] as const)
    expect(() => readKeyFile(placeOf(kind, content))).toThrow(/Put (back )?the right one/)
})

test('R21 a key that others can read stops the start; a credential may show the mask of its access list', () => {
  for (const mode of [0o604, 0o640, 0o644, 0o660])
    expect(() => readKeyFile(placeOf('own', randomBytes(32), mode))).toThrow(/chmod 600/)
  expect(() => readKeyFile(placeOf('named', randomBytes(32), 0o440))).toThrow(/chmod 600/)
  expect(readKeyFile(placeOf('credential', randomBytes(32), 0o440))?.key).toHaveLength(32)
  expect(() => readKeyFile(placeOf('credential', randomBytes(32), 0o444))).toThrow(/chmod 600/)
})

test('R21 a named key may be hex or base64; one that is not there is not made', async () => {
  const key = randomBytes(32)
  for (const text of [key.toString('hex'), `${key.toString('hex')}\n`, `${key.toString('base64')}\n`])
    expect(readKeyFile(placeOf('named', text))?.key).toEqual(key)
  await expect(openKey(await memory(), placeOf('named'))).rejects.toThrow(/head -c 32 \/dev\/urandom/)
  expect(() => readKeyFile({ kind: 'named', path: folder })).toThrow(/is no file/)
})

test('R21 a lost or foreign key stops the start instead of making the secrets unreadable for good', async () => {
  const db = await memory()
  const place = placeOf('own')
  await openKey(db, place)
  const key = readFileSync(place.path)
  rmSync(place.path)
  await expect(openKey(db, place)).rejects.toThrow(/Put it back from your backup/)
  expect(readKeyFile(place), 'no new one was made').toBeUndefined()
  writeFileSync(place.path, randomBytes(32), { mode: 0o600 })
  await expect(openKey(db, place)).rejects.toThrow(/another installation's/)
  writeKeyFile(place, { key })
  expect(await openKey(db, place)).toEqual(key)
})

test('R21 a link at the place of a new key is replaced, not written through', () => {
  const place = placeOf('own')
  const elsewhere = join(folder, 'elsewhere')
  symlinkSync(elsewhere, place.path)
  symlinkSync(elsewhere, `${place.path}.new`)
  writeKeyFile(place, { key: randomBytes(32) })
  expect(readdirSync(folder)).not.toContain('elsewhere')
  expect(readKeyFile(place)?.key).toHaveLength(32)
})

test('R21 a first start and a set-up at the same moment use one key', async () => {
  const place = placeOf('own')
  const database = { kind: 'sqlite', path: join(folder, 'both.db') } as const
  const [one, other] = [await openDatabase(database), await openDatabase(database)]
  const [key, besides] = await Promise.all([openKey(one, place), openKeyBeside(other, place)])
  expect(besides).toEqual(key)
  expect(await openKey(one, place), 'the next start opens it').toEqual(key)
  expect(readdirSync(folder).filter((name) => name.endsWith('.new'))).toEqual([])
  await one.destroy()
  await other.destroy()
})

test.runIf(process.getuid?.() === 0)('R21 a key that root replaces stays its owner’s (needs root)', () => {
  const place = placeOf('own', randomBytes(32))
  chownSync(place.path, 65_534, 65_534)
  writeKeyFile(place, { key: randomBytes(32) })
  const { uid, gid, mode } = statSync(place.path)
  expect([uid, gid, mode & 0o777]).toEqual([65_534, 65_534, 0o600])
})
