/**
 * Where each camera's footage and ledger end, from notes alone: what the next recorder must know while the database that would
 * say it does not answer.
 * In:        notes of the running recorder and of those before it, in any order. Bound: one entry per camera.
 */
import type { ClosedNote, Note } from './note.ts'

export interface LedgerEnd {
  /** The newest closed segment of the main stream. */
  readonly last: ClosedNote | undefined
  /** Up to here the ledger has footage or a gap. */
  readonly coveredUntilMs: number
}

export class LedgerEnds {
  readonly #ends = new Map<string, LedgerEnd>()

  take(note: Note): void {
    if (note.note === 'gap') this.#advance(note.cameraId, note.endMs, undefined)
    else if (note.note === 'closed' && note.stream === 'main') this.#advance(note.cameraId, note.endMs, note)
  }

  /** What it owes for the time before does not count any more. */
  forget(cameraId: string): void {
    this.#ends.delete(cameraId)
  }

  of(cameraId: string): LedgerEnd | undefined {
    return this.#ends.get(cameraId)
  }

  #advance(cameraId: string, endMs: number, closed: ClosedNote | undefined): void {
    const before = this.#ends.get(cameraId)
    const last = closed && (!before?.last || isNewer(closed, before.last)) ? closed : before?.last
    this.#ends.set(cameraId, { last, coveredUntilMs: Math.max(before?.coveredUntilMs ?? 0, endMs) })
  }
}

interface Place {
  readonly clockEpoch: number
  readonly endMs: number
}

/** In the order in which they were recorded, whatever the clock said. */
export function isNewer(one: Place, other: Place): boolean {
  return one.clockEpoch !== other.clockEpoch ? one.clockEpoch > other.clockEpoch : one.endMs > other.endMs
}
