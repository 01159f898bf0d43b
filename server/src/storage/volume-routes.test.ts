import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { VolumeState } from '@vedette/shared/storage.ts'
import { receiptPage, simulateAnswer, volumeList, volumeView } from '@vedette/shared/storage.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openBareHttp } from '../../../test/support/bare-http.ts'
import { onBothDatabases } from '../../../test/support/databases.ts'
import {
  cameraA,
  cameraB,
  insertAll,
  insertCamera,
  minutes,
  newYearMs,
  volumeV,
} from '../../../test/support/segments.ts'
import { ManualClock } from '../lib/clock.ts'
import { dayMs } from '../lib/hour-minutes.ts'
import { newId } from '../lib/new-id.ts'
import { volumeRoutes } from './volume-routes.ts'
import { addVolume } from './volume-store.ts'
import { claimVolume } from './volumes.ts'

let root: string
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'vedette-volume-')))
})
afterEach(() => rmSync(root, { recursive: true }))

onBothDatabases('volumes over the API', (open) => {
  /** A volume with a day of camera A (4 MB a minute) and two of camera B, whose rule is five days. */
  async function house() {
    const db = await open()
    await insertCamera(db, cameraA, { name: 'Garden' })
    await insertCamera(db, cameraB, { name: 'Door', keepDays: 5 })
    await claimVolume(root, volumeV)
    const volume = { id: volumeV, name: 'Footage', path: root, marker: volumeV, quotaBytes: null, reserveShare: 0.05 }
    await addVolume(db, volume, 0)
    await insertAll(db, minutes(newYearMs - dayMs, 1440, { sizeBytes: 4_000_000 }))
    await insertAll(db, minutes(newYearMs - 2 * dayMs, 2880, { cameraId: cameraB, sizeBytes: 1_000_000 }))
    const changed: string[] = []
    let found: { state: VolumeState; problem: string | null } | undefined
    const bare = openBareHttp()
    const { http } = bare
    volumeRoutes(http, {
      db,
      clock: new ManualClock(newYearMs),
      change: (change) => change(db),
      recorderFinds: () => found,
      onChanged: (id) => changed.push(id),
    })
    const post = async (quotaBytes: number | null) => {
      const payload = { quotaBytes, reserveShare: 0.05 }
      return simulateAnswer.parse(
        (await http.inject({ method: 'POST', url: `/api/volumes/${volumeV}/simulate`, payload })).json(),
      )
    }
    const recorderFinds = (state: VolumeState) => {
      found = { state, problem: 'The disk is slow.' }
    }
    return { db, http, bare, changed, post, recorderFinds }
  }

  test('shows what lies on a volume, by camera, and how much a day', async () => {
    const { http } = await house()
    const { volumes } = volumeList.parse((await http.inject('/api/volumes')).json())
    expect(volumes).toHaveLength(1)
    expect(volumes[0]).toMatchObject({ state: 'ok', problem: null, path: root, quotaBytes: null })
    expect(volumes[0]?.footageBytes).toBe(1440 * 4_000_000 + 2880 * 1_000_000)
    expect(volumes[0]?.cameras).toEqual([
      {
        ...{ cameraId: cameraA, name: 'Garden', footageBytes: 5_760_000_000, keepDays: null },
        ...{ bytesPerDay: 5_760_000_000, oldestMs: newYearMs - dayMs },
      },
      {
        ...{ cameraId: cameraB, name: 'Door', footageBytes: 2_880_000_000, keepDays: 5 },
        ...{ bytesPerDay: 1_440_000_000, oldestMs: newYearMs - 2 * dayMs },
      },
    ])
    expect(volumes[0]?.daysLeft).toBeGreaterThan(0)
  })

  test('reckons a day from when footage began, and not at all from its first minutes', async () => {
    const { db, http } = await house()
    const cameraC = '01K00000000000000000000CCC'
    const cameraD = '01K00000000000000000000DDD'
    for (const [cameraId, count] of [
      [cameraC, 12],
      [cameraD, 4],
    ] as const) {
      await insertCamera(db, cameraId, { name: cameraId })
      await insertAll(db, minutes(newYearMs - count * 60_000, count, { cameraId, sizeBytes: 1_000_000 }))
    }
    const { volumes } = volumeList.parse((await http.inject('/api/volumes')).json())
    const perDay = new Map(volumes[0]?.cameras.map((camera) => [camera.cameraId, camera.bytesPerDay]))
    expect(perDay.get(cameraC)).toBeCloseTo(1_440_000_000)
    expect(perDay.get(cameraD)).toBe(0)
  })

  test('shows the worse of what a look and what the recorder finds', async () => {
    const { http, recorderFinds } = await house()
    recorderFinds('slow')
    const state = async () => volumeList.parse((await http.inject('/api/volumes')).json()).volumes[0]?.state
    expect(await state()).toBe('slow')
    rmSync(join(root, '.vedette-volume'))
    expect(await state()).toBe('missing')
  })

  test('changes only what is given, and space is made at once', async () => {
    const { http, bare, changed } = await house()
    bare.provedMs = newYearMs
    const patch = async (payload: object) => http.inject({ method: 'PATCH', url: `/api/volumes/${volumeV}`, payload })
    const first = volumeView.parse((await patch({ quotaBytes: 500_000_000_000 })).json())
    expect(first).toMatchObject({ name: 'Footage', quotaBytes: 500_000_000_000, reserveShare: 0.05 })
    const second = volumeView.parse((await patch({ name: 'Big disk', reserveShare: 0.1 })).json())
    expect(second).toMatchObject({ name: 'Big disk', quotaBytes: 500_000_000_000, reserveShare: 0.1 })
    expect(volumeView.parse((await patch({ quotaBytes: null })).json()).quotaBytes).toBeNull()
    expect(changed).toEqual([volumeV, volumeV, volumeV])
    expect((await patch({ reserveShare: 0.9 })).statusCode).toBe(400)
    expect((await patch({ path: '/etc' })).statusCode).toBe(400)
    const unknown = await http.inject({ method: 'PATCH', url: `/api/volumes/${newId(0)}`, payload: { name: 'x' } })
    expect(unknown.statusCode).toBe(404)
  })

  test('R9 rules by which footage may go at once need a password that was given lately', async () => {
    const { http, bare, changed } = await house()
    const patch = async (payload: object) =>
      (await http.inject({ method: 'PATCH', url: `/api/volumes/${volumeV}`, payload })).statusCode
    const less = [{ quotaBytes: 5e11 }, { reserveShare: 0.06 }, { quotaBytes: 9e11, reserveShare: 0.01 }]
    for (const payload of less) expect(await patch(payload), JSON.stringify(payload)).toBe(401)
    expect(changed).toEqual([])
    bare.provedMs = newYearMs
    expect(await patch({ quotaBytes: 5e11, reserveShare: 0.1 })).toBe(200)
    bare.provedMs = newYearMs - 10 * 60_000
    for (const payload of [{ quotaBytes: 4e11 }, { reserveShare: 0.11 }]) expect(await patch(payload)).toBe(401)
    const more = [{ name: 'Disk' }, { quotaBytes: 6e11 }, { reserveShare: 0.05 }, { quotaBytes: null }]
    for (const payload of more) expect(await patch(payload), JSON.stringify(payload)).toBe(200)
  })

  test('simulates rules before they are saved', async () => {
    const { post } = await house()
    const { cameras } = await post(7 * 5_760_000_000 + 5 * 1_440_000_000)
    expect(cameras.map(({ name, days }) => [name, Math.round((days ?? 0) * 100) / 100])).toEqual([
      ['Garden', 7],
      ['Door', 5],
    ])
  })

  test('pages receipts, newest first, of all cameras or one', async () => {
    const { db, http } = await house()
    const rows = Array.from({ length: 5 }, (_, i) => ({
      id: newId(newYearMs + i),
      at_ms: newYearMs + Math.floor(i / 2),
      camera_id: i === 3 ? cameraB : cameraA,
      ...{ start_ms: 1000 * i, end_ms: 1000 * i + 999, segments: 1, size_bytes: 10, rule: 'quota' },
    }))
    await db.insertInto('receipt').values(rows).execute()
    const page = async (query: string) => receiptPage.parse((await http.inject(`/api/receipts?${query}`)).json())
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const { receipts, nextCursor } = await page(`limit=2${cursor && `&cursor=${cursor}`}`)
      seen.push(...receipts.map((receipt) => receipt.id))
      cursor = nextCursor
    }
    expect(seen.toSorted()).toEqual(rows.map((row) => row.id).toSorted())
    expect((await page(`camera=${cameraB}`)).receipts).toMatchObject([
      { cameraName: 'Door', rule: 'quota', startMs: 3000 },
    ])
    expect((await http.inject('/api/receipts?cursor=x')).statusCode).toBe(400)
  })
})
