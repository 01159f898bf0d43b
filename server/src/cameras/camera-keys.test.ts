/** Which key of a camera is trusted, from the first one that is seen to the one that an administrator trusts after it. */
import type { AuditEntry } from '@vedette/shared/audit.ts'
import { expect, test } from 'vitest'
import { onBothDatabases } from '../../../test/support/databases.ts'
import type { Db } from '../db/database.ts'
import type { AuditedChange } from '../db/in-transaction.ts'
import { ManualClock } from '../lib/clock.ts'
import { listCameraKeys, trustedKeys, trustShownKey } from './camera-key-store.ts'
import { movedStreams, planNewCamera } from './camera-settings.ts'
import { addCamera, removeCamera } from './camera-store.ts'
import { takeShownKey } from './take-shown-key.ts'
import { watchRefusals } from './watch-refusals.ts'

const address = 'rtsps://10.0.0.7/main'
const [first, second, third] = ['a', 'b', 'c'].map((letter) => letter.repeat(64))
if (!first || !second || !third) throw new Error('three keys')

async function setUp(db: Db) {
  const clock = new ManualClock(1_000_000)
  const entries: AuditEntry[] = []
  const { settings } = planNewCamera({ name: 'Yard', address })
  const camera = await addCamera(db, Buffer.alloc(32, 1), { settings, password: null }, 0)
  const change: AuditedChange = async (work, entryOf) => {
    const made = await work(db)
    const entry = entryOf(made)
    if (entry) entries.push(entry)
    return made
  }
  const news: string[] = []
  const show = (keySha256: string, isAccepted: boolean, at = address) =>
    takeShownKey(
      { db, clock, change, onNews: () => news.push(keySha256) },
      { cameraId: camera.id, stream: 'main', address: at, keySha256, isAccepted },
    )
  return { clock, entries, news, show, cameraId: camera.id }
}

onBothDatabases('R15 the keys of cameras', (open) => {
  test('R15 the first key that plays is trusted, and told once', async () => {
    const db = await open()
    const { show, entries, news, cameraId } = await setUp(db)
    await show(first, true)
    await show(first, true)
    expect(await trustedKeys(db, cameraId)).toEqual({ main: first, sub: null })
    expect([entries.map((entry) => entry.kind), news]).toEqual([['camera.key_first_trusted'], [first]])
  })

  test('R15 another key changes nothing but what an administrator is asked', async () => {
    const db = await open()
    const { show, entries, cameraId, clock } = await setUp(db)
    await show(first, true)
    clock.advance(5000)
    await show(second, false)
    await show(second, false)
    expect(await listCameraKeys(db, cameraId)).toEqual([
      { stream: 'main', keySha256: first, sinceMs: 1_000_000, shownSha256: second, shownMs: 1_005_000 },
    ])
    expect(entries.map((entry) => entry.kind)).toEqual(['camera.key_first_trusted', 'camera.key_refused'])
    await show(first, true)
    expect((await listCameraKeys(db, cameraId))[0]?.shownSha256).toBeNull()
  })

  test('R15 an administrator trusts exactly the key that was looked at', async () => {
    const db = await open()
    const { show, cameraId } = await setUp(db)
    await show(first, true)
    await show(second, false)
    await show(third, false)
    expect(await trustShownKey(db, cameraId, second, 2)).toEqual([])
    expect(await trustShownKey(db, cameraId, third, 2)).toEqual([{ stream: 'main', before: first }])
    expect((await trustedKeys(db, cameraId)).main).toBe(third)
    expect(await trustShownKey(db, cameraId, third, 3)).toEqual([])
  })

  test('R15 what an earlier address showed says nothing, and a deleted camera has no key', async () => {
    const db = await open()
    const { show, entries, cameraId } = await setUp(db)
    await show(first, true, 'rtsps://10.0.0.8/main')
    expect([await listCameraKeys(db, cameraId), entries]).toEqual([[], []])
    await show(first, true)
    await removeCamera(db, cameraId, 1)
    expect(await listCameraKeys(db, cameraId)).toEqual([])
    await show(second, true)
    expect(await listCameraKeys(db, cameraId)).toEqual([])
  })
})

test('R15 another host, port or encryption is another machine; another path is not', () => {
  const { settings } = planNewCamera({ name: 'Yard', address, subAddress: 'rtsps://10.0.0.7/sub' })
  const moved = (change: object) => movedStreams(settings, { ...settings, ...change })
  expect(moved({ address: 'rtsps://10.0.0.7/other', subAddress: 'rtsps://10.0.0.7:322/x' })).toEqual([])
  expect(moved({ address: 'rtsps://10.0.0.8/main' })).toEqual(['main'])
  expect(moved({ address: 'rtsps://10.0.0.7:7441/main', subAddress: null })).toEqual(['main', 'sub'])
  expect(moved({ subAddress: 'rtsp://10.0.0.7:322/sub' })).toEqual(['sub'])
})

test('R15 a refused address is written into the audit log once, and again when it changes', () => {
  const entries: AuditEntry[] = []
  const watch = watchRefusals(
    async (entry) => void entries.push(entry),
    () => {},
  )
  const status = (code: 'address_refused' | null, problem: string | null) =>
    ({ code, problem, state: problem ? 'unsupported' : 'online' }) as Parameters<typeof watch>[1]
  for (const [code, problem] of [
    ['address_refused', 'Vedette does not connect to a.'],
    ['address_refused', 'Vedette does not connect to a.'],
    ['address_refused', 'Vedette does not connect to b.'],
    [null, null],
    ['address_refused', 'Vedette does not connect to b.'],
  ] as const)
    watch('camera', status(code, problem))
  expect(entries.map((entry) => entry.detail?.why)).toEqual([
    'Vedette does not connect to a.',
    'Vedette does not connect to b.',
    'Vedette does not connect to b.',
  ])
  expect(entries[0]).toMatchObject({ kind: 'egress.refused', object: 'camera camera' })
})
