/**
 * The week of a camera whose recording mode is `scheduled`: for each half hour of local time what is recorded in it.
 * A range over midnight is the end of one day and the beginning of the next; recording goes on over the join.
 */
import { z } from 'zod'
import { zoneOffsetMs } from './local-time.ts'

export const halfHoursOfDay = 48
const halfHourMs = 1_800_000

/** `c` continuous, `e` events with their pre- and post-roll, `-` nothing. */
export type HalfHour = 'c' | 'e' | '-'

/** Monday first; each day is 48 letters, one for each half hour from midnight on. */
export const weekSchedule = z
  .array(z.string().regex(/^[ce-]{48}$/, 'a day is 48 letters, one for each half hour: c, e or -'))
  .length(7)
export type WeekSchedule = z.infer<typeof weekSchedule>

/** Loses nothing: what a camera has whose schedule nobody has drawn. */
export const alwaysWeek: WeekSchedule = Array.from({ length: 7 }, () => 'c'.repeat(halfHoursOfDay))

/**
 * What the schedule says of an instant. The local clock's face counts: an hour that comes twice in autumn is recorded
 * twice, one that spring leaves out is not made up for.
 */
export function scheduledAt(week: WeekSchedule, zone: string, ms: number): HalfHour {
  const local = new Date(ms + zoneOffsetMs(ms, zone))
  const day = week[(local.getUTCDay() + 6) % 7] ?? ''
  const letter = day[local.getUTCHours() * 2 + (local.getUTCMinutes() >= 30 ? 1 : 0)]
  return letter === 'c' || letter === 'e' ? letter : '-'
}

/** When the schedule says another thing next, at most a week away; undefined where it never does. */
export function nextScheduleChange(week: WeekSchedule, zone: string, ms: number): number | undefined {
  const now = scheduledAt(week, zone, ms)
  // Zones change on quarters of an hour, so that every change lies on one.
  const quarterMs = halfHourMs / 2
  const firstMs = (Math.floor(ms / quarterMs) + 1) * quarterMs
  for (let at = firstMs; at <= firstMs + 7 * 24 * 3_600_000; at += quarterMs)
    if (scheduledAt(week, zone, at) !== now) return at
  return undefined
}
