/**
 * Brings the recorder's notes into the index and the coverage ledger.
 * In: notes in order, live or replayed from a journal. Out: what the recorder may forget, and what is new.
 * Invariant: a batch is one transaction, and a batch that comes twice changes nothing the second time.
 */
import type { Db } from '../db/database.ts'
import type { Log } from '../lib/log.ts'
import { recordFootage, recordGap } from './gap-store.ts'
import type { NumberedNote } from './note.ts'
import { insertSegments, type Refused } from './segment-index-store.ts'
import type { Segment } from './segment-store.ts'

export interface AppliedNotes {
  /** Acknowledge this to the recorder: every note up to it is in the database. */
  readonly lastN: number
  readonly added: readonly Segment[]
  /** Overlapping footage: not in the index, its file stays and reconciling quarantines it. Show it as a problem. */
  readonly refused: readonly Refused[]
}

/** Keep a batch at most this long (a journal has thousands of lines): the database writes nothing else meanwhile. */
export const notesPerBatch = 500

export async function applyNotes(db: Db, notes: readonly NumberedNote[], log: Log): Promise<AppliedNotes> {
  const lastN = Math.max(0, ...notes.map((note) => note.n))
  const applied = await db.transaction().execute(async (trx) => {
    const inserted = await insertSegments(trx, notes.flatMap(closedSegment))
    await recordFootage(trx, inserted)
    for (const note of notes) if (note.note === 'gap') await recordGap(trx, note)
    return inserted
  })
  for (const { segment, why } of applied.refused)
    log.error({ camera: segment.cameraId, segment: segment.id, why }, 'a segment was not added to the index')
  for (const note of notes)
    if (note.note === 'abandoned') log.warn({ segment: note.id, reason: note.reason }, 'the recorder gave up a file')
  return { lastN, added: applied.added, refused: applied.refused }
}

function closedSegment(note: NumberedNote): Segment[] {
  if (note.note !== 'closed') return []
  const { n: _n, note: _note, runId: _runId, ...segment } = note
  return [segment]
}
