/**
 * The database's part of deleting footage, in the order that survives a crash: mark, (the cleaner unlinks), forget with a
 * receipt. Marked rows are not footage any more; a start finishes what was marked.
 */
import type { Db } from '../db/database.ts'
import type { ReceiptTable } from '../db/tables.ts'
import { dayMs, hourMs } from '../lib/hour-minutes.ts'
import { newId } from '../lib/new-id.ts'
import type { Deletion } from './retention.ts'
import { type Segment, toSegment } from './segment-store.ts'
import { takeFromSums } from './sum-store.ts'

/** Rules of retention, and rows whose file was gone. */
export type DoomedBy = Deletion['rule'] | 'file_missing'
const maxSurvivors = 1000
export type DoomedSegment = Segment & { readonly rule: string }

export async function markSegments(db: Db, deletions: readonly { segmentId: string; rule: DoomedBy }[]): Promise<void> {
  for (const [rule, doomed] of Map.groupBy(deletions, (deletion) => deletion.rule))
    await db
      .updateTable('segment')
      .set({ doomed_by: rule })
      .where(
        'id',
        'in',
        doomed.map((deletion) => deletion.segmentId),
      )
      .where('doomed_by', 'is', null)
      .execute()
}

/** Marked rows of a volume, in the order of their ids. */
export async function listMarked(
  db: Db,
  volumeId: string,
  { limit, after }: { readonly limit: number; readonly after?: string },
): Promise<DoomedSegment[]> {
  const rows = await db
    .selectFrom('segment')
    .selectAll()
    .where('doomed_by', 'is not', null)
    .where('volume_id', '=', volumeId)
    .$if(after !== undefined, (query) => query.where('id', '>', after ?? ''))
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ ...toSegment(row), rule: row.doomed_by ?? '' }))
}

/** Deletes the rows of segments whose files are gone, with receipts. */
export async function forgetSegments(db: Db, segments: readonly DoomedSegment[], nowMs: number): Promise<void> {
  if (segments.length === 0) return
  await db.transaction().execute(async (trx) => {
    await trx
      .deleteFrom('segment')
      .where(
        'id',
        'in',
        segments.map((segment) => segment.id),
      )
      .execute()
    await takeFromSums(trx, segments)
    for (const lane of Map.groupBy(segments, (s) => `${s.cameraId} ${s.rule}`).values())
      await writeReceipts(trx, lane, nowMs)
  })
}

/** One receipt for what lay side by side: no footage of the camera survives between its start and its end. */
async function writeReceipts(trx: Db, lane: readonly DoomedSegment[], nowMs: number): Promise<void> {
  const sorted = lane.toSorted((a, b) => a.startMs - b.startMs)
  const [first, last] = [sorted[0], sorted.at(-1)]
  if (!first || !last) return
  const survivors = await survivorStarts(trx, first.cameraId, first.startMs, last.startMs)
  let receipt = await continuedReceipt(trx, first, nowMs)
  for (const segment of sorted) {
    if (receipt && isApart(receipt.end_ms, segment.startMs, survivors)) {
      await saveReceipt(trx, receipt)
      receipt = undefined
    }
    receipt = grow(receipt, segment, nowMs)
  }
  if (receipt) await saveReceipt(trx, receipt)
}

/** Footage stays between the two times, or nobody looked that far. */
function isApart(endMs: number, startMs: number, survivors: readonly number[]): boolean {
  if (survivors.length === maxSurvivors && startMs > (survivors.at(-1) ?? 0)) return true
  return survivors.some((ms) => ms >= endMs && ms <= startMs)
}

function grow(receipt: ReceiptTable | undefined, segment: DoomedSegment, nowMs: number): ReceiptTable {
  return {
    id: receipt?.id ?? newId(nowMs),
    at_ms: nowMs,
    camera_id: segment.cameraId,
    start_ms: Math.min(receipt?.start_ms ?? segment.startMs, segment.startMs),
    end_ms: Math.max(receipt?.end_ms ?? segment.endMs, segment.endMs),
    segments: (receipt?.segments ?? 0) + 1,
    size_bytes: (receipt?.size_bytes ?? 0) + segment.sizeBytes,
    rule: segment.rule,
  }
}

async function saveReceipt(trx: Db, receipt: ReceiptTable): Promise<void> {
  const { id: _, ...changed } = receipt
  await trx
    .insertInto('receipt')
    .values(receipt)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(changed))
    .execute()
}

/** The camera's last receipt by this rule, where it is of the same day and the segment follows it directly. */
async function continuedReceipt(trx: Db, segment: DoomedSegment, nowMs: number): Promise<ReceiptTable | undefined> {
  const receipt = await trx
    .selectFrom('receipt')
    .selectAll()
    .where('camera_id', '=', segment.cameraId)
    .where('rule', '=', segment.rule)
    .where('at_ms', '>=', nowMs - (nowMs % dayMs))
    .orderBy('at_ms', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!receipt || receipt.start_ms > segment.startMs) return undefined
  const between = await survivorStarts(trx, segment.cameraId, receipt.end_ms, segment.startMs)
  return between.length === 0 ? receipt : undefined
}

/** Starts of footage that stays, in [fromMs, toMs], at most `maxSurvivors`. */
async function survivorStarts(trx: Db, cameraId: string, fromMs: number, toMs: number): Promise<number[]> {
  const rows = await trx
    .selectFrom('segment')
    .select('start_ms')
    .where('camera_id', '=', cameraId)
    .where('stream', 'in', ['main', 'sub'])
    .where('start_ms', '>=', fromMs)
    .where('start_ms', '<=', toMs)
    .where('doomed_by', 'is', null)
    .orderBy('start_ms')
    .limit(maxSurvivors)
    .execute()
  return rows.map((row) => row.start_ms)
}

export interface CameraHour {
  readonly cameraId: string
  readonly hourMs: number
}

/** Hours of a volume in which cameras have no footage any more, of those given. */
export async function emptiedHours(db: Db, volumeId: string, hours: readonly CameraHour[]): Promise<CameraHour[]> {
  const empty = []
  for (const hour of hours) {
    const row = await db
      .selectFrom('segment_hour')
      .select('hour_ms')
      .where('camera_id', '=', hour.cameraId)
      .where('stream', 'in', ['main', 'sub'])
      .where('hour_ms', '=', hour.hourMs)
      .where('volume_id', '=', volumeId)
      .executeTakeFirst()
    if (!row) empty.push(hour)
  }
  return empty
}

/** Events of an hour whose pictures stay when the rest of the hour goes. */
export async function keptEventsIn(db: Db, cameraId: string, startMs: number): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('event')
    .select('id')
    .where('camera_id', '=', cameraId)
    .where('start_ms', '>=', startMs)
    .where('start_ms', '<', startMs + hourMs)
    .where('kept', '=', 1)
    .execute()
  return new Set(rows.map((row) => row.id))
}

/** These events' pictures are gone. */
export async function forgetPictures(db: Db, eventIds: readonly string[]): Promise<void> {
  for (let at = 0; at < eventIds.length; at += 500)
    await db
      .updateTable('event')
      .set({ has_picture: 0 })
      .where('id', 'in', eventIds.slice(at, at + 500))
      .execute()
}
