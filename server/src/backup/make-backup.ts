/** The configuration of now as an encrypted file. */
import type { Db } from '../db/database.ts'
import { encryptDocument } from './age.ts'
import { documentVersion } from './backup-document.ts'
import { readAuditEnd, readConfiguration } from './read-configuration-store.ts'

export interface BackupSource {
  readonly db: Db
  /** The installation's key: secrets are unsealed into the file, so that another installation can read them. */
  readonly key: Buffer
  /** Version of the program. */
  readonly version: string
  /** Of scrypt; tests take a small one, everything else the usual. */
  readonly workFactor?: number
}

/** All of it is of one moment. */
export async function makeBackup(
  { db, key, version, workFactor }: BackupSource,
  passphrase: string,
  nowMs: number,
): Promise<Uint8Array> {
  const { configuration, auditEnd } = await db.transaction().execute(async (trx) => ({
    auditEnd: await readAuditEnd(trx),
    configuration: await readConfiguration(trx, key),
  }))
  return encryptDocument(
    { format: 'vedette-backup', version: documentVersion, madeMs: nowMs, madeBy: version, auditEnd, configuration },
    passphrase,
    workFactor,
  )
}
