/**
 * Holds a file for as long as this process lives: a lock of the kernel, which two processes cannot get at the same moment and which
 * ends with its process, whatever ends it. Node has no call for it; SQLite takes one (fcntl) for its own files.
 * Invariant: nothing else in the process opens the file: closing any descriptor of it would give the lock back.
 */
import { randomBytes } from 'node:crypto'
import { closeSync, constants, openSync, rmSync } from 'node:fs'
import Sqlite from 'better-sqlite3'

/** Two that only look meet for less than this. */
const patienceMs = 200
const notOffered = ['SQLITE_PROTOCOL', 'SQLITE_PERM']

/** Gives it back; 'taken': another one holds it; 'not offered': this file system has no such locks. Makes the file. Throws where it cannot. */
export function holdFile(path: string): Held {
  const held = tryHold(path)
  return held === 'taken' && !isHeldElsewhere(path) ? 'not offered' : held
}

type Held = (() => void) | 'taken' | 'not offered'

/** SQLite says "busy" also where the kernel has no locks to give (NFS without its lock server): then a new file's is not to be had either. */
function isHeldElsewhere(path: string): boolean {
  const fresh = `${path}.${randomBytes(8).toString('hex')}`
  try {
    const held = tryHold(fresh)
    if (typeof held === 'function') held()
    return typeof held === 'function'
  } catch {
    return true // A full disk, for one, says nothing of locks.
  } finally {
    rmSync(fresh, { force: true })
  }
}

function tryHold(path: string): Held {
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
    if (code.startsWith('SQLITE_IOERR') || notOffered.includes(code)) return 'not offered'
    throw error
  }
}
