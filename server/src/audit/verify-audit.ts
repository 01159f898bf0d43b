/** Checks the audit log: numbers without holes, every hash right, the end where it was last seen, and no entry that tells of a break. */
import type { Db } from '../db/database.ts'
import type { AuditTable } from '../db/tables.ts'
import { chainStart, hashEntry } from './audit-hash.ts'
import { endOfNothing, readAuditHead } from './audit-head.ts'
import { hasUsers, openAuditKey, readEntries } from './audit-store.ts'
import { tellBreak } from './noted-break.ts'

export interface AuditVerdict {
  readonly entries: number
  /** Sentences; empty: the log is whole. */
  readonly problems: readonly string[]
}

const maxProblems = 20

/** `dataDir` null: nothing is known of the end (tests). */
export async function verifyAudit(db: Db, installationKey: Buffer, dataDir: string | null): Promise<AuditVerdict> {
  const key = await openAuditKey(db, installationKey)
  const head = dataDir === null ? undefined : await readAuditHead(dataDir, key)
  const seen = typeof head === 'object' ? head : undefined
  const problems: string[] = []
  const tell = (problem: string) => problems.length < maxProblems && problems.push(problem)
  let [entries, seq, prevHash] = [0, 0, chainStart]
  let hashAtHead = seen?.seq === 0 ? endOfNothing.hash : ''
  let hasBeginning = false
  for await (const row of readEntries(db)) {
    const found = { ...row, seq: Number(row.seq), at_ms: Number(row.at_ms) }
    if (found.seq !== seq + 1) tell(`Entries ${seq + 1} to ${found.seq - 1} are missing.`)
    if (hashEntry(key, prevHash, found) !== found.hash)
      tell(`Entry ${found.seq} is not as it was written, or the one before it is not.`)
    else if (tellsBeginning(found)) hasBeginning = true
    else if (found.kind === 'audit.broken') tell(tellBreak(found.seq, found.at_ms, found.detail))
    entries += 1
    seq = found.seq
    prevHash = found.hash
    if (found.seq === seen?.seq) hashAtHead = found.hash
  }
  if (head === 'damaged')
    tell(
      'audit-head.json in the data folder is damaged, of another database or not written by Vedette: whether the end is missing cannot be told.',
    )
  else if (head === 'unsigned')
    tell(
      'audit-head.json in the data folder is of an earlier Vedette, unsigned: whether the end is missing cannot be told.',
    )
  else if (seen && seen.seq > seq) tell(`Entries ${seq + 1} to ${seen.seq} are missing at the end.`)
  else if (seen && seen.hash !== hashAtHead) tell(`Entry ${seen.seq} is not the one that was written.`)
  else if (head === 'gone' && entries > 0)
    tell('audit-head.json is missing in the data folder: whether the end is missing cannot be told.')
  // Whoever may write the database can take the whole log away, its key included: another begins, and is whole.
  if (dataDir !== null && !hasBeginning && (await hasUsers(db)))
    tell('The log does not tell how the first user came to be: all that stood before its first entry was taken away.')
  return { entries, problems }
}

/** How an installation gets its first user: set-up, a restore, or the command line. */
function tellsBeginning({ kind, user_id }: Pick<AuditTable, 'kind' | 'user_id'>): boolean {
  return kind === 'installation.set_up' || kind === 'backup.restored' || (kind === 'user.added' && user_id === null)
}
