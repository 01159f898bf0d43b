/**
 * The chain of the audit log: each entry's hash is keyed and covers the entry and the hash before it, so that a changed,
 * removed or inserted entry breaks every hash after it, and nobody without the key can mend them. Pure.
 */
import { createHmac } from 'node:crypto'
import type { AuditTable } from '../db/tables.ts'

export type Unhashed = Omit<AuditTable, 'hash'>

/** What the first entry names as the one before it. */
export const chainStart = ''

export function hashEntry(key: Buffer, prevHash: string, entry: Unhashed): string {
  const { seq, at_ms, kind, user_id, username, address, object, detail } = entry
  const text = JSON.stringify([prevHash, seq, at_ms, kind, user_id, username, address, object, detail])
  return createHmac('sha256', key).update(text).digest('hex')
}
