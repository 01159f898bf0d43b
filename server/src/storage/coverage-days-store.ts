/** Coverage per camera and day, read: the calendar and the percentages. Written with the notes (record/gap-store.ts). */
import type { Db } from '../db/database.ts'
import { dayMs } from '../lib/hour-minutes.ts'
import { bucketOf } from './timeline-bucket-store.ts'

export interface CoverageDay {
  readonly dayMs: number
  readonly recordedMs: number
  readonly missingMs: number
  readonly notWantedMs: number
}
export interface CalendarDay extends CoverageDay {
  readonly events: number
}

/** Ten years: nobody turns a calendar further back. */
const maxDays = 3660

/** Days with footage, gaps or events, oldest first. */
export async function listDays(db: Db, cameraId: string): Promise<CalendarDay[]> {
  const covered = await db
    .selectFrom('coverage_day')
    .selectAll()
    .where('camera_id', '=', cameraId)
    .orderBy('day_ms', 'desc')
    .limit(maxDays)
    .execute()
  const counted = await db
    .selectFrom('event_hour')
    .select((eb) => [
      bucketOf(eb.ref('hour_ms'), { originMs: 0, bucketMs: dayMs }).as('day'),
      eb.fn.sum<number>('events').as('events'),
    ])
    .where('camera_id', '=', cameraId)
    .groupBy('day')
    .orderBy('day', 'desc')
    .limit(maxDays)
    .execute()
  const empty = { recordedMs: 0, missingMs: 0, notWantedMs: 0 }
  const days = new Map<number, CalendarDay>(
    covered.map((row) => [
      row.day_ms,
      {
        dayMs: row.day_ms,
        recordedMs: row.recorded_ms,
        missingMs: row.missing_ms,
        notWantedMs: row.not_wanted_ms,
        events: 0,
      },
    ]),
  )
  for (const { day, events } of counted) {
    const startMs = day * dayMs
    if (Number(events) > 0)
      days.set(startMs, { ...(days.get(startMs) ?? { dayMs: startMs, ...empty }), events: Number(events) })
  }
  return [...days.values()].sort((a, b) => a.dayMs - b.dayMs)
}

/** One day (UTC midnight) of several cameras; those without any note that day are left out. */
export async function coverageOfDay(
  db: Db,
  cameras: readonly string[],
  atDayMs: number,
): Promise<(CoverageDay & { readonly cameraId: string })[]> {
  if (cameras.length === 0) return []
  const rows = await db
    .selectFrom('coverage_day')
    .selectAll()
    .where('camera_id', 'in', cameras)
    .where('day_ms', '=', atDayMs)
    .execute()
  return rows.map((row) => ({
    cameraId: row.camera_id,
    dayMs: row.day_ms,
    recordedMs: row.recorded_ms,
    missingMs: row.missing_ms,
    notWantedMs: row.not_wanted_ms,
  }))
}

/** Share of the wanted seconds that were recorded, 0..1; null where none was wanted. */
export function coverageShare(days: readonly CoverageDay[]): number | null {
  const recordedMs = days.reduce((sum, day) => sum + day.recordedMs, 0)
  const wantedMs = recordedMs + days.reduce((sum, day) => sum + day.missingMs, 0)
  return wantedMs > 0 ? recordedMs / wantedMs : null
}
