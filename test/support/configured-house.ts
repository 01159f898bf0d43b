/** A database with something of everything that a backup holds, made through the stores, and what a backup of it needs. */

import { TOTP } from 'otpauth'
import { addGroup } from '../../server/src/auth/group-store.ts'
import { addPasskey } from '../../server/src/auth/passkey-store.ts'
import { hashPassword } from '../../server/src/auth/password.ts'
import { writePolicy } from '../../server/src/auth/policy-store.ts'
import { makeRecoveryCodes } from '../../server/src/auth/recovery-code-store.ts'
import { addRole } from '../../server/src/auth/role-store.ts'
import { addSession } from '../../server/src/auth/session-store.ts'
import { addToken } from '../../server/src/auth/token-store.ts'
import { beginTotp, confirmTotp } from '../../server/src/auth/totp-store.ts'
import { addUser, newUser } from '../../server/src/auth/user-store.ts'
import type { BackupDocument } from '../../server/src/backup/backup-document.ts'
import { writeBackupSettings, writePassphrase } from '../../server/src/backup/backup-settings-store.ts'
import { readConfiguration } from '../../server/src/backup/read-configuration-store.ts'
import { noteShownKey } from '../../server/src/cameras/camera-key-store.ts'
import { planNewCamera } from '../../server/src/cameras/camera-settings.ts'
import { addCamera } from '../../server/src/cameras/camera-store.ts'
import type { Db } from '../../server/src/db/database.ts'
import { newId } from '../../server/src/lib/new-id.ts'
import { addVolume } from '../../server/src/storage/volume-store.ts'
import { writeTimeZone } from '../../server/src/system/time-zone-store.ts'

export const houseKey = Buffer.from(Array.from({ length: 32 }, (_, i) => (i * 37 + 11) % 256))
export const otherKey = Buffer.from(Array.from({ length: 32 }, (_, i) => (i * 53 + 5) % 256))
export const passphrase = 'a passphrase for backups'
export const nowMs = Date.UTC(2026, 5, 1, 12)
// The same for all users of all tests: making one costs 20 ms.
const hash = hashPassword('correct horse battery')

export interface ConfiguredHouse {
  readonly db: Db
  readonly anna: string
  readonly ben: string
  readonly yard: string
  readonly door: string
  readonly role: string
  readonly volume: string
}

/** Anna, an administrator with all second factors; Ben, a viewer by role, group and camera; two cameras, one with a password. */
export async function configureHouse(db: Db): Promise<ConfiguredHouse> {
  const password_hash = await hash
  const anna = newUser({ username: 'Anna', password_hash, email: 'anna@example.org' }, nowMs)
  const ben = newUser({ username: 'Ben', password_hash, role: 'viewer' }, nowMs)
  const yard = await addCamera(
    db,
    houseKey,
    {
      settings: planNewCamera({ name: 'Yard', address: 'rtsp://10.0.0.7/main', username: 'root' }).settings,
      password: 'the yard’s password',
    },
    nowMs,
  )
  const door = await addCamera(
    db,
    houseKey,
    { settings: planNewCamera({ name: 'Door', address: 'rtsp://10.0.0.8/main' }).settings, password: null },
    nowMs,
  )
  const group = await addGroup(db, 'Outside', [yard.id, door.id], nowMs)
  const role = await addRole(db, { name: 'Guard', rights: ['view', 'replay'], needsSecondFactor: true }, nowMs)
  await addUser(db, anna)
  await addUser(db, ben, [
    { on: { group: group.id }, roleId: role.id },
    { on: { camera: yard.id }, rights: ['audio'] },
  ])
  await enrol(db, anna.id)
  await addToken(db, { userId: ben.id, name: 'script', rights: ['view'], cameras: [yard.id], days: 90 }, nowMs)
  await noteShownKey(db, { cameraId: yard.id, stream: 'main', keySha256: 'ab'.repeat(32), isAccepted: true }, nowMs)
  await writeTimeZone(db, 'Europe/Rome')
  await writePolicy(db, { adminsNeedSecondFactor: true, viewersNeedSecondFactor: false })
  await writeBackupSettings(db, { isOn: true, everyHours: 12, keep: 5 })
  await writePassphrase(db, houseKey, 'a stored passphrase')
  const volume = newId(nowMs)
  await addVolume(
    db,
    { id: volume, name: 'Big disk', path: '/srv/footage', marker: volume, quotaBytes: 5e11, reserveShare: 0.1 },
    nowMs,
  )
  for (const user of [anna, ben])
    await addSession(db, { userId: user.id, address: '10.0.0.1', userAgent: 'test' }, nowMs)
  return { db, anna: anna.id, ben: ben.id, yard: yard.id, door: door.id, role: role.id, volume }
}

async function enrol(db: Db, userId: string): Promise<void> {
  const { secret } = await beginTotp(db, houseKey, { id: userId, username: 'Anna' }, nowMs)
  await confirmTotp(db, houseKey, userId, new TOTP({ secret }).generate({ timestamp: nowMs }), nowMs)
  await makeRecoveryCodes(db, userId, nowMs)
  await addPasskey(
    db,
    {
      user_id: userId,
      credential_id: 'Y3JlZGVudGlhbA',
      public_key: 'cHVibGljIGtleQ',
      counter: 3,
      transports: '["internal"]',
      host: 'vedette.example',
      name: 'phone',
    },
    nowMs,
  )
  await db
    .insertInto('avatar')
    .values({ user_id: userId, id: newId(nowMs), jpeg: '/9j/4AAQ' })
    .execute()
}

/** The document that a backup of this database would hold. */
export async function documentOf(db: Db, key = houseKey): Promise<BackupDocument> {
  return {
    format: 'vedette-backup',
    version: 1,
    madeMs: nowMs,
    madeBy: '0.1.0',
    auditEnd: null,
    configuration: await readConfiguration(db, key),
  }
}

/** Every row of every table, for "nothing was changed". */
export async function dump(db: Db): Promise<Record<string, unknown[]>> {
  const tables = await db.introspection.getTables()
  const rows: Record<string, unknown[]> = {}
  for (const { name } of tables) {
    const all = await db
      .selectFrom(db.dynamic.table(name as 'user').as('t'))
      .selectAll()
      .execute()
    rows[name] = all.map((row) => JSON.stringify(row)).sort()
  }
  return rows
}
