/**
 * How a restore ended that was cut off. Its end is an entry in its own transaction, so one that was begun and has none changed
 * nothing; whoever died in the middle could not say so.
 */
import type { WriteAudit } from '@vedette/shared/audit.ts'
import type { Db } from '../db/database.ts'
import { findLastKind } from './audit-store.ts'

/** At a start, before anything can begin another one. */
export async function tellUnendedRestore(db: Db, write: WriteAudit): Promise<void> {
  const last = await findLastKind(db, ['backup.restore_begun', 'backup.restored', 'backup.restore_not_done'])
  if (last !== 'backup.restore_begun') return
  const itself = { userId: null, username: '(start)', address: '' }
  await write({ kind: 'backup.restore_not_done', ...itself, detail: { why: 'cut off' } })
}
