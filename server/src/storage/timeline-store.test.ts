import fc from 'fast-check'
import { expect, test } from 'vitest'
import { onBothDatabases } from '../../../test/support/databases.ts'
import {
  cameraA,
  cameraB,
  eventRow,
  insertAll,
  insertCamera,
  minutes,
  newYearMs,
  segment,
} from '../../../test/support/segments.ts'
import type { Db } from '../db/database.ts'
import { dayMs, hourMs } from '../lib/hour-minutes.ts'
import { mergeSpans, splitByBlock } from '../lib/spans.ts'
import { recordGap } from '../record/gap-store.ts'
import { planView } from './timeline-layout.ts'
import { readTimeline, timelineCameras } from './timeline-store.ts'

const minute = 60_000
const read = async (db: Db, fromMs: number, toMs: number, buckets = 1000, cameras = [cameraA]) =>
  readTimeline(db, cameras, {
    view: planView({ startMs: fromMs, endMs: toMs }, buckets),
    nowMs: newYearMs * 2,
    open: [],
  })

onBothDatabases('the timeline', (open) => {
  test('shows footage, a gap that began long before the view, and events, at every zoom', async () => {
    const db = await open()
    await insertCamera(db, cameraA)
    await insertAll(db, minutes(newYearMs + 5 * minute, 30))
    await recordGap(db, {
      cameraId: cameraA,
      kind: 'missing',
      cause: 'unreachable',
      startMs: newYearMs - 3 * dayMs,
      endMs: newYearMs + 5 * minute,
    })
    await db
      .insertInto('event')
      .values(eventRow({ start_ms: newYearMs + 6 * minute, kept: 1 }))
      .execute()
    for (const [spanMs, toleranceMs] of [
      [hourMs, 0],
      [12 * hourMs, 0],
      [24 * hourMs, 90_000],
      [365 * dayMs, 9 * hourMs],
    ] as const) {
      const { lanes } = await read(db, newYearMs, newYearMs + spanMs)
      const [lane] = lanes
      expect(lane?.recorded).toHaveLength(1)
      expect(Math.abs((lane?.recorded[0]?.startMs ?? 0) - (newYearMs + 5 * minute))).toBeLessThanOrEqual(toleranceMs)
      expect(lane?.missing[0]).toMatchObject({ startMs: newYearMs, cause: 'unreachable' })
      const marks = (lane?.events.length ?? 0) + (lane?.density.reduce((sum, [, count]) => sum + count, 0) ?? 0)
      expect(marks).toBe(1)
    }
  })

  test('single events carry what the page draws, also those that began before and still last', async () => {
    const db = await open()
    await insertCamera(db, cameraA)
    const rows = [
      eventRow({ start_ms: newYearMs - 3 * dayMs, end_ms: null }),
      eventRow({ start_ms: newYearMs - hourMs, end_ms: newYearMs + 5000 }),
      eventRow({ start_ms: newYearMs - hourMs, end_ms: newYearMs - 5000 }),
      eventRow({ start_ms: newYearMs + 100, kind: 'manual', kept: 1 }),
    ]
    await db.insertInto('event').values(rows).execute()
    const { lanes } = await read(db, newYearMs, newYearMs + hourMs)
    expect(lanes[0]?.events.map((event) => event.id)).toEqual([rows[0]?.id, rows[1]?.id, rows[3]?.id])
    expect(lanes[0]?.events.at(-1)).toMatchObject({ kind: 'manual', kept: true, startMs: newYearMs + 100 })
  })

  test('many events become counts that lose none', async () => {
    const db = await open()
    await insertCamera(db, cameraA)
    const rows = Array.from({ length: 2500 }, (_, i) => eventRow({ start_ms: newYearMs + i * 1000 }))
    await db.insertInto('event').values(rows).execute()
    for (const spanMs of [hourMs, 24 * hourMs, 365 * dayMs]) {
      const { lanes, bucketMs } = await read(db, newYearMs, newYearMs + spanMs)
      expect(lanes[0]?.events).toEqual([])
      expect(lanes[0]?.density.reduce((sum, [, count]) => sum + count, 0)).toBe(2500)
      for (const [startMs, count] of lanes[0]?.density ?? []) {
        const inside = rows.filter((row) => row.start_ms >= startMs && row.start_ms < startMs + bucketMs)
        expect(count).toBe(inside.length)
      }
    }
  })

  test('at fine zoom the lane is the footage, at coarser zooms it reaches at most a column further', async () => {
    const db = await open()
    await insertCamera(db, cameraA)
    const piece = fc.record({ at: fc.nat(600), length: fc.integer({ min: 1, max: 30 }) })
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
        for (const table of ['segment', 'segment_hour', 'footage_sum'] as const) await db.deleteFrom(table).execute()
        const spans = mergeSpans(
          pieces.map(({ at, length }) => ({
            startMs: newYearMs + at * 20_000,
            endMs: newYearMs + (at + length) * 20_000,
          })),
        )
        await insertAll(
          db,
          spans.flatMap((span) => [...splitByBlock(span, minute)].map((part) => segment(part))),
        )
        const end = newYearMs + 12 * hourMs
        for (const buckets of [4000, 1000, 200]) {
          const lane = (await read(db, newYearMs, end, buckets)).lanes[0]
          // Up to a column or a minute: what is closer together than that is drawn as one.
          const slackMs = Math.max((12 * hourMs) / buckets, minute)
          for (const span of spans)
            expect(lane?.recorded.some((r) => r.startMs <= span.startMs && r.endMs >= span.endMs - slackMs)).toBe(true)
          for (const drawn of lane?.recorded ?? [])
            expect(
              mergeSpans(spans, 2 * slackMs).some(
                (span) => drawn.startMs >= span.startMs - slackMs && drawn.endMs <= span.endMs + slackMs,
              ),
            ).toBe(true)
        }
      }),
      { numRuns: 30 },
    )
  })

  test('an hour that lies on two volumes is read from both', async () => {
    const db = await open()
    await insertCamera(db, cameraA)
    await insertAll(db, [
      ...minutes(newYearMs, 30),
      ...minutes(newYearMs + 30 * minute, 30, { volumeId: '01K00000000000000000000WWW' }),
    ])
    const { lanes } = await read(db, newYearMs, newYearMs + 12 * hourMs)
    expect(lanes[0]?.recorded).toEqual([{ startMs: newYearMs, endMs: newYearMs + hourMs }])
  })

  test('knows only cameras that are allowed, wanted and not deleted', async () => {
    const db = await open()
    await insertCamera(db, cameraA)
    await insertCamera(db, cameraB)
    const gone = '01K00000000000000000000GXN'
    await insertCamera(db, gone)
    await db.updateTable('camera').set({ deleted_ms: 1 }).where('id', '=', gone).execute()
    expect(await timelineCameras(db, 'all', undefined)).toEqual([cameraA, cameraB])
    expect(await timelineCameras(db, [cameraB], undefined)).toEqual([cameraB])
    expect(await timelineCameras(db, [cameraB, gone], [cameraA, gone])).toEqual([])
    expect(await timelineCameras(db, [], undefined)).toEqual([])
    expect(await timelineCameras(db, 'all', [cameraA])).toEqual([cameraA])
  })
})
