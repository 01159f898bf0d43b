/**
 * Keeps the sums of the index (segment_hour, footage_sum) in step with its rows, in the same transaction.
 * Invariant: footage_sum = sum of segment_hour = sum of segment, marked rows included until they are gone.
 */
import type { Db } from '../db/database.ts'
import type { FootageSumTable, SegmentHourTable } from '../db/tables.ts'
import { hourMs, joinMinutes, minutesTouched, noMinutes, startOfHour } from '../lib/hour-minutes.ts'
import type { Segment } from './segment-store.ts'

type Summed = Pick<Segment, 'cameraId' | 'stream' | 'volumeId' | 'startMs' | 'endMs' | 'sizeBytes'>

/** Call after the rows were added. */
export async function addToSums(trx: Db, segments: readonly Summed[]): Promise<void> {
  await changeSums(trx, segments, 1)
}

/** Call after the rows were deleted: what remains of an hour is read again. */
export async function takeFromSums(trx: Db, segments: readonly Summed[]): Promise<void> {
  await changeSums(trx, segments, -1)
  for (const hour of hourRows(segments, 1)) {
    const place = await trx
      .selectFrom('segment_hour')
      .select('segments')
      .where('camera_id', '=', hour.camera_id)
      .where('stream', '=', hour.stream)
      .where('hour_ms', '=', hour.hour_ms)
      .where('volume_id', '=', hour.volume_id)
      .executeTakeFirst()
    if (place && place.segments > 0) await refreshMinutes(trx, hour)
    else await dropHour(trx, hour)
  }
}

async function changeSums(trx: Db, segments: readonly Summed[], sign: 1 | -1): Promise<void> {
  if (segments.length === 0) return
  await trx
    .insertInto('segment_hour')
    .values(hourRows(segments, sign))
    .onConflict((conflict) =>
      conflict.columns(['camera_id', 'stream', 'hour_ms', 'volume_id']).doUpdateSet((eb) => ({
        recorded_ms: eb('segment_hour.recorded_ms', '+', eb.ref('excluded.recorded_ms')),
        size_bytes: eb('segment_hour.size_bytes', '+', eb.ref('excluded.size_bytes')),
        segments: eb('segment_hour.segments', '+', eb.ref('excluded.segments')),
        minutes_low: eb('segment_hour.minutes_low', '|', eb.ref('excluded.minutes_low')),
        minutes_high: eb('segment_hour.minutes_high', '|', eb.ref('excluded.minutes_high')),
      })),
    )
    .execute()
  await trx
    .insertInto('footage_sum')
    .values(footageRows(segments, sign))
    .onConflict((conflict) =>
      conflict.columns(['volume_id', 'camera_id', 'stream']).doUpdateSet((eb) => ({
        size_bytes: eb('footage_sum.size_bytes', '+', eb.ref('excluded.size_bytes')),
        segments: eb('footage_sum.segments', '+', eb.ref('excluded.segments')),
      })),
    )
    .execute()
}

function hourRows(segments: readonly Summed[], sign: 1 | -1): SegmentHourTable[] {
  const rows = new Map<string, SegmentHourTable>()
  for (const segment of segments) {
    const hour = startOfHour(segment.startMs)
    const key = `${segment.cameraId} ${segment.stream} ${segment.volumeId} ${hour}`
    const row = rows.get(key) ?? emptyHour(segment, hour)
    const minutes = joinMinutes({ low: row.minutes_low, high: row.minutes_high }, minutesTouched(segment, hour))
    rows.set(key, {
      ...row,
      recorded_ms: row.recorded_ms + sign * (segment.endMs - segment.startMs),
      size_bytes: row.size_bytes + sign * segment.sizeBytes,
      segments: row.segments + sign,
      minutes_low: minutes.low,
      minutes_high: minutes.high,
    })
  }
  return [...rows.values()]
}

function emptyHour(segment: Summed, hour: number): SegmentHourTable {
  return {
    camera_id: segment.cameraId,
    stream: segment.stream,
    volume_id: segment.volumeId,
    hour_ms: hour,
    recorded_ms: 0,
    size_bytes: 0,
    segments: 0,
    minutes_low: 0,
    minutes_high: 0,
  }
}

function footageRows(segments: readonly Summed[], sign: 1 | -1): FootageSumTable[] {
  const rows = new Map<string, FootageSumTable>()
  for (const { cameraId, stream, volumeId, sizeBytes } of segments) {
    const key = `${cameraId} ${stream} ${volumeId}`
    const row = rows.get(key)
    rows.set(key, {
      camera_id: cameraId,
      stream,
      volume_id: volumeId,
      size_bytes: (row?.size_bytes ?? 0) + sign * sizeBytes,
      segments: (row?.segments ?? 0) + sign,
    })
  }
  return [...rows.values()]
}

async function refreshMinutes(trx: Db, hour: SegmentHourTable): Promise<void> {
  const rest = await trx
    .selectFrom('segment')
    .select(['start_ms', 'end_ms'])
    .where('camera_id', '=', hour.camera_id)
    .where('stream', '=', hour.stream)
    .where('start_ms', '>=', hour.hour_ms)
    .where('start_ms', '<', hour.hour_ms + hourMs)
    .where('volume_id', '=', hour.volume_id)
    .where('doomed_by', 'is', null)
    .execute()
  const minutes = rest
    .map((row) => minutesTouched({ startMs: row.start_ms, endMs: row.end_ms }, hour.hour_ms))
    .reduce(joinMinutes, noMinutes)
  await trx
    .updateTable('segment_hour')
    .set({ minutes_low: minutes.low, minutes_high: minutes.high })
    .where('camera_id', '=', hour.camera_id)
    .where('stream', '=', hour.stream)
    .where('hour_ms', '=', hour.hour_ms)
    .where('volume_id', '=', hour.volume_id)
    .execute()
}

async function dropHour(trx: Db, hour: SegmentHourTable): Promise<void> {
  await trx
    .deleteFrom('segment_hour')
    .where('camera_id', '=', hour.camera_id)
    .where('stream', '=', hour.stream)
    .where('hour_ms', '=', hour.hour_ms)
    .where('volume_id', '=', hour.volume_id)
    .execute()
}
