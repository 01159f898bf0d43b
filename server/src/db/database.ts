/**
 * The database: SQLite (a file in the data folder) or PostgreSQL, behind one Kysely handle.
 * Only control writes it. Stores are plain functions whose first argument is the handle.
 * Booleans are 0/1 integers and times are integer milliseconds on both, so that one query serves both.
 */
import { chmodSync, closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'
import { Kysely, PostgresDialect, SqliteDialect } from 'kysely'
import pg from 'pg'
import { AppError } from '../lib/app-error.ts'
import { isBehind, migrate } from './migrate.ts'
import type { Tables } from './tables.ts'

export type Db = Kysely<Tables>

export type DatabasePlace =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'postgres'; readonly url: string }

/**
 * Opens and migrates; throws database_damaged, database_newer or database_unavailable, and changes nothing then.
 * `beforeMigrating`: asked where there is something to migrate, by whoever does not have the data folder to itself: it takes the
 * folder and returns how to give it back, or throws.
 */
export async function openDatabase(
  place: DatabasePlace,
  beforeMigrating?: () => Promise<() => Promise<void>>,
): Promise<Db> {
  const db = place.kind === 'sqlite' ? openSqlite(place.path) : openPostgres(place.url)
  try {
    const giveBack = beforeMigrating && (await isBehind(db, place.kind)) ? await beforeMigrating() : undefined
    try {
      await migrate(db, place.kind)
    } finally {
      await giveBack?.()
    }
  } catch (error) {
    await db.destroy()
    throw explain(error, place)
  }
  return db
}

function openSqlite(path: string): Db {
  try {
    refuseCutFile(path)
    if (path !== ':memory:') keepPrivate(path)
    const file = new Sqlite(path)
    // WAL: readers never wait for the writer. NORMAL: a power cut may lose the last transactions, never damage the file;
    // segments lost from the index that way come back from the files themselves (docs/design/storage.md).
    file.pragma('journal_mode = WAL')
    file.pragma('synchronous = NORMAL')
    // 40 MB: a bound for programs without a thread that does it earlier (checkpoint-aside.ts).
    file.pragma('wal_autocheckpoint = 10000')
    file.pragma('foreign_keys = ON')
    file.pragma('cache_size = -16000')
    file.pragma('trusted_schema = OFF')
    return new Kysely<Tables>({ dialect: new SqliteDialect({ database: file }) })
  } catch (error) {
    throw explain(error, { kind: 'sqlite', path })
  }
}

/**
 * SQLite notices a file that lost its end only when it reads there. The header knows how many pages there must be
 * (sqlite.org/fileformat.html); while a write-ahead log waits to be copied in, the file may honestly be shorter.
 */
function refuseCutFile(path: string): void {
  if (!existsSync(path) || (existsSync(`${path}-wal`) && statSync(`${path}-wal`).size > 0)) return
  const header = Buffer.alloc(100)
  const file = openSync(path, 'r')
  try {
    if (readSync(file, header, 0, 100, 0) < 100 || header.toString('latin1', 0, 15) !== 'SQLite format 3') return
    const pageBytes = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16)
    if (fstatSync(file).size < pageBytes * header.readUInt32BE(28)) throw damaged(path, undefined)
  } finally {
    closeSync(file)
  }
}

/** SQLite makes its file readable by all; it holds password hashes. Its log and shared memory take over the file's mode. */
function keepPrivate(path: string): void {
  closeSync(openSync(path, 'a', 0o600))
  for (const file of [path, `${path}-wal`, `${path}-shm`])
    if (existsSync(file) && (statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600)
}

function openPostgres(url: string): Db {
  // int8 arrives as text by default; our integers are milliseconds and bytes, far below 2^53.
  const types = new pg.TypeOverrides()
  types.setTypeParser(pg.types.builtins.INT8, Number)
  types.setTypeParser(pg.types.builtins.NUMERIC, Number)
  const pool = new pg.Pool({ connectionString: url, max: 8, connectionTimeoutMillis: 5000, types })
  // A lost idle connection is replaced at the next query; without a listener it would end the process.
  pool.on('error', () => {})
  // The pool takes its own listener off while a connection is in use; lost between two queries of a transaction, it would end the
  // process as well. The next query on it fails, which is how the transaction hears of it.
  pool.on('connect', (client) => client.on('error', () => {}))
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
}

function explain(error: unknown, place: DatabasePlace): unknown {
  if (error instanceof AppError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT'))
    return damaged(place.kind === 'sqlite' ? place.path : '', error)
  // An SQLSTATE of these classes is the server's or the network's; another one is a fault in our own SQL.
  const isAway = place.kind === 'postgres' && !/^(?!08|28|3D|53|57|58)[0-9A-Z]{5}$/.test(code)
  const isClosed =
    place.kind === 'sqlite' && (/^SQLITE_(CANTOPEN|READONLY)/.test(code) || !existsSync(dirname(place.path)))
  if (isAway || isClosed)
    return new AppError(
      'database_unavailable',
      place.kind === 'postgres'
        ? 'The PostgreSQL database does not answer: check VEDETTE_DATABASE_URL and that the server runs. The footage is untouched.'
        : `The database ${place.path} cannot be opened for writing: check who owns the folder and whether the disk is full.`,
      { cause: error },
    )
  return error
}

function damaged(path: string, cause: unknown): AppError {
  return new AppError(
    'database_damaged',
    `The database ${path} is damaged. The footage is untouched. Move the file away and run \`npx vedette rebuild\` to make the index again from the footage, or put back a copy.`,
    { cause },
  )
}
