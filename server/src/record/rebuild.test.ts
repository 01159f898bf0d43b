import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { cameraSettings } from '@vedette/shared/camera.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { onBothDatabases } from '../../../test/support/databases.ts'
import { writeChain, writeSegmentFile } from '../../../test/support/footage-files.ts'
import { cameraA, cameraB, insertAll, insertCamera, newYearMs, volumeV } from '../../../test/support/segments.ts'
import type { Db } from '../db/database.ts'
import { systemClock } from '../lib/clock.ts'
import { readIndexState } from './cleaner-state-store.ts'
import { rebuildIndex } from './rebuild.ts'
import { segmentPath } from './segment-path.ts'
import { listSegments } from './segment-store.ts'

const never = new AbortController().signal
let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vedette-rebuild-'))
})
afterEach(() => rmSync(root, { recursive: true }))
const rebuild = (db: Db, signal = never) =>
  rebuildIndex({ db, clock: systemClock }, [{ id: volumeV, path: root }], signal)
const everything = async (db: Db) => [
  await db.selectFrom('segment').selectAll().orderBy('id').execute(),
  await db.selectFrom('segment_hour').selectAll().orderBy('camera_id').orderBy('stream').orderBy('hour_ms').execute(),
  await db.selectFrom('footage_sum').selectAll().orderBy('camera_id').orderBy('stream').execute(),
]

onBothDatabases('rebuilding', (open) => {
  test('gives the same index as the one that was lost, twice as well', async () => {
    const files = [
      ...writeChain(newYearMs + 3_590_000, 9, root),
      ...writeChain(newYearMs, 3, root, { cameraId: cameraB }),
      ...writeChain(newYearMs, 3, root, { stream: 'sub' }),
    ]
    const lost = await open()
    await insertAll(lost, files)
    const db = await open()
    expect(await rebuild(db)).toMatchObject({ segments: 15, recovered: 0 })
    expect(await everything(db)).toEqual(await everything(lost))
    expect(await rebuild(db)).toMatchObject({ segments: 0, refused: [] })
    expect(await everything(db)).toEqual(await everything(lost))
    expect(await readIndexState(db)).toBe('trusted')
  })

  test('makes unknown cameras reachable and leaves known ones as they are', async () => {
    writeChain(newYearMs, 1, root)
    writeChain(newYearMs, 1, root, { cameraId: cameraB })
    const db = await open()
    await insertCamera(db, cameraA, { name: 'Garden' })
    await rebuild(db)
    const rows = await db.selectFrom('camera').select(['id', 'settings']).orderBy('id').execute()
    expect(JSON.parse(rows[0]?.settings ?? '')).toMatchObject({ name: 'Garden' })
    expect(cameraSettings.parse(JSON.parse(rows[1]?.settings ?? ''))).toMatchObject({ name: cameraB, enabled: false })
  })

  test('closes what nobody closed, and names what it cannot take', async () => {
    const open1 = writeSegmentFile({ startMs: newYearMs }, { root, leaveOpen: true })
    writeFileSync(join(root, dirname(segmentPath(open1)), `${newYearMs + 9000}-main.mp4`), 'nonsense'.repeat(2000))
    const db = await open()
    const report = await rebuild(db)
    expect(report).toMatchObject({ segments: 1, recovered: 1 })
    expect(report.refused).toEqual([{ path: expect.stringContaining(`${newYearMs + 9000}`), why: expect.any(String) }])
    const lane = { cameraId: cameraA, stream: 'main', fromMs: 0, toMs: newYearMs * 2, limit: 9 } as const
    expect((await listSegments(db, lane)).map((segment) => segment.id)).toEqual([open1.id])
  })

  test('an index whose rebuild was cut short is not trusted', async () => {
    writeChain(newYearMs, 3, root)
    const db = await open()
    const stopped = AbortSignal.abort(new Error('stopped'))
    await expect(rebuild(db, stopped)).rejects.toThrow('stopped')
    expect(await readIndexState(db)).toBe('building')
  })
})
