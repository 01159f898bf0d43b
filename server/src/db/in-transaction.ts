/** Transactions that join one another: a store's own, and the one of a caller who writes more than the store. */
import type { AuditEntry } from '@vedette/shared/audit.ts'
import type { Db } from './database.ts'

/** Runs `work` in a transaction: the caller's, where `db` is one already. */
export function inTransaction<T>(db: Db, work: (trx: Db) => Promise<T>): Promise<T> {
  return db.isTransaction ? work(db) : db.transaction().execute(work)
}

/**
 * Makes a change and writes the audit log's entry about it, both or neither. `change` must use nothing but its handle: SQLite
 * has one connection, and it is taken. It may run again where another program wrote to the log at the same moment. No entry:
 * there was nothing to change.
 */
export type AuditedChange = <T>(
  change: (trx: Db) => Promise<T>,
  entryOf: (made: T) => AuditEntry | undefined,
) => Promise<T>
