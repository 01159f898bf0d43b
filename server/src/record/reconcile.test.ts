/** Invariant 1: after reconciling, every row has its file and every file has a row or is in quarantine. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { onBothDatabases } from '../../../test/support/databases.ts'
import { writeChain, writeSegmentFile } from '../../../test/support/footage-files.ts'
import { cameraA, insertAll, newYearMs, volumeV } from '../../../test/support/segments.ts'
import type { Db } from '../db/database.ts'
import { ManualClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import { writeIndexState } from './cleaner-state-store.ts'
import { listQuarantine } from './quarantine.ts'
import { type ReconcileDeps, reconcileVolume } from './reconcile.ts'
import { segmentPath } from './segment-path.ts'
import { findSegment, listSegments, type Segment } from './segment-store.ts'

const never = new AbortController().signal
let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vedette-reconcile-'))
})
afterEach(() => rmSync(root, { recursive: true }))
const pathOf = (segment: Segment | undefined) => join(root, segment ? segmentPath(segment) : '')
const left = (db: Db) =>
  listSegments(db, { cameraId: cameraA, stream: 'main', fromMs: 0, toMs: newYearMs * 2, limit: 999 })

async function reconcile(db: Db, given: Partial<ReconcileDeps> = {}) {
  const clock = new ManualClock(Date.now())
  const deps = { db, clock, log: silentLog, isOpen: () => false, isThere: async () => true, ...given }
  return reconcileVolume(deps, { id: volumeV, path: root }, never)
}
async function trusted(db: Db): Promise<Db> {
  await writeIndexState(db, 'trusted')
  return db
}
function makeOld(path: string): void {
  const hourAgo = (Date.now() - 3_600_000) / 1000
  utimesSync(path, hourAgo, hourAgo)
}

onBothDatabases('reconciling', (open) => {
  test('changes nothing where all agrees', async () => {
    const db = await trusted(await open())
    await insertAll(db, writeChain(newYearMs, 4, root))
    expect(await reconcile(db)).toEqual({ adopted: 0, recovered: 0, dropped: 0, quarantined: 0 })
  })

  test('adopts a whole file without a row, as it was, and its camera', async () => {
    const db = await trusted(await open())
    const [first, second] = writeChain(newYearMs, 2, root)
    await insertAll(db, first ? [first] : [])
    expect(await reconcile(db)).toMatchObject({ adopted: 1 })
    expect(await findSegment(db, second?.id ?? '')).toEqual(second)
    expect(await db.selectFrom('camera').select('id').execute()).toEqual([{ id: cameraA }])
    expect(await reconcile(db)).toMatchObject({ adopted: 0 })
  })

  test('closes a file that a killed recorder left, unless it is being written', async () => {
    const db = await trusted(await open())
    const cut = writeSegmentFile({ startMs: newYearMs }, { root, leaveOpen: true })
    expect(await reconcile(db)).toMatchObject({ adopted: 0 })
    makeOld(pathOf(cut))
    expect(await reconcile(db, { isOpen: (id) => id === cut.id })).toMatchObject({ adopted: 0 })
    expect(await reconcile(db)).toMatchObject({ adopted: 1, recovered: 1 })
    const row = await findSegment(db, cut.id)
    expect(row?.sizeBytes).toBe(statSync(pathOf(cut)).size)
    expect((row?.endMs ?? 0) - newYearMs).toBe(1000)
  })

  test('drops a row whose file is gone, with a receipt, but none while the volume is not there', async () => {
    const db = await trusted(await open())
    const chain = writeChain(newYearMs, 4, root)
    await insertAll(db, chain)
    rmSync(pathOf(chain[1]))
    expect(await reconcile(db, { isThere: async () => false })).toMatchObject({ dropped: 0 })
    expect(await reconcile(db)).toMatchObject({ dropped: 1 })
    expect((await left(db)).map((s) => s.id)).toEqual([chain[0]?.id, chain[2]?.id, chain[3]?.id])
    expect(await db.selectFrom('receipt').select(['rule', 'segments']).execute()).toEqual([
      { rule: 'file_missing', segments: 1 },
    ])
    rmSync(join(root, cameraA), { recursive: true })
    expect(await reconcile(db)).toMatchObject({ dropped: 3 })
    expect(await db.selectFrom('segment_hour').selectAll().execute()).toEqual([])
  })

  test('puts what is no footage into quarantine, listed and untouched', async () => {
    const db = await trusted(await open())
    const [good] = writeChain(newYearMs, 1, root)
    await insertAll(db, good ? [good] : [])
    const folder = join(pathOf(good), '..')
    writeFileSync(join(folder, 'holiday.mov'), 'mine')
    writeFileSync(join(folder, `${newYearMs + 5000}-main.mp4`), 'not a segment')
    symlinkSync('/etc/passwd', join(folder, `${newYearMs + 6000}-main.mp4`))
    mkdirSync(join(root, cameraA, 'folder'))
    writeFileSync(join(root, cameraA, 'folder', 'deep.txt'), 'deep')
    for (const name of ['previews.bin', '01K000000000000000000000EV.jpg']) writeFileSync(join(folder, name), 'ours')
    writeFileSync(join(root, 'readme.txt'), 'not among the footage')

    expect(await reconcile(db)).toMatchObject({ quarantined: 4 })
    expect(readdirSync(folder).sort()).toEqual([
      '01K000000000000000000000EV.jpg',
      `${newYearMs}-main.mp4`,
      'previews.bin',
    ])
    const listed = await listQuarantine(root)
    expect(listed.map((entry) => entry.from.split('/').at(-1)).sort()).toEqual(
      [`${newYearMs + 5000}-main.mp4`, `${newYearMs + 6000}-main.mp4`, 'folder', 'holiday.mov'].sort(),
    )
    const movie = listed.find((entry) => entry.from.endsWith('holiday.mov'))
    expect(readFileSync(join(root, '.quarantine', movie?.name ?? ''), 'utf8')).toBe('mine')
    expect(existsSync(join(root, 'readme.txt'))).toBe(true)
    expect(await reconcile(db)).toMatchObject({ quarantined: 0 })
  })

  test('quarantines footage that overlaps what the index has, or lies under a wrong name', async () => {
    const db = await trusted(await open())
    await insertAll(db, writeChain(newYearMs, 3, root))
    writeSegmentFile({ startMs: newYearMs + 2500 }, { root })
    const moved = writeSegmentFile({ startMs: newYearMs + 60_000 }, { root })
    writeFileSync(pathOf({ ...moved, fileMs: newYearMs + 90_000 }), readFileSync(pathOf(moved)))
    expect(await reconcile(db)).toMatchObject({ adopted: 1, quarantined: 2 })
    expect((await listQuarantine(root)).map((entry) => entry.why).sort()).toEqual([
      expect.stringMatching(/^it holds footage of 2026/),
      expect.stringMatching(/^it overlaps segment/),
    ])
  })

  test('leaves an index alone that is not trusted', async () => {
    const db = await open()
    await insertAll(db, writeChain(newYearMs, 2, root))
    rmSync(join(root, cameraA), { recursive: true })
    expect(await reconcile(db)).toMatchObject({ dropped: 0 })
    expect(await left(db)).toHaveLength(2)
  })
})
