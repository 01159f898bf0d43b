/** The automatic backup's settings in the database; its passphrase is sealed and only read to make a backup. */
import { z } from 'zod'
import type { Db } from '../db/database.ts'
import { seal, unseal } from '../lib/seal.ts'

const stored = z.object({ isOn: z.boolean(), everyHours: z.number(), keep: z.number() })
export type BackupSettings = z.infer<typeof stored>

export const settingsKey = 'backup.automatic'
export const passphraseKey = 'backup_passphrase'
const folderKey = 'backup.folder'
const placeOfPassphrase = `setting.value.${passphraseKey}` as const
const storedFolder = z.object({ path: z.string(), marker: z.string() })

const defaults: BackupSettings = { isOn: true, everyHours: 24, keep: 7 }

export async function readBackupSettings(db: Db): Promise<BackupSettings> {
  const text = await readSetting(db, settingsKey)
  return text === undefined ? defaults : stored.parse(JSON.parse(text))
}

export function writeBackupSettings(db: Db, settings: BackupSettings): Promise<void> {
  return writeSetting(db, settingsKey, JSON.stringify(settings))
}

export async function readPassphrase(db: Db, key: Buffer): Promise<string | null> {
  const sealed = await readSetting(db, passphraseKey)
  return sealed === undefined ? null : unseal(key, placeOfPassphrase, sealed)
}

/** Null: there is none any more. */
export async function writePassphrase(db: Db, key: Buffer, passphrase: string | null): Promise<void> {
  if (passphrase === null) await db.deleteFrom('setting').where('key', '=', passphraseKey).execute()
  else await writeSetting(db, passphraseKey, seal(key, placeOfPassphrase, passphrase))
}

/** Where backups were written last, and what its marker file holds: of this installation, so it is no configuration. */
export async function readFolderMarker(db: Db, path: string): Promise<string | undefined> {
  const text = await readSetting(db, folderKey)
  const folder = text === undefined ? undefined : storedFolder.parse(JSON.parse(text))
  return folder?.path === path ? folder.marker : undefined
}

export function writeFolderMarker(db: Db, path: string, marker: string): Promise<void> {
  return writeSetting(db, folderKey, JSON.stringify({ path, marker }))
}

export async function readSetting(db: Db, key: string): Promise<string | undefined> {
  return (await db.selectFrom('setting').select('value').where('key', '=', key).executeTakeFirst())?.value
}

export async function writeSetting(db: Db, key: string, value: string): Promise<void> {
  await db
    .insertInto('setting')
    .values({ key, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute()
}
