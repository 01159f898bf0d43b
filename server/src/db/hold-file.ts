/**
 * Holds a file for as long as this process lives: a lock of the kernel, which two processes cannot get at the same moment and which
 * ends with its process, whatever ends it. Node has no call for it; SQLite takes one (fcntl) for its own files.
 * Invariant: nothing else in the process opens the file: closing any descriptor of it would give the lock back.
 */
import { closeSync, constants, openSync } from 'node:fs'
import Sqlite from 'better-sqlite3'

/** Two that only look meet for less than this. */
const patienceMs = 200

/** Gives it back; 'taken': another one holds it; 'not offered': this file system has no such locks. Makes the file. Throws where it cannot. */
export function holdFile(path: string): (() => void) | 'taken' | 'not offered' {
  closeSync(openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600))
  const file = new Sqlite(path, { timeout: patienceMs })
  try {
    file.pragma('journal_mode = MEMORY') // Nothing is written: the file stays empty.
    file.exec('BEGIN EXCLUSIVE')
    return () => void file.close()
  } catch (error) {
    file.close()
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code.startsWith('SQLITE_BUSY')) return 'taken'
    if (code.startsWith('SQLITE_IOERR') || code === 'SQLITE_PROTOCOL') return 'not offered'
    throw error
  }
}
