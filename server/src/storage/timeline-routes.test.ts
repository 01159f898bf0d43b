/** Invariant 4 for the timeline: no lane, count or day of a camera that the caller may not replay. */
import { type TimelineAnswer, timelineAnswer } from '@vedette/shared/timeline.ts'
import { expect, test } from 'vitest'
import { openBareHttp } from '../../../test/support/bare-http.ts'
import { onBothDatabases } from '../../../test/support/databases.ts'
import {
  cameraA,
  cameraB,
  eventRow,
  insertAll,
  insertCamera,
  minutes,
  newYearMs,
} from '../../../test/support/segments.ts'
import { ManualClock } from '../lib/clock.ts'
import { dayMs, hourMs } from '../lib/hour-minutes.ts'
import { silentLog } from '../lib/log.ts'
import { newId } from '../lib/new-id.ts'
import { applyNotes } from '../record/apply-notes.ts'
import { timelineRoutes } from './timeline-routes.ts'
import type { CameraSpan } from './timeline-store.ts'

onBothDatabases('the timeline over the API', (open) => {
  async function house() {
    const db = await open()
    for (const id of [cameraA, cameraB]) {
      await insertCamera(db, id)
      await insertAll(db, minutes(newYearMs, 3, { cameraId: id }))
      await db
        .insertInto('event')
        .values(eventRow({ camera_id: id, start_ms: newYearMs + 1000 }))
        .execute()
    }
    const bare = openBareHttp()
    const written: CameraSpan[] = []
    const unread: string[] = []
    timelineRoutes(bare.http, {
      db,
      clock: new ManualClock(newYearMs + dayMs),
      openFootage: async (cameras) => ({
        spans: written.filter(({ cameraId }) => cameras.includes(cameraId)),
        unread: unread.filter((cameraId) => cameras.includes(cameraId)),
      }),
      readTimeZone: async () => 'UTC',
    })
    const ask = async (query: string) => bare.http.inject(`/api/timeline?${query}`)
    const lanes = async (query: string): Promise<TimelineAnswer['lanes']> =>
      timelineAnswer.parse((await ask(query)).json()).lanes
    return { db, bare, ask, lanes, beingWritten: written, unread }
  }
  const views = [hourMs, 12 * hourMs, dayMs, 7 * dayMs, 365 * dayMs].map(
    (span) => `fromMs=${newYearMs}&toMs=${newYearMs + span}`,
  )

  test('says of which cameras the disk does not tell how far they are, and only to who may replay them', async () => {
    const { bare, ask, unread } = await house()
    const answerOf = async () => timelineAnswer.parse((await ask(views[0] ?? '')).json())
    bare.cameras = 'all'
    expect(await answerOf()).not.toHaveProperty('unread')
    unread.push(cameraA)
    expect((await answerOf()).unread).toEqual([cameraA])
    bare.cameras = [cameraB]
    expect(await answerOf()).not.toHaveProperty('unread')
  })

  test('gives the lanes that the caller may replay, at every zoom, and no others', async () => {
    const { bare, lanes } = await house()
    for (const view of views) {
      bare.cameras = 'all'
      expect((await lanes(view)).map((lane) => lane.cameraId)).toEqual([cameraA, cameraB])
      bare.cameras = [cameraB]
      for (const query of [view, `${view}&camera=${cameraB}`, `${view}&camera=${cameraA}&camera=${cameraB}`]) {
        const [lane, ...others] = await lanes(query)
        expect(others).toEqual([])
        expect(lane).toMatchObject({ cameraId: cameraB, recorded: [{ startMs: newYearMs }] })
        expect((lane?.events.length ?? 0) + (lane?.density.length ?? 0)).toBe(1)
      }
      expect(await lanes(`${view}&camera=${cameraA}`)).toEqual([])
      bare.cameras = []
      expect(await lanes(view)).toEqual([])
    }
  })

  test.each([
    ['backwards', `fromMs=${newYearMs}&toMs=${newYearMs - 1}`],
    ['longer than 400 days', `fromMs=${newYearMs}&toMs=${newYearMs + 401 * dayMs}`],
    ['without an end', `fromMs=${newYearMs}`],
    ['of no camera', `fromMs=0&toMs=1&camera=../x`],
    ['with too many columns', `fromMs=0&toMs=1&buckets=100000`],
    ['with an unknown key', `fromMs=0&toMs=1&x=1`],
    ['of too many cameras', `fromMs=0&toMs=1&${Array.from({ length: 65 }, () => `camera=${cameraA}`).join('&')}`],
  ])('refuses a view %s', async (_, query) => {
    const { ask } = await house()
    expect((await ask(query)).statusCode).toBe(400)
  })

  test('the calendar has the days of one camera, with what became of their seconds', async () => {
    const { db, bare } = await house()
    const gap = { note: 'gap', cameraId: cameraA, kind: 'missing', cause: 'stalled' } as const
    const midnight = newYearMs + dayMs
    const notes = [
      { n: 1, note: 'closed', runId: newId(0), ...(minutes(midnight - 60_000, 1)[0] ?? never()) } as const,
      { n: 2, ...gap, startMs: midnight, endMs: midnight + 90_000 } as const,
    ]
    await applyNotes(db, notes, silentLog)
    const { days } = (await bare.http.inject(`/api/cameras/${cameraA}/days`)).json()
    expect(days).toEqual([
      { dayMs: newYearMs, recordedMs: 240_000, missingMs: 0, notWantedMs: 0, events: 1 },
      { dayMs: midnight, recordedMs: 0, missingMs: 90_000, notWantedMs: 0, events: 0 },
    ])
    // In Rome the old year's day ends an hour before UTC's, so the last minute of it is of the new one.
    const inRome = (await bare.http.inject(`/api/cameras/${cameraA}/days?timeZone=Europe/Rome`)).json()
    expect(inRome.days).toEqual([
      { dayMs: newYearMs, recordedMs: 180_000, missingMs: 0, notWantedMs: 0, events: 1 },
      { dayMs: midnight, recordedMs: 60_000, missingMs: 90_000, notWantedMs: 0, events: 0 },
    ])
    expect((await bare.http.inject(`/api/cameras/${cameraA}/days?timeZone=Rome';--`)).statusCode).toBe(400)
  })

  test('what is being written is recorded, to the present, for those who may replay it', async () => {
    const { bare, lanes, beingWritten } = await house()
    const openMs = newYearMs + dayMs - 30_000
    beingWritten.push({ cameraId: cameraA, startMs: openMs, endMs: openMs + 25_000 })
    bare.cameras = [cameraA]
    const view = `fromMs=${openMs - 60_000}&toMs=${openMs + 60_000}`
    expect((await lanes(view))[0]?.recorded).toEqual([{ startMs: openMs, endMs: openMs + 25_000 }])
    bare.cameras = [cameraB]
    expect((await lanes(view))[0]?.recorded).toEqual([])
  })
})

function never(): never {
  throw new Error('no segment')
}
