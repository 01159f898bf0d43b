/**
 * What became of the days of a place, from the sums of hours: the calendar, and coverage of a span such as "today there".
 * An hour counts to the day in which it begins, which matters in zones that are off by half an hour.
 * Written with the notes (record/gap-store.ts, record/sum-store.ts).
 */
import { offsetPeriods } from '@vedette/shared/local-time.ts'
import type { Db } from '../db/database.ts'
import { dayMs } from '../lib/hour-minutes.ts'
import type { Span } from '../lib/spans.ts'
import { bucketOf } from './timeline-bucket-store.ts'

export interface Coverage {
  /** Footage that is still there. */
  readonly recordedMs: number
  readonly missingMs: number
  readonly notWantedMs: number
}
export interface CalendarDay extends Coverage {
  /** The date's name: its midnight as if the place had UTC. */
  readonly dayMs: number
  readonly events: number
}

/** Ten years: nobody turns a calendar further back. */
const maxDays = 3660
const nothing = { recordedMs: 0, missingMs: 0, notWantedMs: 0, events: 0 }

/** Days of the zone with footage, gaps or events, oldest first. */
export async function listDays(db: Db, cameraId: string, zone: string): Promise<CalendarDay[]> {
  const known = await knownHours(db, cameraId)
  if (!known) return []
  const days = new Map<number, CalendarDay>()
  const startMs = Math.max(known.startMs, known.endMs - maxDays * dayMs)
  for (const period of offsetPeriods(startMs, known.endMs, zone)) {
    // Local midnight is where a day begins; in a period all of them are whole days apart.
    const originMs = Math.floor((period.startMs + period.offsetMs) / dayMs) * dayMs - period.offsetMs
    for (const { day, ...part } of await sumsOf(db, cameraId, period, originMs)) {
      const atMs = originMs + period.offsetMs + day * dayMs
      const before = days.get(atMs) ?? { dayMs: atMs, ...nothing }
      days.set(atMs, {
        dayMs: atMs,
        recordedMs: before.recordedMs + part.recordedMs,
        missingMs: before.missingMs + part.missingMs,
        notWantedMs: before.notWantedMs + part.notWantedMs,
        events: before.events + part.events,
      })
    }
  }
  return [...days.values()].sort((a, b) => a.dayMs - b.dayMs)
}

/** From the first to after the last hour of which anything is known. */
async function knownHours(db: Db, cameraId: string): Promise<Span | undefined> {
  const reaches = await Promise.all(
    (['segment_hour', 'gap_hour', 'event_hour'] as const).map((table) =>
      db
        .selectFrom(table)
        .select((eb) => [
          eb.fn.min<number | null>('hour_ms').as('first'),
          eb.fn.max<number | null>('hour_ms').as('last'),
        ])
        .where('camera_id', '=', cameraId)
        .executeTakeFirst(),
    ),
  )
  const hours = reaches.flatMap((reach) =>
    reach?.first == null || reach.last == null ? [] : [reach.first, reach.last],
  )
  if (hours.length === 0) return undefined
  return { startMs: Math.min(...hours.map(Number)), endMs: Math.max(...hours.map(Number)) + 1 }
}

type DayPart = Omit<CalendarDay, 'dayMs'> & { readonly day: number }

async function sumsOf(db: Db, cameraId: string, { startMs, endMs }: Span, originMs: number): Promise<DayPart[]> {
  const days = { originMs, bucketMs: dayMs }
  const recorded = await db
    .selectFrom('segment_hour')
    .select((eb) => [bucketOf(eb.ref('hour_ms'), days).as('day'), eb.fn.sum<number>('recorded_ms').as('ms')])
    .where('camera_id', '=', cameraId)
    .where('stream', '=', 'main')
    .where('hour_ms', '>=', startMs)
    .where('hour_ms', '<', endMs)
    .groupBy('day')
    .execute()
  const gaps = await db
    .selectFrom('gap_hour')
    .select((eb) => [bucketOf(eb.ref('hour_ms'), days).as('day'), 'kind', eb.fn.sum<number>('gap_ms').as('ms')])
    .where('camera_id', '=', cameraId)
    .where('hour_ms', '>=', startMs)
    .where('hour_ms', '<', endMs)
    .groupBy(['day', 'kind'])
    .execute()
  const events = await db
    .selectFrom('event_hour')
    .select((eb) => [bucketOf(eb.ref('hour_ms'), days).as('day'), eb.fn.sum<number>('events').as('events')])
    .where('camera_id', '=', cameraId)
    .where('hour_ms', '>=', startMs)
    .where('hour_ms', '<', endMs)
    .groupBy('day')
    .execute()
  const parts = [
    ...recorded.map(({ day, ms }) => ({ ...nothing, day, recordedMs: Number(ms) })),
    ...gaps.map(({ day, kind, ms }) => ({
      ...nothing,
      day,
      ...(kind === 'missing' ? { missingMs: Number(ms) } : { notWantedMs: Number(ms) }),
    })),
    ...events.map((row) => ({ ...nothing, day: row.day, events: Number(row.events) })),
  ]
  // Sums that went back to nothing leave their rows.
  return parts.filter((part) => part.recordedMs + part.missingMs + part.notWantedMs + part.events > 0)
}

/** The hours that begin in the span, summed over cameras. */
export async function coverageOf(db: Db, cameras: readonly string[], span: Span): Promise<Coverage> {
  if (cameras.length === 0) return nothing
  const recorded = await db
    .selectFrom('segment_hour')
    .select((eb) => eb.fn.sum<number | null>('recorded_ms').as('ms'))
    .where('camera_id', 'in', cameras)
    .where('stream', '=', 'main')
    .where('hour_ms', '>=', span.startMs)
    .where('hour_ms', '<', span.endMs)
    .executeTakeFirst()
  const gaps = await db
    .selectFrom('gap_hour')
    .select((eb) => ['kind', eb.fn.sum<number>('gap_ms').as('ms')])
    .where('camera_id', 'in', cameras)
    .where('hour_ms', '>=', span.startMs)
    .where('hour_ms', '<', span.endMs)
    .groupBy('kind')
    .execute()
  const gapMs = (kind: string) => Number(gaps.find((gap) => gap.kind === kind)?.ms ?? 0)
  return {
    recordedMs: Number(recorded?.ms ?? 0),
    missingMs: gapMs('missing'),
    notWantedMs: gapMs('not_wanted'),
  }
}

/** Share of the wanted seconds that were recorded, 0..1; null where none was wanted. */
export function coverageShare({ recordedMs, missingMs }: Pick<Coverage, 'recordedMs' | 'missingMs'>): number | null {
  const wantedMs = recordedMs + missingMs
  return wantedMs > 0 ? recordedMs / wantedMs : null
}
