/** Invariants 1 and 3: a row has its file until it is marked; marking, unlinking and forgetting survive a crash between any two. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { onBothDatabases } from '../../../test/support/databases.ts'
import {
  cameraA,
  cameraB,
  eventRow,
  insertAll,
  insertCamera,
  minutes,
  newYearMs,
  volumeV,
} from '../../../test/support/segments.ts'
import type { Db } from '../db/database.ts'
import { ManualClock } from '../lib/clock.ts'
import { dayMs, hourMs } from '../lib/hour-minutes.ts'
import { silentLog } from '../lib/log.ts'
import { type CleanableVolume, Cleaner } from './cleaner.ts'
import { addCameraToEmpty, writeIndexState } from './cleaner-state-store.ts'
import { markSegments } from './deletion-store.ts'
import { segmentPath } from './segment-path.ts'
import { footageSums, listSegments, type Segment } from './segment-store.ts'

const never = new AbortController().signal
let root: string
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'vedette-cleaner-')))
})
afterEach(() => rmSync(root, { recursive: true }))

const pathOf = (segment: Segment) => join(root, segmentPath(segment))
function makeFiles(segments: readonly Segment[]): void {
  for (const segment of segments) {
    mkdirSync(dirname(pathOf(segment)), { recursive: true })
    writeFileSync(pathOf(segment), 'footage')
  }
}

interface House {
  readonly db: Db
  readonly clock: ManualClock
  readonly problems: () => readonly string[]
  readonly sweep: (volume?: Partial<CleanableVolume>, afterMs?: number) => Promise<void>
}

/** Two cameras, a volume with plenty of room, and a day after New Year. */
async function house(db: Db, settings: Record<string, unknown> = {}): Promise<House> {
  await insertCamera(db, cameraA, settings)
  await insertCamera(db, cameraB, settings)
  await writeIndexState(db, 'trusted')
  const clock = new ManualClock(newYearMs + dayMs)
  let problems: readonly string[] = []
  let volume: CleanableVolume = {
    id: volumeV,
    path: root,
    quotaBytes: null,
    reserveShare: 0.05,
    totalBytes: 1e12,
    freeBytes: 1e12,
  }
  const cleaner = new Cleaner({
    db,
    clock,
    log: silentLog,
    volumes: async () => [volume],
    onProblems: (now) => {
      problems = now
    },
  })
  const sweep = async (change: Partial<CleanableVolume> = {}, afterMs = 61_000) => {
    volume = { ...volume, ...change }
    clock.advance(afterMs)
    await cleaner.sweep(never)
  }
  return { db, clock, problems: () => problems, sweep }
}

async function footage(db: Db, segments: readonly Segment[]): Promise<void> {
  makeFiles(segments)
  await insertAll(db, segments)
}
const left = async (db: Db, cameraId = cameraA) =>
  listSegments(db, { cameraId, stream: 'main', fromMs: 0, toMs: newYearMs * 2, limit: 10_000 })
const receipts = async (db: Db) =>
  (await db.selectFrom('receipt').selectAll().orderBy('start_ms').execute()).map((row) => [
    row.rule,
    row.segments,
    (row.start_ms - newYearMs) / 60_000,
    (row.end_ms - newYearMs) / 60_000,
  ])
const rowsAndFilesAgree = async (db: Db, all: readonly Segment[]) => {
  const rows = new Set((await db.selectFrom('segment').select('id').execute()).map((row) => row.id))
  for (const segment of all) expect(existsSync(pathOf(segment)), segment.id).toBe(rows.has(segment.id))
}

onBothDatabases('the cleaner', (open) => {
  test('takes the oldest footage of all cameras for the quota, no more than needed, with receipts', async () => {
    const { db, sweep } = await house(await open())
    const all = [...minutes(newYearMs, 100), ...minutes(newYearMs + 30_000, 100, { cameraId: cameraB })]
    await footage(db, all)
    await sweep({ quotaBytes: 150_000 })
    expect((await left(db)).map((s) => s.startMs)).toEqual(all.slice(25, 100).map((s) => s.startMs))
    expect(await left(db, cameraB)).toHaveLength(75)
    expect(await receipts(db)).toEqual([
      ['quota', 25, 0, 25],
      ['quota', 25, 0.5, 25.5],
    ])
    await rowsAndFilesAgree(db, all)
    expect((await footageSums(db)).map((sum) => [sum.segments, sum.sizeBytes])).toEqual([
      [75, 75_000],
      [75, 75_000],
    ])
    await sweep({ quotaBytes: 149_000 })
    expect(await receipts(db)).toEqual([
      ['quota', 26, 0, 26],
      ['quota', 25, 0.5, 25.5],
    ])
  })

  test('keeps the reserve free, and space for the next segment of each stream', async () => {
    const { db, clock, sweep } = await house(await open())
    await footage(db, minutes(newYearMs, 10))
    await sweep({ totalBytes: 100_000, freeBytes: 3000 })
    expect(await left(db)).toHaveLength(8)
    await footage(db, minutes(clock.nowMs() - 60_000, 1))
    await sweep({ totalBytes: 100_000, freeBytes: 5000 })
    expect((await left(db)).map((s) => s.startMs)).toHaveLength(7)
  })

  test('ends footage by the days of its camera', async () => {
    const { db, clock, sweep } = await house(await open(), { keepDays: 2 })
    const all = minutes(newYearMs, 60)
    await footage(db, all)
    clock.advance(dayMs - 61_000 + 20 * 60_000)
    await sweep()
    await sweep()
    // The clock was one hour under suspicion: a new process cannot tell how it came to its time.
    expect(await left(db)).toHaveLength(60)
    clock.advance(3 * hourMs)
    await sweep()
    expect(await left(db)).toHaveLength(0)
    expect(await receipts(db)).toEqual([['days', 60, 0, 60]])
    await rowsAndFilesAgree(db, all)
  })

  test('ends nothing for its age while the clock is not believed, but still makes space', async () => {
    const { db, clock, sweep, problems } = await house(await open(), { keepDays: 2 })
    await sweep()
    await footage(db, minutes(newYearMs, 60))
    clock.advance(2 * hourMs)
    clock.step(3650 * dayMs)
    await sweep()
    expect(await left(db)).toHaveLength(60)
    expect(problems()[0]).toMatch(/clock was set/)
    await sweep({ quotaBytes: 50_000 })
    expect(await left(db)).toHaveLength(50)
  })

  test('never takes what is kept, with its pre- and post-roll, and says when nothing else is left', async () => {
    const { db, sweep, problems } = await house(await open())
    await footage(db, minutes(newYearMs, 10))
    const kept = eventRow({ start_ms: newYearMs + 3 * 60_000 + 2000, end_ms: newYearMs + 4 * 60_000 + 55_000, kept: 1 })
    await db.insertInto('event').values(kept).execute()
    await sweep({ quotaBytes: 1000 })
    expect((await left(db)).map((s) => (s.startMs - newYearMs) / 60_000)).toEqual([2, 3, 4, 5])
    expect(problems()[0]).toMatch(/too little space/)
    expect(await receipts(db)).toEqual([
      ['quota', 2, 0, 2],
      ['quota', 4, 6, 10],
    ])
  })

  test('deletes nothing while the index is being rebuilt or was never looked at', async () => {
    const db = await open()
    const { sweep, problems } = await house(db)
    await footage(db, minutes(newYearMs, 10))
    await writeIndexState(db, 'building')
    await sweep({ quotaBytes: 1000 })
    await db.deleteFrom('setting').execute()
    await sweep({ quotaBytes: 1000 })
    expect(await left(db)).toHaveLength(10)
    expect(problems()[0]).toMatch(/not complete/)
  })

  test('finishes after a crash what was marked, whether its file is still there or not', async () => {
    const { db, sweep } = await house(await open())
    const all = minutes(newYearMs, 5)
    await footage(db, all)
    await markSegments(
      db,
      all.slice(0, 3).map((s) => ({ segmentId: s.id, rule: 'days' as const })),
    )
    rmSync(pathOf(all[0] ?? ({} as Segment)))
    expect(await left(db)).toHaveLength(2)
    await sweep()
    await rowsAndFilesAgree(db, all)
    expect(await receipts(db)).toEqual([['days', 3, 0, 3]])
  })

  test('deletes all footage of a camera that was deleted with it, kept or not, and nobody else’s', async () => {
    const { db, sweep } = await house(await open())
    const all = [...minutes(newYearMs, 700), ...minutes(newYearMs, 3, { cameraId: cameraB })]
    await footage(db, all)
    await db
      .insertInto('event')
      .values(eventRow({ start_ms: newYearMs, kept: 1 }))
      .execute()
    await sweep()
    await addCameraToEmpty(db, cameraA)
    await sweep({}, 100) // At once.
    await rowsAndFilesAgree(db, all)
    expect(await left(db)).toHaveLength(0)
    expect(await left(db, cameraB)).toHaveLength(3)
    expect(await receipts(db)).toEqual([['camera_deleted', 700, 0, 700]])
    // What was being written comes into the index a moment later.
    await footage(db, minutes(newYearMs + 700 * 60_000, 1))
    await sweep()
    expect(await left(db)).toHaveLength(0)
    await sweep()
    expect(await db.selectFrom('setting').selectAll().where('key', 'like', '%empty').execute()).toMatchObject([
      { value: '[]' },
    ])
  })

  test('takes previews and pictures with the last footage of their hour, and leaves foreign files', async () => {
    const { db, sweep } = await house(await open())
    const all = minutes(newYearMs, 60)
    await footage(db, all)
    const event = eventRow({ start_ms: newYearMs + 1000, has_picture: 1 })
    await db.insertInto('event').values(event).execute()
    const folder = dirname(pathOf(all[0] ?? ({} as Segment)))
    for (const name of ['previews.bin', `${event.id}.jpg`]) writeFileSync(join(folder, name), 'x')
    await sweep({ quotaBytes: 1000 })
    expect(readdirSync(folder)).toHaveLength(3)
    writeFileSync(join(folder, 'notes.txt'), 'mine')
    await sweep({ quotaBytes: 0 })
    expect(readdirSync(folder)).toEqual(['notes.txt'])
    expect(await db.selectFrom('event').select('has_picture').executeTakeFirst()).toEqual({ has_picture: 0 })
  })

  test('removes folders that became empty', async () => {
    const { db, sweep } = await house(await open())
    await footage(db, minutes(newYearMs, 3))
    await sweep({ quotaBytes: 0 })
    expect(readdirSync(root)).toEqual([])
  })

  test('refuses to delete through a symbolic link, says so, and other volumes go on', async () => {
    const { db, sweep, problems } = await house(await open())
    const [one] = minutes(newYearMs, 1)
    if (!one) throw new Error('no segment')
    const elsewhere = mkdtempSync(join(tmpdir(), 'vedette-elsewhere-'))
    await footage(db, [one])
    const folder = dirname(pathOf(one))
    rmSync(folder, { recursive: true })
    writeFileSync(join(elsewhere, `${one.fileMs}-main.mp4`), 'precious')
    symlinkSync(elsewhere, folder)
    await sweep({ quotaBytes: 0 })
    expect(readdirSync(elsewhere)).toHaveLength(1)
    expect(problems()[0]).toMatch(/symbolic link/)
    rmSync(elsewhere, { recursive: true })
  })

  test('deletes nothing by a database that is in doubt', async () => {
    const db = await open()
    await house(db)
    await footage(db, minutes(newYearMs, 5))
    let doubt: string | null = 'The database is damaged.'
    let problems: readonly string[] = []
    const volume = { id: volumeV, path: root, quotaBytes: 0, reserveShare: 0.05, totalBytes: 1e12, freeBytes: 1e12 }
    const cleaner = new Cleaner({
      ...{ db, clock: new ManualClock(), log: silentLog, volumes: async () => [volume] },
      doubt: () => doubt,
      onProblems: (now) => {
        problems = now
      },
    })
    await cleaner.sweep(never)
    expect(await left(db)).toHaveLength(5)
    expect(problems).toEqual(['The database is damaged.'])
    doubt = null
    await cleaner.sweep(never)
    expect(await left(db)).toHaveLength(0)
  })

  test('however often it is asked during a round, one more follows', async () => {
    const db = await open()
    await house(db)
    let rounds = 0
    const volumes = async () => {
      rounds++
      return []
    }
    const cleaner = new Cleaner({ db, clock: new ManualClock(), log: silentLog, volumes, onProblems: () => {} })
    const first = cleaner.sweep(never)
    await Promise.resolve()
    await Promise.all([first, ...Array.from({ length: 50 }, () => cleaner.sweep(never))])
    expect(rounds).toBe(2)
  })

  test('a missing volume loses neither files nor rows', async () => {
    const db = await open()
    await house(db)
    await footage(db, minutes(newYearMs, 5))
    const away = new Cleaner({
      db,
      clock: new ManualClock(),
      log: silentLog,
      volumes: async () => [],
      onProblems: () => {},
    })
    await away.sweep(never)
    expect(await left(db)).toHaveLength(5)
  })
})
