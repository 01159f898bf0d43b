/** Invariant 5: every second is recorded, not wanted or missing — exactly one of them, however notes arrive. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { onBothDatabases } from '../../../test/support/databases.ts'
import { cameraA, minutes, newYearMs, segment } from '../../../test/support/segments.ts'
import type { Db } from '../db/database.ts'
import { dayMs } from '../lib/hour-minutes.ts'
import { silentLog } from '../lib/log.ts'
import { newId } from '../lib/new-id.ts'
import { applyNotes } from './apply-notes.ts'
import type { GapNote, NumberedNote } from './note.ts'
import type { Segment } from './segment-store.ts'

let n = 0
const closed = (given: Segment): NumberedNote => ({ n: ++n, note: 'closed', runId: newId(0), ...given })
const gap = (startMs: number, endMs: number, given: Partial<GapNote> = {}): NumberedNote =>
  ({
    n: ++n,
    note: 'gap',
    cameraId: cameraA,
    kind: 'missing',
    cause: 'unreachable',
    startMs,
    endMs,
    ...given,
  }) as NumberedNote
const apply = (db: Db, notes: readonly NumberedNote[]) => applyNotes(db, notes, silentLog)

const gaps = async (db: Db) =>
  (await db.selectFrom('gap').selectAll().orderBy('start_ms').execute()).map((row) => [
    row.cause,
    (row.start_ms - newYearMs) / 1000,
    (row.end_ms - newYearMs) / 1000,
  ])
const days = async (db: Db) =>
  (await db.selectFrom('coverage_day').selectAll().orderBy('day_ms').execute()).map((row) => ({
    day: (row.day_ms - newYearMs) / dayMs,
    recorded: row.recorded_ms / 1000,
    missing: row.missing_ms / 1000,
    notWanted: row.not_wanted_ms / 1000,
  }))
const everything = async (db: Db) => [
  await db.selectFrom('segment').selectAll().orderBy('id').execute(),
  await db.selectFrom('segment_hour').selectAll().orderBy('hour_ms').execute(),
  (await db.selectFrom('gap').selectAll().orderBy('start_ms').execute()).map(({ id: _, ...row }) => row),
  await db.selectFrom('gap_hour').selectAll().orderBy('hour_ms').orderBy('cause').execute(),
  await days(db),
]

onBothDatabases('applying notes', (open) => {
  test('acknowledges the last note and reports what is new', async () => {
    const db = await open()
    const notes = minutes(newYearMs, 3).map(closed)
    const done = await apply(db, notes)
    expect(done.lastN).toBe(notes.at(-1)?.n)
    expect(done.added).toHaveLength(3)
    expect((await apply(db, notes)).added).toEqual([])
  })

  test('lets a gap grow instead of adding another, and a new cause begins where the old one ended', async () => {
    const db = await open()
    const start = newYearMs + 1000
    await apply(db, [gap(start, start + 5000), gap(start, start + 9000)])
    await apply(db, [gap(start, start + 12_000, { cause: 'stalled' })])
    expect(await gaps(db)).toEqual([
      ['unreachable', 1, 10],
      ['stalled', 10, 13],
    ])
    expect(await days(db)).toEqual([{ day: 0, recorded: 0, missing: 12, notWanted: 0 }])
  })

  test('hours that a clock skipped belong to what happens in them when it was set right', async () => {
    const db = await open()
    await apply(db, [gap(newYearMs, newYearMs + 7_200_000, { cause: 'clock' })])
    await apply(db, [
      gap(newYearMs + 60_000, newYearMs + 120_000),
      gap(newYearMs, newYearMs + 60_000, { cause: 'clock' }),
    ])
    expect(await gaps(db)).toEqual([
      ['clock', 0, 60],
      ['unreachable', 60, 120],
      ['clock', 120, 7200],
    ])
    expect(await days(db)).toEqual([{ day: 0, recorded: 0, missing: 7200, notWanted: 0 }])
  })

  test('splits the seconds of a day at midnight', async () => {
    const db = await open()
    const midnight = newYearMs + dayMs
    await apply(db, [closed(segment({ startMs: midnight - 20_000 })), gap(midnight + 40_000, midnight + 60_000)])
    expect(await days(db)).toEqual([
      { day: 0, recorded: 20, missing: 0, notWanted: 0 },
      { day: 1, recorded: 40, missing: 20, notWanted: 0 },
    ])
  })

  test('takes the seconds of footage that turns up later out of a gap', async () => {
    const db = await open()
    await apply(db, [gap(newYearMs, newYearMs + 300_000, { cause: 'process' })])
    await apply(db, [closed(segment({ startMs: newYearMs + 60_000 }))])
    expect(await gaps(db)).toEqual([
      ['process', 0, 60],
      ['process', 120, 300],
    ])
    expect(await days(db)).toEqual([{ day: 0, recorded: 60, missing: 240, notWanted: 0 }])
  })

  test('keeps the notes of sub streams out of the ledger', async () => {
    const db = await open()
    await apply(db, [closed(segment({ startMs: newYearMs, stream: 'sub' }))])
    expect(await days(db)).toEqual([])
  })

  test('refuses overlapping footage, reports it and keeps the rest of the batch', async () => {
    const db = await open()
    const done = await apply(db, [...minutes(newYearMs, 2), segment({ startMs: newYearMs + 30_000 })].map(closed))
    expect(done.refused.map((r) => r.segment.startMs)).toEqual([newYearMs + 30_000])
    expect(await db.selectFrom('segment').select('id').execute()).toHaveLength(2)
  })

  test('rolls a failing batch back as a whole', async () => {
    const db = await open()
    const broken = { ...closed(segment({ startMs: newYearMs + 60_000 })), codec: null } as unknown as NumberedNote
    await expect(
      apply(db, [gap(newYearMs, newYearMs + 9), closed(segment({ startMs: newYearMs })), broken]),
    ).rejects.toThrow()
    expect((await everything(db)).flat()).toEqual([])
  })

  test('ends with the same ledger whatever the order and repetition, every second counted once', async () => {
    const db = await open()
    const second = fc.integer({ min: 0, max: 60 })
    const spans = fc.tuple(second, fc.integer({ min: 1, max: 20 }), fc.constantFrom('closed', 'missing', 'not_wanted'))
    const run = async (notes: readonly NumberedNote[]) => {
      for (const table of ['segment', 'segment_hour', 'footage_sum', 'gap', 'gap_hour', 'coverage_day'] as const)
        await db.deleteFrom(table).execute()
      for (const note of notes) await apply(db, [note])
    }
    await fc.assert(
      fc.asyncProperty(fc.array(spans, { maxLength: 8 }), async (given) => {
        // Around an hour's end, so that sums of two hours are at stake.
        const base = newYearMs + 3_570_000
        const notes = given.map(([from, length, kind]) => {
          const startMs = base + from * 1000
          const endMs = startMs + length * 1000
          if (kind === 'closed') return closed(segment({ startMs, endMs }))
          return kind === 'missing'
            ? gap(startMs, endMs)
            : gap(startMs, endMs, { kind: 'not_wanted', cause: 'event' } as Partial<GapNote>)
        })
        await run(notes)
        const once = await everything(db)
        for (const note of notes) await apply(db, [note])
        expect(await everything(db)).toEqual(once)

        const rows = [
          ...(await db.selectFrom('segment').select(['start_ms', 'end_ms']).execute()),
          ...(await db.selectFrom('gap').select(['start_ms', 'end_ms']).execute()),
        ].sort((a, b) => a.start_ms - b.start_ms)
        for (const [i, row] of rows.entries()) expect(row.start_ms).toBeGreaterThanOrEqual(rows[i - 1]?.end_ms ?? 0)
        const total = rows.reduce((sum, row) => sum + row.end_ms - row.start_ms, 0) / 1000
        const inDays = (await days(db)).reduce((sum, day) => sum + day.recorded + day.missing + day.notWanted, 0)
        expect(inDays).toBeCloseTo(total)
        const gapMs = (await gaps(db)).reduce((sum, [, from, to]) => sum + (Number(to) - Number(from)), 0)
        const hours = await db.selectFrom('gap_hour').select('gap_ms').execute()
        expect(hours.reduce((sum, hour) => sum + hour.gap_ms, 0) / 1000).toBeCloseTo(gapMs)
      }),
      { numRuns: 40 },
    )
  })
})
