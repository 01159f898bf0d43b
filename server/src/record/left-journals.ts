/**
 * What recorders that ended left in their journals: first their open files are closed, which needs the disk alone, then their
 * notes go into the index.
 * Invariant: a journal is deleted when all of it is in the index; doing any of it again changes nothing. What cannot be read holds
 *            up neither another run nor the other segments of its own.
 */
import { rm, stat } from 'node:fs/promises'
import type { Db } from '../db/database.ts'
import type { Log } from '../lib/log.ts'
import { applyNotes, notesPerBatch } from './apply-notes.ts'
import { journalPath } from './journal.ts'
import type { Note, NumberedNote, OpenedNote } from './note.ts'
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

interface LeftRun {
  /** Segments that nobody has closed yet; undefined: its journal was not read. */
  open: readonly OpenedNote[] | undefined
  /** What came of those that were closed since, and is not in the index yet. */
  recovered: readonly NumberedNote[]
  /** How many were closed since. */
  recoveredCount: number
  /** Its own notes are in the index. */
  isIndexed: boolean
}

export class LeftJournals {
  readonly #o: LeftJournalsOptions
  /** Runs that are over, as they were found. */
  readonly #runs = new Map<string, LeftRun>()

  constructor(options: LeftJournalsOptions) {
    this.#o = options
  }

  /**
   * Looks which runs left something; `runId` is the one that is not over. At once, without waiting: a recorder that is started next
   * may have a journal before it says which.
   */
  find(runId: string | undefined): void {
    for (const left of listJournals(this.#o.folder))
      if (left !== runId && !this.#runs.has(left))
        this.#runs.set(left, { open: undefined, recovered: [], recoveredCount: 0, isIndexed: false })
  }

  /** Closes what the runs that are over left open. Throws the first failure when all else is closed. */
  async closeFiles(): Promise<void> {
    await this.#forEachRun((runId, run) => this.#closeRun(runId, run))
  }

  /** Brings what was closed into the index. Throws while the database does not take it. */
  async intoIndex(): Promise<void> {
    await this.#forEachRun((runId, run) => this.#indexRun(runId, run))
  }

  async #forEachRun(work: (runId: string, run: LeftRun) => Promise<void>): Promise<void> {
    const failures: unknown[] = []
    for (const [runId, run] of this.#runs) await work(runId, run).catch((error: unknown) => failures.push(error))
    if (failures.length > 0) throw failures[0]
  }

  async #closeRun(runId: string, run: LeftRun): Promise<void> {
    const { volumePath, onNote } = this.#o
    // It was found before its recorder ended, in order and with everything acknowledged.
    if (!run.open && !(await this.#hasJournal(runId))) return void this.#runs.delete(runId)
    run.open ??= await this.#readRun(runId)
    const failures: unknown[] = []
    for (const opened of run.open) {
      try {
        const note = await recoverSegment(volumePath, opened)
        onNote(note)
        run.recovered = [...run.recovered, { n: ++run.recoveredCount, ...note }]
        run.open = run.open.filter((one) => one !== opened)
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw failures[0]
  }

  async #hasJournal(runId: string): Promise<boolean> {
    try {
      await stat(journalPath(this.#o.folder, runId))
      return true
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
      throw error
    }
  }

  async #readRun(runId: string): Promise<OpenedNote[]> {
    const { folder, onNote } = this.#o
    for await (const note of readJournal(folder, runId)) onNote(note)
    return unfinishedSegments(readJournal(folder, runId))
  }

  async #indexRun(runId: string, run: LeftRun): Promise<void> {
    const { folder, db, log } = this.#o
    const { open, recovered, recoveredCount } = run
    if (!open) return
    if (!run.isIndexed) await this.#indexNotes(runId)
    run.isIndexed = true
    await applyNotes(db, recovered, log)
    // More may have been closed meanwhile: that is for the next time.
    run.recovered = run.recovered.filter((note) => !recovered.includes(note))
    if (open.length > 0) return
    await rm(journalPath(folder, runId), { force: true })
    this.#runs.delete(runId)
    log.info({ runId, recovered: recoveredCount }, 'the notes of an earlier recorder were taken over')
  }

  async #indexNotes(runId: string): Promise<void> {
    const { folder, db, log } = this.#o
    let batch: NumberedNote[] = []
    for await (const note of readJournal(folder, runId)) {
      if (batch.push(note) < notesPerBatch) continue
      await applyNotes(db, batch, log)
      batch = []
    }
    await applyNotes(db, batch, log)
  }
}
