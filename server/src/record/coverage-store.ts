/** The sums of the coverage ledger: seconds per day, gaps per hour for the coarse timeline, and where it ends. */
import type { Db } from '../db/database.ts'
import type { GapTable } from '../db/tables.ts'
import { dayMs, hourMs, minutesTouched } from '../lib/hour-minutes.ts'
import { type Span, splitByBlock } from '../lib/spans.ts'

export type GapReason = Pick<GapTable, 'camera_id' | 'kind' | 'cause'>

/** A gap of a year has more hours than one statement carries. */
const rowsPerInsert = 1000

/** Adds (or takes) the spans' seconds to the days that they touch. */
export async function changeDays(
  trx: Db,
  cameraId: string,
  changed: 'recorded_ms' | 'missing_ms' | 'not_wanted_ms',
  spans: readonly Span[],
  sign: 1 | -1,
): Promise<void> {
  const days = new Map<number, number>()
  for (const span of spans)
    for (const { blockMs, startMs, endMs } of splitByBlock(span, dayMs))
      days.set(blockMs, (days.get(blockMs) ?? 0) + sign * (endMs - startMs))
  const zero = { recorded_ms: 0, missing_ms: 0, not_wanted_ms: 0 }
  const rows = [...days].map(([day, ms]) => ({ camera_id: cameraId, day_ms: day, ...zero, [changed]: ms }))
  for (let at = 0; at < rows.length; at += rowsPerInsert)
    await trx
      .insertInto('coverage_day')
      .values(rows.slice(at, at + rowsPerInsert))
      .onConflict((conflict) =>
        conflict.columns(['camera_id', 'day_ms']).doUpdateSet((eb) => ({
          recorded_ms: eb('coverage_day.recorded_ms', '+', eb.ref('excluded.recorded_ms')),
          missing_ms: eb('coverage_day.missing_ms', '+', eb.ref('excluded.missing_ms')),
          not_wanted_ms: eb('coverage_day.not_wanted_ms', '+', eb.ref('excluded.not_wanted_ms')),
        })),
      )
      .execute()
}

/** Adds a part of a gap that was not counted before. */
export async function addGapHours(trx: Db, reason: GapReason, span: Span): Promise<void> {
  const rows = [...splitByBlock(span, hourMs)].map((piece) => {
    const minutes = minutesTouched(piece, piece.blockMs)
    return {
      camera_id: reason.camera_id,
      hour_ms: piece.blockMs,
      kind: reason.kind,
      cause: reason.cause,
      gap_ms: piece.endMs - piece.startMs,
      minutes_low: minutes.low,
      minutes_high: minutes.high,
    }
  })
  for (let at = 0; at < rows.length; at += rowsPerInsert)
    await trx
      .insertInto('gap_hour')
      .values(rows.slice(at, at + rowsPerInsert))
      .onConflict((conflict) =>
        conflict.columns(['camera_id', 'hour_ms', 'kind', 'cause']).doUpdateSet((eb) => ({
          gap_ms: eb('gap_hour.gap_ms', '+', eb.ref('excluded.gap_ms')),
          minutes_low: eb('gap_hour.minutes_low', '|', eb.ref('excluded.minutes_low')),
          minutes_high: eb('gap_hour.minutes_high', '|', eb.ref('excluded.minutes_high')),
        })),
      )
      .execute()
}

/** For hours whose gaps were cut and are summed up again. */
export async function dropGapHours(trx: Db, cameraId: string, span: Span): Promise<void> {
  await trx
    .deleteFrom('gap_hour')
    .where('camera_id', '=', cameraId)
    .where('hour_ms', '>=', span.startMs)
    .where('hour_ms', '<', span.endMs)
    .execute()
}

/**
 * End of the last footage or gap that the ledger has of a camera, up to now: what a clock that was days ahead left in the future
 * says nothing about the time until then. Null: it has none.
 */
export async function coveredUntil(db: Db, cameraId: string, nowMs: number): Promise<number | null> {
  const footage = await db
    .selectFrom('segment')
    .select('end_ms')
    .where('camera_id', '=', cameraId)
    .where('stream', '=', 'main')
    .where('start_ms', '<=', nowMs)
    .orderBy('start_ms', 'desc')
    .limit(1)
    .executeTakeFirst()
  const gap = await db
    .selectFrom('gap')
    .select('end_ms')
    .where('camera_id', '=', cameraId)
    .where('start_ms', '<=', nowMs)
    .orderBy('start_ms', 'desc')
    .limit(1)
    .executeTakeFirst()
  const ends = [footage?.end_ms, gap?.end_ms].filter((end) => end !== undefined)
  return ends.length > 0 ? Math.min(nowMs, Math.max(...ends)) : null
}
