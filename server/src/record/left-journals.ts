/**
 * What recorders that ended left in their journals: first their open files are closed, which needs the disk alone, then their
 * notes go into the index.
 * Invariant: a journal is deleted when all of it is in the index; doing any of it again changes nothing.
 */
import { unlink } from 'node:fs/promises'
import type { Db } from '../db/database.ts'
import type { Log } from '../lib/log.ts'
import { applyNotes, notesPerBatch } from './apply-notes.ts'
import { journalPath } from './journal.ts'
import type { Note, NumberedNote } from './note.ts'
import { listJournals, readJournal, unfinishedSegments } from './read-journal.ts'
import { recoverSegment } from './recover.ts'

export interface LeftJournalsOptions {
  /** <data>/journal */
  readonly folder: string
  readonly volumePath: string
  readonly db: Db
  readonly log: Log
  /** Every note that was left, and what recovering adds to them; before any of it is in the index. */
  readonly onNote: (note: Note) => void
}

export class LeftJournals {
  readonly #o: LeftJournalsOptions
  /** Runs that are over, as they were found. */
  readonly #found = new Set<string>()
  /** Runs whose files are closed, with the notes about those that nobody had closed. */
  readonly #closed = new Map<string, readonly NumberedNote[]>()

  constructor(options: LeftJournalsOptions) {
    this.#o = options
  }

  /**
   * Looks which runs left something; `runId` is the one that is not over. At once, without waiting: a recorder that is started next
   * may have a journal before it says which.
   */
  find(runId: string | undefined): void {
    for (const left of listJournals(this.#o.folder))
      if (left !== runId && !this.#closed.has(left)) this.#found.add(left)
  }

  /** Closes what the runs that are over left open. */
  async closeFiles(): Promise<void> {
    const { folder, volumePath, onNote } = this.#o
    for (const runId of this.#found) {
      for await (const note of readJournal(folder, runId)) onNote(note)
      const recovered: NumberedNote[] = []
      for (const opened of await unfinishedSegments(readJournal(folder, runId)))
        recovered.push({ n: recovered.length + 1, ...(await recoverSegment(volumePath, opened)) })
      for (const note of recovered) onNote(note)
      this.#closed.set(runId, recovered)
      this.#found.delete(runId)
    }
  }

  /** Brings what was closed into the index. Throws while the database does not take it. */
  async intoIndex(): Promise<void> {
    const { folder, db, log } = this.#o
    for (const [runId, recovered] of this.#closed) {
      let batch: NumberedNote[] = []
      for await (const note of readJournal(folder, runId)) {
        if (batch.push(note) < notesPerBatch) continue
        await applyNotes(db, batch, log)
        batch = []
      }
      await applyNotes(db, batch, log)
      await applyNotes(db, recovered, log)
      await unlink(journalPath(folder, runId))
      this.#closed.delete(runId)
      log.info({ runId, recovered: recovered.length }, 'the notes of an earlier recorder were taken over')
    }
  }
}
