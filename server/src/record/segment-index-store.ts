/**
 * Adds segments to the index.
 * Invariants: segments of one camera, stream and clock epoch never overlap; adding again what is there changes nothing.
 */
import type { Db } from '../db/database.ts'
import type { Segment } from './segment-store.ts'
import { longestSegmentMs, toRow, toSegment } from './segment-store.ts'
import { addToSums, takeFromSums } from './sum-store.ts'

/**
 * The end of a segment is estimated from its last frame, the start of the next one is measured: an overlap up to this
 * is the estimate's error, and the earlier segment's end in the index gives way. More is refused.
 */
const estimateErrorMs = 1000
/** Below what one statement may carry on SQLite (32 766 values) and PostgreSQL (65 535). */
const rowsPerInsert = 500

export interface Refused {
  readonly segment: Segment
  /** For people: what it would overlap. */
  readonly why: string
}

export interface Inserted {
  /** As stored: an end may have given way. */
  readonly added: readonly Segment[]
  readonly refused: readonly Refused[]
  /** Parts at the ends of stored segments that are the next segment's now. */
  readonly gaveWay: readonly Pick<Segment, 'cameraId' | 'stream' | 'startMs' | 'endMs'>[]
}

/** `trx`: a transaction. Takes any order and number; refuses overlaps, skips what is there already. */
export async function insertSegments(trx: Db, segments: readonly Segment[]): Promise<Inserted> {
  const added: Segment[] = []
  const refused: Refused[] = []
  const gaveWay: Segment[] = []
  for (const run of neighbours(segments)) {
    const present = await segmentsAround(trx, run)
    const lane = [...present]
    const fresh: Segment[] = []
    for (const segment of run) {
      if (lane.some((other) => isSame(other, segment))) continue
      const place = fitIn(lane, segment)
      if ('why' in place) refused.push({ segment, why: place.why })
      else {
        lane.splice(place.at, 0, place.segment)
        if (place.at > 0 && place.before) lane[place.at - 1] = place.before
        fresh.push(segment)
      }
    }
    gaveWay.push(...(await shortenStored(trx, present, lane)))
    const freshIds = new Set(fresh.map((segment) => segment.id))
    added.push(...lane.filter((segment) => freshIds.has(segment.id)))
  }
  for (let at = 0; at < added.length; at += rowsPerInsert)
    await trx
      .insertInto('segment')
      .values(added.slice(at, at + rowsPerInsert).map(toRow))
      .execute()
  await addToSums(trx, added)
  return { added, refused, gaveWay }
}

/** Lists of segments of one camera, stream and epoch, sorted, none more than an hour from the next. */
function neighbours(segments: readonly Segment[]): Segment[][] {
  const laneOf = (s: Segment) => `${s.cameraId} ${s.stream} ${s.clockEpoch}`
  const runs: Segment[][] = []
  for (const lane of Map.groupBy(segments, laneOf).values()) {
    let previous: Segment | undefined
    for (const segment of lane.toSorted((a, b) => a.startMs - b.startMs)) {
      if (previous && segment.startMs - previous.endMs < 3_600_000) runs.at(-1)?.push(segment)
      else runs.push([segment])
      previous = segment
    }
  }
  return runs
}

/** The rows that `run` could collide with, sorted; marked ones too, their files may still be there. */
async function segmentsAround(trx: Db, run: readonly Segment[]): Promise<Segment[]> {
  const [first] = run
  if (!first) return []
  const endMs = Math.max(...run.map((segment) => segment.endMs))
  const rows = await trx
    .selectFrom('segment')
    .selectAll()
    .where('camera_id', '=', first.cameraId)
    .where('stream', '=', first.stream)
    .where('start_ms', '>=', first.startMs - longestSegmentMs)
    .where('start_ms', '<', endMs)
    .where('clock_epoch', '=', first.clockEpoch)
    .orderBy('start_ms')
    .execute()
  return rows.map(toSegment)
}

/** The same file, however its id came about. */
function isSame(a: Segment, b: Segment): boolean {
  return a.id === b.id || (a.startMs === b.startMs && a.volumeId === b.volumeId && a.fileMs === b.fileMs)
}

type Place = { readonly at: number; readonly segment: Segment; readonly before?: Segment } | { readonly why: string }

/** Where `segment` belongs in the sorted lane, with ends given way; or why it does not fit. */
function fitIn(lane: readonly Segment[], segment: Segment): Place {
  if (segment.endMs <= segment.startMs) return { why: 'it ends before it begins' }
  const at = lane.findLastIndex((other) => other.startMs <= segment.startMs) + 1
  const before = lane[at - 1]
  const after = lane[at]
  if (before && (before.startMs === segment.startMs || before.endMs - segment.startMs > estimateErrorMs))
    return { why: `it overlaps segment ${before.id}` }
  if (after && segment.endMs - after.startMs > estimateErrorMs) return { why: `it overlaps segment ${after.id}` }
  const endMs = Math.min(segment.endMs, after?.startMs ?? segment.endMs)
  const fitting = { at, segment: { ...segment, endMs } }
  if (!before || before.endMs <= segment.startMs) return fitting
  return { ...fitting, before: { ...before, endMs: segment.startMs } }
}

async function shortenStored(trx: Db, stored: readonly Segment[], lane: readonly Segment[]): Promise<Segment[]> {
  const gaveWay: Segment[] = []
  for (const before of stored) {
    const now = lane.find((segment) => segment.id === before.id)
    if (!now || now.endMs === before.endMs) continue
    await trx.updateTable('segment').set({ end_ms: now.endMs }).where('id', '=', before.id).execute()
    await takeFromSums(trx, [before])
    await addToSums(trx, [now])
    gaveWay.push({ ...before, startMs: now.endMs })
  }
  return gaveWay
}
