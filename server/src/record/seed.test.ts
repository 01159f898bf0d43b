import { expect, test } from 'vitest'
import { onBothDatabases } from '../../../test/support/databases.ts'
import { newYearMs, volumeV } from '../../../test/support/segments.ts'
import { readIndexState } from './cleaner-state-store.ts'
import { seed } from './seed.ts'
import { footageSums, listSegments } from './segment-store.ts'

onBothDatabases('seeding', (open) => {
  test('gives as much as asked, with sums that agree, and nobody cleans it up', async () => {
    const db = await open()
    const { cameraIds, fromMs } = await seed(db, {
      cameras: 3,
      segments: 2000,
      events: 100,
      volumeId: volumeV,
      nowMs: newYearMs,
    })
    expect(cameraIds).toHaveLength(3)
    const sums = await footageSums(db)
    expect(sums.reduce((sum, row) => sum + row.segments, 0)).toBe(2000)
    const count = db.selectFrom('event').select((eb) => eb.fn.countAll<number>().as('events'))
    expect(Number((await count.executeTakeFirstOrThrow()).events)).toBe(100)
    const lane = { cameraId: cameraIds[0] ?? '', stream: 'main', fromMs, toMs: newYearMs, limit: 1000 } as const
    const segments = await listSegments(db, lane)
    expect(segments).toHaveLength(667)
    for (const [i, segment] of segments.entries()) {
      expect(segment.prevSha256).toBe(segments[i - 1]?.sha256 ?? '')
      expect(segment.startMs).toBeGreaterThanOrEqual(segments[i - 1]?.endMs ?? 0)
    }
    const gaps = await db.selectFrom('gap').selectAll().execute()
    expect(gaps).toHaveLength(3)
    const days = await db.selectFrom('coverage_day').selectAll().execute()
    expect(days.reduce((sum, day) => sum + day.recorded_ms, 0)).toBe(2000 * 60_000)
    expect(await readIndexState(db)).toBe('seeded')
  })
})
