import fc from 'fast-check'
import { expect, test } from 'vitest'
import { onBothDatabases } from '../../../test/support/databases.ts'
import { cameraA, cameraB, minutes, newYearMs, segment } from '../../../test/support/segments.ts'
import type { Db } from '../db/database.ts'
import { minuteSpans } from '../lib/hour-minutes.ts'
import { insertSegments } from './segment-index-store.ts'
import {
  findSegment,
  footageSums,
  lastSegment,
  listSegments,
  newestClockEpoch,
  nextSegmentAfter,
  type Segment,
} from './segment-store.ts'

const insert = (db: Db, segments: readonly Segment[]) =>
  db.transaction().execute((trx) => insertSegments(trx, segments))
const wholeLane = { cameraId: cameraA, stream: 'main', fromMs: 0, toMs: newYearMs * 2, limit: 1000 } as const

/** Sums as the hour rows and the footage rows have them, and as the segments themselves make them. */
async function threeSums(db: Db) {
  const of = async (query: Promise<{ n: number | null; bytes: number | null }>) => {
    const { n, bytes } = await query
    return [Number(n ?? 0), Number(bytes ?? 0)]
  }
  const sum = (table: 'segment_hour' | 'footage_sum') =>
    db
      .selectFrom(table)
      .select((eb) => [eb.fn.sum<number>('segments').as('n'), eb.fn.sum<number>('size_bytes').as('bytes')])
      .executeTakeFirstOrThrow()
  return [
    await of(sum('segment_hour')),
    await of(sum('footage_sum')),
    await of(
      db
        .selectFrom('segment')
        .select((eb) => [eb.fn.countAll<number>().as('n'), eb.fn.sum<number>('size_bytes').as('bytes')])
        .executeTakeFirstOrThrow(),
    ),
  ]
}

onBothDatabases('the index of segments', (open) => {
  test('gives back what was added, by id, by span, last and next', async () => {
    const db = await open()
    const given = minutes(newYearMs, 5)
    await insert(db, given)
    expect(await findSegment(db, given[2]?.id ?? '')).toEqual(given[2])
    expect(await listSegments(db, wholeLane)).toEqual(given)
    const middle = { ...wholeLane, fromMs: newYearMs + 90_000, toMs: newYearMs + 120_000 }
    expect(await listSegments(db, middle)).toEqual([given[1]])
    expect(await lastSegment(db, cameraA, 'main')).toEqual(given[4])
    expect(await lastSegment(db, cameraB, 'main')).toBeUndefined()
    expect(await nextSegmentAfter(db, cameraA, 'main', newYearMs + 60_001)).toEqual(given[2])
    expect(await nextSegmentAfter(db, cameraA, 'main', newYearMs + 300_000)).toBeUndefined()
  })

  test('the chain goes on at what was written last, not at what a clock that was ahead left in the future', async () => {
    const db = await open()
    const [ahead, right] = [
      segment({ startMs: newYearMs + 50 * 3_600_000 }),
      segment({ startMs: newYearMs, clockEpoch: 1 }),
    ]
    expect(await newestClockEpoch(db)).toBe(0)
    await insert(db, [ahead])
    expect(await newestClockEpoch(db)).toBe(0)
    expect(await lastSegment(db, cameraA, 'main')).toEqual(ahead)
    await insert(db, [right, segment({ cameraId: cameraB, startMs: newYearMs, clockEpoch: 3 })])
    expect(await lastSegment(db, cameraA, 'main')).toEqual(right)
    expect(await newestClockEpoch(db)).toBe(3)
  })

  test('pages without losing or repeating, also where two clock epochs have the same time', async () => {
    const db = await open()
    const given = [...minutes(newYearMs, 5), ...minutes(newYearMs, 5, { clockEpoch: 1 })]
    await insert(db, given)
    const seen: Segment[] = []
    for (let page = await listSegments(db, { ...wholeLane, limit: 3 }); page.length > 0; ) {
      seen.push(...page)
      const after = page.at(-1)
      page = after ? await listSegments(db, { ...wholeLane, limit: 3, after }) : []
    }
    expect(seen.map((s) => s.id).sort()).toEqual(given.map((s) => s.id).sort())
  })

  test('adds nothing the second time, even under another id', async () => {
    const db = await open()
    const given = minutes(newYearMs, 3)
    await insert(db, given)
    const again = await insert(db, [...given, segment({ startMs: newYearMs })])
    expect(again).toEqual({ added: [], refused: [], gaveWay: [] })
    expect(await threeSums(db)).toEqual([
      [3, 3000],
      [3, 3000],
      [3, 3000],
    ])
  })

  test('refuses what overlaps in its camera, stream and epoch, and nothing else', async () => {
    const db = await open()
    await insert(db, [segment({ startMs: newYearMs })])
    const inTheMiddle = segment({ startMs: newYearMs + 30_000, fileMs: newYearMs + 30_000 })
    const others = [
      { ...inTheMiddle, id: segment(inTheMiddle).id, cameraId: cameraB },
      segment({ startMs: newYearMs + 30_000, stream: 'sub' }),
      segment({ startMs: newYearMs + 30_000, clockEpoch: 1 }),
    ]
    const done = await insert(db, [segment({ startMs: newYearMs + 30_000 }), ...others])
    expect(done.refused).toHaveLength(1)
    expect(done.added).toHaveLength(3)
  })

  test('lets the estimated end of the earlier segment give way, in the same batch and later', async () => {
    const db = await open()
    const late = (startMs: number) => segment({ startMs, endMs: startMs + 60_040 })
    await insert(db, [late(newYearMs), late(newYearMs + 60_000)])
    await insert(db, [late(newYearMs + 120_000)])
    const ends = (await listSegments(db, wholeLane)).map((s) => s.endMs - newYearMs)
    expect(ends).toEqual([60_000, 120_000, 180_040])
    const hour = await db.selectFrom('segment_hour').select('recorded_ms').executeTakeFirstOrThrow()
    expect(hour.recorded_ms).toBe(180_040)
  })

  test('knows the minutes of each hour with footage', async () => {
    const db = await open()
    await insert(db, [...minutes(newYearMs, 2), ...minutes(newYearMs + 40 * 60_000, 3)])
    const row = await db.selectFrom('segment_hour').selectAll().executeTakeFirstOrThrow()
    const spans = minuteSpans({ low: row.minutes_low, high: row.minutes_high }, 0)
    expect(spans.map((s) => [s.startMs / 60_000, s.endMs / 60_000])).toEqual([
      [0, 2],
      [40, 43],
    ])
  })

  test('never holds overlapping footage, whatever arrives in whatever order, and its sums agree', async () => {
    const db = await open()
    const arrival = fc.record({ at: fc.nat(40), length: fc.integer({ min: 1, max: 12 }), epoch: fc.nat(1) })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(arrival, { maxLength: 6 }), { maxLength: 5 }), async (batches) => {
        for (const table of ['segment', 'segment_hour', 'footage_sum'] as const) await db.deleteFrom(table).execute()
        for (const batch of batches)
          await insert(
            db,
            batch.map(({ at, length, epoch }) =>
              segment({ startMs: newYearMs + at * 700, endMs: newYearMs + (at + length) * 700, clockEpoch: epoch }),
            ),
          )
        const rows = await listSegments(db, wholeLane)
        for (const epoch of [0, 1]) {
          const lane = rows.filter((row) => row.clockEpoch === epoch)
          for (const [i, row] of lane.entries()) expect(row.startMs).toBeGreaterThanOrEqual(lane[i - 1]?.endMs ?? 0)
        }
        expect(new Set((await threeSums(db)).map((sum) => sum.join())).size).toBe(1)
        expect((await footageSums(db)).reduce((n, sum) => n + sum.segments, 0)).toBe(rows.length)
      }),
      { numRuns: 60 },
    )
  })
})
