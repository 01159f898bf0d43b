/**
 * A new key for the installation: everything sealed is sealed anew in one transaction.
 *
 * Steps:     both keys into the key file; the transaction; the new key alone into the key file.
 * Invariant: at every instant the key file holds the key that the database is sealed with, so a kill or a power cut between any
 *            two steps loses nothing: the next start (key-check-store.ts) keeps the one that opens.
 * Not here:  making sure that no server runs (cli/rotate-key-command.ts).
 */
import { lstatSync } from 'node:fs'
import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import { inDurableTransaction } from '../db/durable-transaction.ts'
import { type SealPlace, seal, unseal } from '../lib/seal.ts'
import { type SealedColumn, sealedColumns } from '../lib/sealed-columns.ts'
import { openKey } from './key-check-store.ts'
import { type KeyPlace, newKey, unusable, writeKeyFile } from './key-file.ts'

export interface RotateOptions {
  readonly db: Db
  readonly place: KeyPlace
  /** Writes of the same transaction: the audit log's entry. */
  readonly inTransaction: (trx: Db, newKey: Buffer, resealed: number) => Promise<void>
  /** For tests, which kill the process there. */
  readonly onStep?: (step: RotationStep) => void
}
export type RotationStep = 'begin' | 'both keys on disk' | 'resealed' | 'committed' | 'done'

const pageRows = 500

/** How many values were sealed anew. Throws key_unusable before anything was changed. */
export async function rotateKey({ db, place, inTransaction, onStep = () => {} }: RotateOptions): Promise<number> {
  if (place.kind === 'credential')
    throw unusable(
      `The key is a systemd credential, which Vedette cannot change. Put a copy of it where VEDETTE_KEY_FILE says (0600), rotate there, and make the credential from the new file.`,
    )
  // The new file would take the link's place, and whatever makes the link again brings back the old key.
  if (lstatSync(place.path, { throwIfNoEntry: false })?.isSymbolicLink())
    throw unusable(
      `The key file ${place.path} is a link, which a rotation would replace. Name the file itself with VEDETTE_KEY_FILE, then rotate.`,
    )
  const key = await openKey(db, place)
  const next = newKey()
  onStep('begin')
  writeKeyFile(place, { key, next })
  onStep('both keys on disk')
  // On the disk before the old key goes: a power cut must not bring back what only that one opens.
  const resealed = await inDurableTransaction(db, async (trx) => {
    let count = 0
    for (const column of sealedColumns) count += await resealColumn(trx, column, key, next)
    await inTransaction(trx, next, count)
    onStep('resealed')
    return count
  })
  onStep('committed')
  writeKeyFile(place, { key: next })
  onStep('done')
  return resealed
}

async function resealColumn(trx: Db, where: SealedColumn, key: Buffer, next: Buffer): Promise<number> {
  const { table, column, id } = where
  // Names of our own list, quoted; values go as parameters.
  const [inTable, value, rowId] = [sql.table(table), sql.ref(column), sql.ref(id)]
  const ids = 'only' in where ? sql`and ${rowId} in (${sql.join(where.only)})` : sql``
  let count = 0
  for (let after = ''; ; ) {
    const { rows } = await sql<{ id: string; sealed: string }>`
      select ${rowId} as id, ${value} as sealed from ${inTable}
      where ${value} is not null and ${rowId} > ${after} ${ids} order by ${rowId} limit ${pageRows}`.execute(trx)
    for (const row of rows) {
      const place = `${table}.${column}.${row.id}` as SealPlace
      const resealed = seal(next, place, open(key, place, row.sealed))
      await sql`update ${inTable} set ${value} = ${resealed} where ${rowId} = ${row.id}`.execute(trx)
    }
    count += rows.length
    const last = rows.at(-1)
    if (!last) return count
    after = last.id
  }
}

function open(key: Buffer, place: SealPlace, sealed: string): string {
  try {
    return unseal(key, place, sealed)
  } catch (cause) {
    throw unusable(`${place} cannot be opened with the key in force. Set it anew or remove it, then rotate.`, cause)
  }
}
