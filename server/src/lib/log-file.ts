/**
 * The log on disk: <folder>/vedette.log, and older ones as vedette.log.1 … . Files 0600, folder 0700, links are not followed.
 *
 * Bound:     `maxFiles` of `maxBytes` each; the oldest goes.
 * Invariant: a full or broken disk costs records, which are counted, and never the process.
 * Written synchronously: a record is with the kernel before the next line of code runs, so a crash loses none.
 */
import { closeSync, constants, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from './clock.ts'

export const logFileName = 'vedette.log'
export const maxLogFiles = 6
const defaultMaxBytes = 10 * 1024 * 1024
const retryMs = 1000

export class LogFile {
  readonly #folder: string
  readonly #maxBytes: number
  #file: number | undefined
  #bytes = 0
  #dropped = 0
  #retryAtMs = 0

  constructor(folder: string, maxBytes = defaultMaxBytes) {
    this.#folder = folder
    this.#maxBytes = maxBytes
  }

  /** A whole line with its end. */
  readonly write = (line: string): void => {
    const bytes = Buffer.from(line)
    try {
      const file = this.#openFor(bytes.length)
      if (file === undefined) {
        this.#dropped += 1
        return
      }
      writeSync(file, bytes)
      this.#bytes += bytes.length
    } catch {
      // Nothing to tell it to: the console has the record, and the next one that fits tells how many are missing.
      this.#dropped += 1
      this.close()
      this.#retryAtMs = systemClock.monotonicMs() + retryMs
    }
  }

  /** May be called twice; the next write opens it again. */
  close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
  }

  #openFor(bytes: number): number | undefined {
    if (this.#file !== undefined && this.#bytes + bytes > this.#maxBytes && this.#bytes > 0) this.#rotate()
    if (this.#file !== undefined) return this.#file
    if (systemClock.monotonicMs() < this.#retryAtMs) return undefined
    const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW, O_NONBLOCK } = constants
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    const path = join(this.#folder, logFileName)
    const file = openSync(path, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW | O_NONBLOCK, 0o600)
    this.#file = file
    this.#bytes = fstatSync(file).size
    if (this.#dropped > 0) {
      const time = new Date(systemClock.nowMs()).toISOString()
      const note = { level: 40, time, name: 'control', dropped: this.#dropped, msg: 'records of the log were lost' }
      this.#dropped = 0
      writeSync(file, `${JSON.stringify(note)}\n`)
    }
    return file
  }

  #rotate(): void {
    this.close()
    const path = join(this.#folder, logFileName)
    rmSync(`${path}.${maxLogFiles - 1}`, { force: true })
    for (let n = maxLogFiles - 2; n >= 0; n--) {
      try {
        renameSync(n === 0 ? path : `${path}.${n}`, `${path}.${n + 1}`)
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
      }
    }
  }
}
