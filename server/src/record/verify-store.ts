/** Reads segments in the order of their chain, for verifying, and what explains a predecessor that is not there. */
import type { StreamName } from '@vedette/shared/camera.ts'
import type { Db } from '../db/database.ts'
import { dayMs } from '../lib/hour-minutes.ts'
import { mergeSpans, type Span, subtractSpans } from '../lib/spans.ts'
import { type Segment, toSegment } from './segment-store.ts'

export interface Lane {
  readonly cameraId: string
  readonly stream: StreamName
}

export async function listLanes(db: Db, cameraId: string | undefined): Promise<Lane[]> {
  const rows = await db
    .selectFrom('footage_sum')
    .select(['camera_id', 'stream'])
    .distinct()
    .where('segments', '>', 0)
    .$if(cameraId !== undefined, (query) => query.where('camera_id', '=', cameraId ?? ''))
    .orderBy('camera_id')
    .orderBy('stream')
    .execute()
  return rows.map((row) => ({ cameraId: row.camera_id, stream: row.stream }))
}

/** Segments of a lane in the order in which they were written: by clock epoch, then by time. */
export async function* chainOf(db: Db, lane: Lane): AsyncGenerator<Segment> {
  const all = db.selectFrom('segment').where('camera_id', '=', lane.cameraId).where('stream', '=', lane.stream)
  const epochs = await all.select('clock_epoch').distinct().orderBy('clock_epoch').execute()
  for (const { clock_epoch } of epochs) {
    let afterMs = -1
    for (;;) {
      const rows = await all
        .selectAll()
        .where('clock_epoch', '=', clock_epoch)
        .where('start_ms', '>', afterMs)
        .where('doomed_by', 'is', null)
        .orderBy('start_ms')
        .limit(500)
        .execute()
      yield* rows.map(toSegment)
      const last = rows.at(-1)
      if (!last) break
      afterMs = last.start_ms
    }
  }
}

/** Receipts are dropped after a year (retention-store.ts): of what is older nothing is asked. */
const receiptsKeptMs = 366 * dayMs
/** Ends of segments are estimates, and the ledger tells of no gap below a second. */
const crackMs = 2000
const crackPerGapMs = 1000
const maxReceipts = 10_000

/**
 * Whether receipts explain that footage between two segments is not there any more: what neither they nor the ledger tell of, was
 * taken away by somebody else, however much a rule took beside it. `fromMs` undefined: up to `toMs`, since the last receipt before.
 */
export async function wasDeletedBetween(
  db: Db,
  { cameraId, stream }: Lane,
  { fromMs, toMs }: { readonly fromMs: number | undefined; readonly toMs: number },
  nowMs: number,
): Promise<boolean> {
  const keptFromMs = nowMs - receiptsKeptMs
  if (toMs <= keptFromMs) return true
  const told = await deletedSpans(db, cameraId, { startMs: fromMs ?? 0, endMs: toMs })
  const last = told.at(-1)
  if (!last) return false
  // The ledger is the main stream's.
  if (stream !== 'main' || told.length >= maxReceipts) return true
  const startMs = Math.max(fromMs ?? last.endMs, keptFromMs)
  for (const hole of subtractSpans({ startMs, endMs: toMs }, told)) {
    const gaps = await gapsWithin(db, cameraId, hole)
    if (hole.endMs - hole.startMs - gaps.totalMs > crackMs + gaps.count * crackPerGapMs) return false
  }
  return true
}

/** Newest first in the table, oldest first here: what receipts tell of, and what is being deleted. */
async function deletedSpans(db: Db, cameraId: string, { startMs, endMs }: Span): Promise<Span[]> {
  const receipts = await db
    .selectFrom('receipt')
    .select(['start_ms', 'end_ms'])
    .where('camera_id', '=', cameraId)
    .where('rule', '<>', 'file_missing')
    .where('start_ms', '<', endMs)
    .where('end_ms', '>', startMs)
    .orderBy('start_ms', 'desc')
    .limit(maxReceipts)
    .execute()
  const doomed = await db
    .selectFrom('segment')
    .select(['start_ms', 'end_ms'])
    .where('camera_id', '=', cameraId)
    .where('stream', 'in', ['main', 'sub'])
    .where('start_ms', '>=', startMs)
    .where('start_ms', '<', endMs)
    .where('doomed_by', 'is not', null)
    .orderBy('start_ms', 'desc')
    .limit(maxReceipts)
    .execute()
  return mergeSpans([...receipts, ...doomed].map((row) => ({ startMs: row.start_ms, endMs: row.end_ms })))
}

/** Gaps never overlap, so their lengths add up. */
async function gapsWithin(db: Db, cameraId: string, span: Span): Promise<{ totalMs: number; count: number }> {
  const inside = db
    .selectFrom('gap')
    .where('camera_id', '=', cameraId)
    .where('start_ms', '<', span.endMs)
    .where('end_ms', '>', span.startMs)
  const sums = await inside
    .select(({ fn }) => [fn.countAll().as('count'), fn.sum('start_ms').as('starts'), fn.sum('end_ms').as('ends')])
    .executeTakeFirstOrThrow()
  const first = await inside.select('start_ms').orderBy('start_ms').limit(1).executeTakeFirst()
  const last = await inside.select('end_ms').orderBy('end_ms', 'desc').limit(1).executeTakeFirst()
  if (!first || !last) return { totalMs: 0, count: 0 }
  const before = Math.max(0, span.startMs - first.start_ms)
  const after = Math.max(0, last.end_ms - span.endMs)
  return { totalMs: Number(sums.ends) - Number(sums.starts) - before - after, count: Number(sums.count) }
}

/** Whether anything of the camera was ever deleted, as far as the receipts go. */
export async function hasReceipts(db: Db, cameraId: string): Promise<boolean> {
  const receipt = await db
    .selectFrom('receipt')
    .select('id')
    .where('camera_id', '=', cameraId)
    .limit(1)
    .executeTakeFirst()
  return receipt !== undefined
}
