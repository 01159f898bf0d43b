/** The timeline of some cameras, and the calendar of one. */
import { id } from '@vedette/shared/id.ts'
import { cameraDays, daysQuery, timelineAnswer, timelineQuery } from '@vedette/shared/timeline.ts'
import { z } from 'zod'
import type { Db } from '../db/database.ts'
import type { Http } from '../http/http.ts'
import { AppError } from '../lib/app-error.ts'
import type { Clock } from '../lib/clock.ts'
import { dayMs } from '../lib/hour-minutes.ts'
import { listDays } from './coverage-days-store.ts'
import { planView } from './timeline-layout.ts'
import { type CameraSpan, readTimeline, timelineCameras } from './timeline-store.ts'

export interface TimelineDeps {
  readonly db: Db
  readonly clock: Clock
  /** What there is by now of segments that are being written, and the cameras of which that is unknown. */
  readonly openFootage: (
    cameras: readonly string[],
  ) => Promise<{ readonly spans: readonly CameraSpan[]; readonly unread: readonly string[] }>
  /** The installation's. */
  readonly readTimeZone: () => Promise<string>
}

const longestViewMs = 400 * dayMs
const maxCameras = 64

export function timelineRoutes(http: Http, { db, clock, openFootage, readTimeZone }: TimelineDeps): void {
  http.get(
    '/api/timeline',
    {
      config: { access: { kind: 'cameras', right: 'replay' } },
      schema: { querystring: timelineQuery, response: { 200: timelineAnswer } },
    },
    async (request) => {
      const { fromMs, toMs, camera, buckets } = request.query
      if (toMs <= fromMs || toMs - fromMs > longestViewMs)
        throw new AppError(
          'bad_request',
          'A timeline goes from an earlier to a later time and spans at most 400 days.',
          {
            field: 'toMs',
          },
        )
      const cameras = (await timelineCameras(db, request.cameras, camera)).slice(0, maxCameras)
      // Before the index is read: a segment that closes meanwhile is in one of the two.
      const { spans: open, unread } = await openFootage(cameras)
      const nowMs = clock.nowMs()
      const view = planView({ startMs: fromMs, endMs: toMs }, buckets)
      const { bucketMs, lanes } = await readTimeline(db, cameras, { view, nowMs, open })
      return { fromMs, toMs, nowMs, bucketMs, lanes: [...lanes], ...(unread.length > 0 ? { unread: [...unread] } : {}) }
    },
  )

  http.get(
    '/api/cameras/:id/days',
    {
      config: { access: { kind: 'camera', right: 'replay', object: 'camera' } },
      schema: { params: z.strictObject({ id }), querystring: daysQuery, response: { 200: cameraDays } },
    },
    async (request) => {
      const zone = request.query.timeZone ?? (await readTimeZone())
      return { days: await listDays(db, request.params.id, zone) }
    },
  )
}
