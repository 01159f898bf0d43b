import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  checkVolumePath,
  claimVolume,
  footageExists,
  heldReserveShare,
  lookAtVolume,
  markerName,
  readMarker,
} from './volumes.ts'

const id = '01K00000000000000000000VVV'
const otherId = '01K00000000000000000000WWW'
let root: string
let path: string
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'vedette-volumes-')))
  path = join(root, 'footage')
})
afterEach(() => rmSync(root, { recursive: true }))
const look = () => lookAtVolume({ path, marker: id })

test('a claimed volume is well and knows its space; claiming it again is fine', async () => {
  await claimVolume(path, id)
  await claimVolume(path, id)
  const health = await look()
  expect(health).toMatchObject({ state: 'ok', problem: null })
  expect(health.totalBytes).toBeGreaterThan(health.freeBytes)
  expect(readdirSync(path)).toEqual([markerName])
})

test('a small disk keeps more free than its share, so that it never counts as full by footage alone', () => {
  expect(heldReserveShare(0.05, 4e12)).toBe(0.05)
  expect(heldReserveShare(0.05, 1e9) * 1e9).toBeGreaterThan(64 * 1024 * 1024)
  expect(heldReserveShare(0.05, 100e6)).toBe(0.5)
})

test('a folder of another volume is not taken', async () => {
  await claimVolume(path, otherId)
  await expect(claimVolume(path, id)).rejects.toMatchObject({ code: 'volume_missing' })
  expect(await readMarker(path)).toBe(otherId)
  expect(await look()).toMatchObject({ state: 'swapped' })
})

test('a folder without a marker, with a broken or a linked one, is missing', async () => {
  expect(await look()).toMatchObject({ state: 'missing', totalBytes: 0 })
  mkdirSync(path)
  expect(await look()).toMatchObject({ state: 'missing' })
  writeFileSync(join(path, markerName), 'not json')
  expect(await look()).toMatchObject({ state: 'missing' })
  rmSync(join(path, markerName))
  writeFileSync(join(root, 'marker'), JSON.stringify({ id }))
  symlinkSync(join(root, 'marker'), join(path, markerName))
  expect(await look()).toMatchObject({ state: 'missing' })
})

test('a volume that cannot be written to is read-only', async () => {
  await claimVolume(path, id)
  // Root may write anywhere, so a folder in the probe's place stands for a mount that refuses.
  mkdirSync(join(path, '.vedette-probe'))
  expect(await look()).toMatchObject({ state: 'read_only' })
})

test('looks at the same moment do not take each other for a disk that refuses', async () => {
  await claimVolume(path, id)
  for (let round = 0; round < 20; round++) {
    const states = (await Promise.all(Array.from({ length: 8 }, look))).map(({ state }) => state)
    expect(new Set(states)).toEqual(new Set(['ok']))
  }
  expect(readdirSync(path)).toEqual([markerName])
})

test('a path is taken only as it really is, inside an allowed root', async () => {
  mkdirSync(path)
  symlinkSync(path, join(root, 'link'))
  expect(await checkVolumePath(path, [root])).toBe(path)
  for (const wrong of [
    join(root, 'link'),
    `${path}/`,
    `${path}/../footage`,
    'footage',
    join(root, 'none'),
    `${path}\0`,
  ])
    await expect(checkVolumePath(wrong, [root]), wrong).rejects.toMatchObject({ code: 'bad_request', field: 'path' })
  await expect(checkVolumePath(path, [`${root}/foo`])).rejects.toMatchObject({ code: 'bad_request' })
})

test('footage of an earlier index is noticed', async () => {
  expect(await footageExists(path)).toBe(false)
  await claimVolume(path, id)
  expect(await footageExists(path)).toBe(false)
  mkdirSync(join(path, '01K00000000000000000000CAA'))
  expect(await footageExists(path)).toBe(true)
})
