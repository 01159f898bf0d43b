/**
 * The recorder's notes on disk, one JSON a line in <data>/journal/<runId>.ndjson, until control has them in its database.
 * In: notes. Out: the same, numbered, to control; a file that survives the recorder. Writing never makes anybody wait.
 * Bound: `maxBytes`; beyond it notes are dropped and counted, because files describe themselves (reconcile finds them).
 */
import { type FileHandle, mkdir, open, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { id } from '@vedette/shared/id.ts'
import { AppError } from '../lib/app-error.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Note, NumberedNote } from './note.ts'
import { createFlags } from './segment-file.ts'

export interface JournalOptions {
  /** <data>/journal */
  readonly folder: string
  readonly runId: string
  readonly clock: Clock
  readonly log: Log
  /** Tells control; it may be gone. */
  readonly send: (note: NumberedNote) => void
  readonly maxBytes?: number
}

const syncEveryMs = 5000
/** Control is taken to be away when it acknowledges nothing for so long. */
const awayAfterMs = 30_000
/** A file with nothing left to acknowledge is emptied when it has grown by this. */
const keepBytes = 64 * 1024

export const journalPath = (folder: string, runId: string): string => join(folder, `${id.parse(runId)}.ndjson`)

export class Journal {
  readonly #options: JournalOptions
  readonly #file: FileHandle
  #lines: string[] = []
  #waitingBytes = 0
  #fileBytes = 0
  /** Lines of segments that were begun and have not ended: whoever recovers them after a crash needs them, acknowledged or not. */
  readonly #begun = new Map<string, string>()
  #begunBytes = 0
  #lastN = 0
  #ackedN = 0
  #unackedSinceMs: number | undefined
  #dropped = 0
  #syncedAtMs = Number.NEGATIVE_INFINITY
  #isDirty = false
  #writing: Promise<void> | undefined
  #syncing: Promise<void> | undefined
  readonly #closing = new AbortController()

  private constructor(options: JournalOptions, file: FileHandle) {
    this.#options = options
    this.#file = file
  }

  static async open(options: JournalOptions): Promise<Journal> {
    await mkdir(options.folder, { recursive: true, mode: 0o700 })
    return new Journal(options, await open(journalPath(options.folder, options.runId), createFlags, 0o600))
  }

  /** Notes that found no room. */
  get dropped(): number {
    return this.#dropped
  }
  /** Control does not listen: who can, should write fewer notes. */
  get isControlAway(): boolean {
    const sinceMs = this.#unackedSinceMs
    return sinceMs !== undefined && this.#options.clock.monotonicMs() - sinceMs > awayAfterMs
  }

  note(note: Note): void {
    const numbered: NumberedNote = { n: ++this.#lastN, ...note }
    this.#unackedSinceMs ??= this.#options.clock.monotonicMs()
    const line = `${JSON.stringify(numbered)}\n`
    if (note.note === 'opened') this.#begun.set(note.id, line)
    else if (note.note !== 'gap') this.#begun.delete(note.id)
    if (this.#fileBytes + this.#waitingBytes + line.length > (this.#options.maxBytes ?? 64 * 1024 * 1024)) {
      if (this.#dropped++ === 0) this.#options.log.error({ runId: this.#options.runId }, 'the journal is full')
    } else {
      this.#lines.push(line)
      this.#waitingBytes += line.length
      this.#writing ??= this.#writeAll()
    }
    this.#options.send(numbered)
  }

  /** Control has every note up to `n` in its database. */
  ack(n: number): void {
    if (n <= this.#ackedN || n > this.#lastN) return
    this.#ackedN = n
    this.#unackedSinceMs = n === this.#lastN ? undefined : this.#options.clock.monotonicMs()
    if (n === this.#lastN && this.#fileBytes > keepBytes) this.#writing ??= this.#writeAll()
  }

  /** Writes what waits; the file goes when control has everything, else the next control reads it. */
  async close(): Promise<void> {
    await this.#writing
    this.#closing.abort()
    await this.#syncing
    await this.#file.close()
    if (this.#ackedN === this.#lastN) await unlink(journalPath(this.#options.folder, this.#options.runId))
  }

  /** Never rejects: without the journal the notes still reach control, and the files still describe themselves. */
  async #writeAll(): Promise<void> {
    try {
      while (this.#lines.length > 0 || this.#isSpent()) {
        if (this.#isSpent()) await this.#empty()
        else await this.#writeLines()
      }
    } catch (error) {
      this.#fail(error)
    } finally {
      this.#writing = undefined
    }
  }

  async #writeLines(): Promise<void> {
    const text = Buffer.from(this.#lines.join(''))
    this.#lines = []
    this.#waitingBytes = 0
    const { bytesWritten } = await this.#file.write(text, 0, text.length, this.#fileBytes)
    if (bytesWritten !== text.length) throw new AppError('disk_full', 'The disk of the data folder is full.')
    this.#fileBytes += text.length
    this.#isDirty = true
    this.#syncing ??= this.#syncSoon()
  }

  /** But for what was begun. That is written first: a crash in between leaves notes that control has, which change nothing. */
  async #empty(): Promise<void> {
    const text = Buffer.from([...this.#begun.values()].join(''))
    const { bytesWritten } = await this.#file.write(text, 0, text.length, 0)
    if (bytesWritten !== text.length) throw new AppError('disk_full', 'The disk of the data folder is full.')
    await this.#file.truncate(text.length)
    this.#fileBytes = text.length
    this.#begunBytes = text.length
    this.#isDirty = true
    this.#syncing ??= this.#syncSoon()
  }

  #isSpent(): boolean {
    return this.#ackedN === this.#lastN && this.#lines.length === 0 && this.#fileBytes > keepBytes + this.#begunBytes
  }

  /** At most every 5 s. */
  async #syncSoon(): Promise<void> {
    const { clock } = this.#options
    try {
      while (this.#isDirty) {
        const waitMs = this.#syncedAtMs + syncEveryMs - clock.monotonicMs()
        if (waitMs > 0) await clock.sleep(waitMs, this.#closing.signal).catch(() => {})
        this.#isDirty = false
        this.#syncedAtMs = clock.monotonicMs()
        await this.#file.datasync()
      }
    } catch (error) {
      this.#fail(error)
    } finally {
      this.#syncing = undefined
    }
  }

  #fail(error: unknown): void {
    this.#options.log.error({ err: error }, 'the journal cannot be written; notes go to control only')
  }
}
