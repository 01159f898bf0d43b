/** What was recorded, what is missing, what happened; and the days of the calendar. */
import { cameraDays, timelineAnswer } from '@vedette/shared/timeline.ts'
import { get } from './http.ts'

export const fetchTimeline = (
  request: { fromMs: number; toMs: number; cameras: readonly string[]; buckets: number },
  signal: AbortSignal,
) =>
  get({
    path: '/api/timeline',
    query: { fromMs: request.fromMs, toMs: request.toMs, camera: request.cameras, buckets: request.buckets },
    out: timelineAnswer,
    signal,
  })

/** Days of the zone. */
export const fetchDays = async (cameraId: string, timeZone: string, signal: AbortSignal) =>
  (await get({ path: `/api/cameras/${cameraId}/days`, query: { timeZone }, out: cameraDays, signal })).days

export const eventPictureUrl = (eventId: string) => `/api/events/${eventId}/picture.jpg`
