/**
 * Takes the recorder's notes into the database and acknowledges them; knows which segments are being written.
 *
 * In:        notes as they come, and journals of recorders that ended. Out: rows, acknowledgements, `onAdded`.
 * Invariant: order is kept; a note is acknowledged only after its transaction. While the database is away notes are tried
 *            again; beyond `maxPending` they are let go here, because the journal on disk has them: `onOverflow` reads it again.
 */
import type { Db } from './db/database.ts'
import type { Clock } from './lib/clock.ts'
import type { Log } from './lib/log.ts'
import { applyNotes, notesPerBatch } from './record/apply-notes.ts'
import type { NumberedNote, OpenedNote } from './record/note.ts'
import type { Segment } from './record/segment-store.ts'

export interface TakeNotesOptions {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  readonly acknowledge: (n: number) => void
  readonly onAdded: (segments: readonly Segment[]) => void
  readonly onRefused: (why: string) => void
  readonly onOverflow: () => void
}

const maxPending = 20_000
const retryMs = 2000

export class TakeNotes {
  readonly #options: TakeNotesOptions
  readonly #open = new Map<string, OpenedNote>()
  #pending: NumberedNote[] = []
  #working: Promise<void> | undefined
  #closing = new AbortController()

  constructor(options: TakeNotesOptions) {
    this.#options = options
  }

  /** Segments that the recorder is writing now; playback reads them as they grow. */
  openSegments(): OpenedNote[] {
    return [...this.#open.values()]
  }

  /** The recorder ended: nothing is being written. What it left open is recovered from its journal. */
  recorderGone(): void {
    this.#open.clear()
  }

  receive(notes: readonly NumberedNote[]): void {
    for (const note of notes) {
      if (note.note === 'opened') this.#open.set(note.id, note)
      if (note.note === 'abandoned') this.#open.delete(note.id)
    }
    this.#pending.push(...notes)
    if (this.#pending.length > maxPending) {
      this.#pending = []
      this.#options.onOverflow()
    }
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined
    })
  }

  /** Resolves when everything received so far is in the database, or the database does not take it. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#working
  }

  async #work(): Promise<void> {
    const { db, log, clock } = this.#options
    while (this.#pending.length > 0) {
      const batch = this.#pending.slice(0, notesPerBatch)
      try {
        const applied = await applyNotes(db, batch, log)
        this.#pending.splice(0, batch.length)
        for (const note of batch) if (note.note === 'closed') this.#open.delete(note.id)
        this.#options.acknowledge(applied.lastN)
        if (applied.added.length > 0) this.#options.onAdded(applied.added)
        for (const { why } of applied.refused) this.#options.onRefused(why)
      } catch (error) {
        log.error({ err: error }, 'the database does not take the recorder’s notes; they are kept and tried again')
        if (this.#closing.signal.aborted) return
        await clock.sleep(retryMs, this.#closing.signal).catch(() => {})
      }
    }
  }
}
