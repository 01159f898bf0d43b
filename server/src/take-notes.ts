/**
 * Takes the recorder's notes into the database and acknowledges them; knows which segments are being written.
 *
 * In:        notes as they come. Out: rows, acknowledgements, `onAdded`.
 * Invariant: order is kept; a note is acknowledged only after its transaction, and only to the recorder that sent it. While the
 *            database is away notes are tried again; beyond `maxPending` they are let go here and read from the journal later.
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
  /** The running recorder's notes from its journal, in order. */
  readonly readJournal: () => AsyncIterable<NumberedNote>
  /** For tests. */
  readonly apply?: typeof applyNotes
}

const maxPending = 20_000
const retryMs = 2000
/** The recorder writes its journal a moment after it has told us. */
const journalLagMs = 200

export class TakeNotes {
  readonly #options: TakeNotesOptions
  readonly #open = new Map<string, OpenedNote>()
  readonly #closing = new AbortController()
  #pending: NumberedNote[] = []
  /** Notes were let go: what is missing stands in the journal. */
  #isBehind = false
  /** Numbers of the running recorder's notes: the last one heard of, the last one in the database. */
  #heardN = 0
  #appliedN = 0
  /** Grows with every recorder: what was under way for an earlier one is not acknowledged to a later one. */
  #life = 0
  #working: Promise<void> | undefined

  constructor(options: TakeNotesOptions) {
    this.#options = options
  }

  /** Segments that the recorder is writing now; playback reads them as they grow. */
  openSegments(): OpenedNote[] {
    return [...this.#open.values()]
  }

  /** The recorder ended: nothing is being written, and its journal is settled as a whole (recording-link.ts). */
  recorderGone(): void {
    this.#open.clear()
    this.#pending = []
    this.#isBehind = false
    this.#heardN = 0
    this.#appliedN = 0
    this.#life += 1
  }

  receive(notes: readonly NumberedNote[]): void {
    for (const note of notes) {
      if (note.note === 'opened') this.#open.set(note.id, note)
      if (note.note === 'abandoned') this.#open.delete(note.id)
      this.#heardN = Math.max(this.#heardN, note.n)
    }
    if (!this.#isBehind) this.#pending.push(...notes)
    if (this.#pending.length > maxPending) {
      this.#isBehind = true
      this.#pending = []
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
    const { log, clock } = this.#options
    while (this.#pending.length > 0 || this.#isBehind) {
      try {
        if (this.#isBehind) await this.#catchUp()
        else await this.#apply(this.#pending.slice(0, notesPerBatch))
      } catch (error) {
        log.error({ err: error }, 'the database does not take the recorder’s notes; they are kept and tried again')
        if (this.#closing.signal.aborted) return
        await clock.sleep(retryMs, this.#closing.signal).catch(() => {})
      }
    }
  }

  async #apply(batch: readonly NumberedNote[]): Promise<void> {
    const { db, log, apply = applyNotes, acknowledge, onAdded, onRefused } = this.#options
    const life = this.#life
    const applied = await apply(db, batch, log)
    if (applied.added.length > 0) onAdded(applied.added)
    for (const { why } of applied.refused) onRefused(why)
    if (life !== this.#life) return
    for (const note of batch) if (note.note === 'closed') this.#open.delete(note.id)
    this.#appliedN = Math.max(this.#appliedN, applied.lastN)
    this.#pending = this.#pending.filter((note) => note.n > this.#appliedN)
    acknowledge(this.#appliedN)
  }

  /** Reads what was let go from the journal, until the last note that was heard of is in the database. */
  async #catchUp(): Promise<void> {
    const life = this.#life
    let batch: NumberedNote[] = []
    for await (const note of this.#options.readJournal()) {
      if (life !== this.#life) return
      if (note.n <= this.#appliedN) continue
      if (batch.push(note) < notesPerBatch) continue
      await this.#apply(batch)
      batch = []
    }
    if (life !== this.#life) return
    if (batch.length > 0) await this.#apply(batch)
    if (this.#appliedN >= this.#heardN) this.#isBehind = false
    else await this.#options.clock.sleep(journalLagMs, this.#closing.signal)
  }
}
