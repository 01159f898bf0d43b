/**
 * Which key is in force: the database holds a known word sealed with it. A foreign or lost key stops the start, and of the two
 * keys of a rotation that was cut off the one that opens the word stays.
 * Invariant: the word is resealed in the transaction that reseals everything else (rotate-key-store.ts).
 */
import type { Db } from '../db/database.ts'
import { inDurableTransaction } from '../db/durable-transaction.ts'
import { seal, unseal } from '../lib/seal.ts'
import {
  dropLeftover,
  type KeyFile,
  type KeyPlace,
  makeKeyFile,
  readKeyFile,
  unusable,
  writeKeyFile,
} from './key-file.ts'

const checkSetting = 'key_check'
const placeOfCheck = `setting.value.${checkSetting}` as const
const knownWord = 'vedette'

/**
 * The key in force, for whoever holds control.lock: ends what a killed rotation left. Makes one where there is nothing sealed
 * yet. Throws key_unusable.
 */
export async function openKey(db: Db, place: KeyPlace): Promise<Buffer> {
  const { key, isBesideAnother } = await findKey(db, place)
  if (isBesideAnother) {
    await putOnDisk(db)
    writeKeyFile(place, { key })
  }
  dropLeftover(place)
  return key
}

/**
 * The same for a command beside a server. A rotation may be under way, so the key file is left as it is: to put the old key alone
 * there would lose the one that the rotation is about to put in force.
 */
export async function openKeyBeside(db: Db, place: KeyPlace): Promise<Buffer> {
  return (await findKey(db, place)).key
}

/** What the killed rotation wrote, or not, is so for good before the other key goes. */
async function putOnDisk(db: Db): Promise<void> {
  await inDurableTransaction(db, async (trx) => {
    const value = (await readSealed(trx))?.value
    if (value !== undefined) await trx.updateTable('setting').set({ value }).where('value', '=', value).execute()
  })
}

/** `isBesideAnother`: the file holds a second one, of a rotation. */
async function findKey(db: Db, place: KeyPlace): Promise<{ readonly key: Buffer; readonly isBesideAnother: boolean }> {
  const found = readKeyFile(place)
  const sealed = await readSealed(db)
  if (!found && sealed)
    throw unusable(
      `The key of this installation is not at ${place.path}. Put it back from your backup: without it the passwords of cameras and the second factors cannot be read.`,
    )
  const file = found ?? makeKeyFile(place)
  const key = chooseKey(file, sealed, place)
  if (sealed?.place !== placeOfCheck)
    await db
      .insertInto('setting')
      .values({ key: checkSetting, value: seal(key, placeOfCheck, knownWord) })
      .onConflict((conflict) => conflict.column('key').doNothing())
      .execute()
  return { key, isBesideAnother: file.next !== undefined }
}

interface Sealed {
  readonly place: 'setting.value.key_check' | 'setting.value.audit_key'
  readonly value: string
}

/** Something that only the right key opens. Installations that are older than the known word have at least the audit log's key. */
async function readSealed(db: Db): Promise<Sealed | undefined> {
  const rows = await db.selectFrom('setting').selectAll().where('key', 'in', [checkSetting, 'audit_key']).execute()
  const check = rows.find((row) => row.key === checkSetting)
  if (check) return { place: placeOfCheck, value: check.value }
  const auditKey = rows.find((row) => row.key === 'audit_key')
  return auditKey && { place: 'setting.value.audit_key', value: auditKey.value }
}

function chooseKey({ key, next }: KeyFile, sealed: Sealed | undefined, { path }: KeyPlace): Buffer {
  if (!sealed || opens(key, sealed)) return key
  if (next && opens(next, sealed)) return next
  throw unusable(
    `The key at ${path} is another installation's: it does not open what this database holds. Put back the right one from your backup.`,
  )
}

function opens(key: Buffer, { place, value }: Sealed): boolean {
  try {
    unseal(key, place, value)
    return true
  } catch {
    return false
  }
}
