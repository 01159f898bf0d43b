/**
 * The coverage ledger: for every camera, time is recorded (segments of its main stream), missing with a cause, or not
 * wanted (gap rows). Invariant: gap rows of a camera overlap neither each other nor its footage, in whatever order and
 * however often notes arrive.
 */
import type { Db } from '../db/database.ts'
import type { GapTable } from '../db/tables.ts'
import { dayMs, hourMs, startOfHour } from '../lib/hour-minutes.ts'
import { newId } from '../lib/new-id.ts'
import { mergeSpans, type Span, subtractSpans } from '../lib/spans.ts'
import { addGapHours, changeDays, dropGapHours, type GapReason } from './coverage-store.ts'
import type { GapNote } from './note.ts'
import type { Inserted } from './segment-index-store.ts'
import { longestSegmentMs } from './segment-store.ts'

export type Gap = Pick<GapNote, 'cameraId' | 'kind' | 'cause' | 'startMs' | 'endMs'>

/** Of a longer gap (a clock that began in 1970) the ledger keeps the last part: every hour of it is a row. */
const longestGapMs = 400 * dayMs

/** `trx`: a transaction. Writes what the ledger does not know yet of the note's span. */
export async function recordGap(trx: Db, gap: Gap): Promise<void> {
  const note = { ...gap, startMs: Math.max(gap.startMs, gap.endMs - longestGapMs) }
  const gaps = await gapsIn(trx, note.cameraId, note)
  // Hours that a clock skipped can still come, when it is set right: then what happened in them counts.
  const isGuess = (other: StoredGap) => other.cause === 'clock' && note.cause !== 'clock'
  for (const guess of gaps.filter(isGuess)) await cutGap(trx, guess, note)
  const known = [...gaps.filter((other) => !isGuess(other)), ...(await footageIn(trx, note.cameraId, note))]
  for (const part of subtractSpans(note, known)) await addGap(trx, note, part)
}

/** `trx`: a transaction. Footage that was just added to the index takes its seconds from any gap. */
export async function recordFootage(trx: Db, { added, gaveWay }: Pick<Inserted, 'added' | 'gaveWay'>): Promise<void> {
  for (const part of gaveWay)
    if (part.stream === 'main') await changeDays(trx, part.cameraId, 'recorded_ms', [part], -1)
  const main = added.filter((segment) => segment.stream === 'main')
  for (const [cameraId, footage] of Map.groupBy(main, (segment) => segment.cameraId)) {
    for (const span of mergeSpans(footage))
      for (const gap of await gapsIn(trx, cameraId, span)) await cutGap(trx, gap, span)
    await changeDays(trx, cameraId, 'recorded_ms', footage, 1)
  }
}

type StoredGap = GapTable & Span

/** The gaps that overlap the span. They do not overlap each other, so only one can begin before it. */
async function gapsIn(trx: Db, cameraId: string, span: Span): Promise<StoredGap[]> {
  const before = await trx
    .selectFrom('gap')
    .selectAll()
    .where('camera_id', '=', cameraId)
    .where('start_ms', '<', span.startMs)
    .orderBy('start_ms', 'desc')
    .limit(1)
    .execute()
  const inside = await trx
    .selectFrom('gap')
    .selectAll()
    .where('camera_id', '=', cameraId)
    .where('start_ms', '>=', span.startMs)
    .where('start_ms', '<', span.endMs)
    .orderBy('start_ms')
    .execute()
  return [...before, ...inside]
    .filter((gap) => gap.end_ms > span.startMs)
    .map((gap) => ({ ...gap, startMs: gap.start_ms, endMs: gap.end_ms }))
}

async function footageIn(trx: Db, cameraId: string, span: Span): Promise<Span[]> {
  const rows = await trx
    .selectFrom('segment')
    .select(['start_ms', 'end_ms'])
    .where('camera_id', '=', cameraId)
    .where('stream', '=', 'main')
    .where('start_ms', '>=', span.startMs - longestSegmentMs)
    .where('start_ms', '<', span.endMs)
    .where('end_ms', '>', span.startMs)
    .execute()
  return rows.map((row) => ({ startMs: row.start_ms, endMs: row.end_ms }))
}

/** Lets a gap of the same kind and cause that ends here grow; else writes a new one. */
async function addGap(trx: Db, note: Gap, part: Span): Promise<void> {
  const grown = await trx
    .updateTable('gap')
    .set({ end_ms: part.endMs })
    .where('camera_id', '=', note.cameraId)
    .where('start_ms', '>=', note.startMs)
    .where('start_ms', '<', part.startMs)
    .where('end_ms', '=', part.startMs)
    .where('kind', '=', note.kind)
    .where('cause', '=', note.cause)
    .executeTakeFirst()
  if (grown.numUpdatedRows === 0n)
    await insertGap(trx, { camera_id: note.cameraId, kind: note.kind, cause: note.cause }, part)
  await changeDays(trx, note.cameraId, column(note.kind), [part], 1)
  await addGapHours(trx, { camera_id: note.cameraId, kind: note.kind, cause: note.cause }, part)
}

async function insertGap(trx: Db, reason: GapReason, span: Span): Promise<void> {
  await trx
    .insertInto('gap')
    .values({
      id: newId(span.startMs),
      camera_id: reason.camera_id,
      kind: reason.kind,
      cause: reason.cause,
      start_ms: span.startMs,
      end_ms: span.endMs,
    })
    .execute()
}

async function cutGap(trx: Db, gap: StoredGap, footage: Span): Promise<void> {
  const rest = subtractSpans(gap, [footage])
  await trx.deleteFrom('gap').where('id', '=', gap.id).execute()
  for (const part of rest) await insertGap(trx, gap, part)
  const lost = { startMs: Math.max(gap.startMs, footage.startMs), endMs: Math.min(gap.endMs, footage.endMs) }
  await changeDays(trx, gap.camera_id, column(gap.kind), [lost], -1)
  await refreshHours(trx, gap.camera_id, lost)
}

const column = (kind: GapTable['kind']) => (kind === 'missing' ? 'missing_ms' : 'not_wanted_ms')

/** The sums of the hours that `span` touches, made again from the gaps that are left there. */
async function refreshHours(trx: Db, cameraId: string, span: Span): Promise<void> {
  const hours = { startMs: startOfHour(span.startMs), endMs: startOfHour(span.endMs - 1) + hourMs }
  await dropGapHours(trx, cameraId, hours)
  for (const gap of await gapsIn(trx, cameraId, hours)) {
    const inside = { startMs: Math.max(gap.startMs, hours.startMs), endMs: Math.min(gap.endMs, hours.endMs) }
    await addGapHours(trx, gap, inside)
  }
}
