/** The configuration as it is in the database, with secrets in clear: only for a backup and for comparing with one. */
import { cameraSettings } from '@vedette/shared/camera.ts'
import { languageChoice } from '@vedette/shared/language.ts'
import { timeZone } from '@vedette/shared/local-time.ts'
import { accountPolicy, type Grant, rights } from '@vedette/shared/user.ts'
import { z } from 'zod'
import type { Db } from '../db/database.ts'
import type { AccessGrantTable } from '../db/tables.ts'
import { unseal } from '../lib/seal.ts'
import type { BackedUpUser, Configuration } from './backup-document.ts'
import { readBackupSettings, readPassphrase, readSetting } from './backup-settings-store.ts'
import { letOthersGoOn } from './let-others-go-on.ts'
import { inOneOrder } from './plan-configuration.ts'

export const policyKey = 'account_policy'
export const timeZoneKey = 'system.time_zone'
const texts = z.array(z.string())
const parseRights = (text: string) => rights.parse(JSON.parse(text))

/**
 * What leads nowhere is left out (rights on a camera that was deleted …); cameras that were deleted are no configuration.
 * Call inside a transaction where it must be of one moment.
 */
export async function readConfiguration(db: Db, key: Buffer): Promise<Configuration> {
  const cameras = await readCameras(db, key)
  const cameraIds = new Set(cameras.map(({ id }) => id))
  await letOthersGoOn()
  const groups = await readGroups(db, cameraIds)
  const groupIds = new Set(groups.map(({ id }) => id))
  const isAlive = ({ on }: Grant) => on === 'all' || ('group' in on ? groupIds.has(on.group) : cameraIds.has(on.camera))
  const policy = await readSetting(db, policyKey)
  const zone = await readSetting(db, timeZoneKey)
  const users = await readUsers(db, key, isAlive)
  await letOthersGoOn()
  return inOneOrder({
    users,
    roles: (await db.selectFrom('role').selectAll().execute()).map((row) => ({
      id: row.id,
      name: row.name,
      rights: parseRights(row.rights),
      needsSecondFactor: row.needs_factor === 1,
      createdMs: row.created_ms,
    })),
    groups,
    cameras,
    tokens: (await db.selectFrom('api_token').selectAll().execute()).map((row) => ({
      id: row.id,
      userId: row.user_id,
      tokenHash: row.token_hash,
      name: row.name,
      rights: parseRights(row.rights),
      cameras: row.cameras === null ? null : texts.parse(JSON.parse(row.cameras)).filter((id) => cameraIds.has(id)),
      createdMs: row.created_ms,
      expiresMs: row.expires_ms,
    })),
    volumes: (await db.selectFrom('volume').selectAll().execute()).map((row) => ({
      id: row.id,
      name: row.name,
      path: row.path,
      quotaBytes: row.quota_bytes,
      reserveShare: row.reserve_share,
    })),
    settings: {
      policy:
        policy === undefined
          ? { adminsNeedSecondFactor: false, viewersNeedSecondFactor: false }
          : accountPolicy.parse(JSON.parse(policy)),
      timeZone: zone === undefined ? null : timeZone.nullable().catch(null).parse(JSON.parse(zone)),
      automaticBackup: { ...(await readBackupSettings(db)), passphrase: await readPassphrase(db, key) },
    },
  })
}

async function readCameras(db: Db, key: Buffer): Promise<Configuration['cameras']> {
  const rows = await db.selectFrom('camera').selectAll().where('deleted_ms', 'is', null).execute()
  const keys = Map.groupBy(await db.selectFrom('camera_key').selectAll().execute(), (row) => row.camera_id)
  return rows.map((row) => ({
    id: row.id,
    settings: cameraSettings.parse(JSON.parse(row.settings)),
    password: row.password_sealed && unseal(key, `camera.password_sealed.${row.id}`, row.password_sealed),
    keys: (keys.get(row.id) ?? []).map(({ stream, key_sha256, since_ms }) => ({
      stream,
      keySha256: key_sha256,
      sinceMs: since_ms,
    })),
    createdMs: row.created_ms,
  }))
}

async function readGroups(db: Db, cameraIds: ReadonlySet<string>): Promise<Configuration['groups']> {
  const rows = await db.selectFrom('camera_group').selectAll().execute()
  const members = await db.selectFrom('camera_group_member').selectAll().execute()
  const byGroup = Map.groupBy(members, (member) => member.group_id)
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    cameras: (byGroup.get(row.id) ?? []).map((member) => member.camera_id).filter((id) => cameraIds.has(id)),
    createdMs: row.created_ms,
  }))
}

async function readUsers(db: Db, key: Buffer, isAlive: (grant: Grant) => boolean): Promise<BackedUpUser[]> {
  const rows = await db.selectFrom('user').selectAll().execute()
  const grants = Map.groupBy(await db.selectFrom('access_grant').selectAll().execute(), (row) => row.user_id)
  const totps = new Map((await db.selectFrom('totp').selectAll().execute()).map((row) => [row.user_id, row]))
  const passkeys = Map.groupBy(await db.selectFrom('passkey').selectAll().execute(), (row) => row.user_id)
  const codes = Map.groupBy(await db.selectFrom('recovery_code').selectAll().execute(), (row) => row.user_id)
  const avatars = new Map((await db.selectFrom('avatar').selectAll().execute()).map((row) => [row.user_id, row]))
  return rows.map((row) => {
    const totp = totps.get(row.id)
    const avatar = avatars.get(row.id)
    return {
      id: row.id,
      username: row.username,
      passwordHash: row.password_hash,
      role: row.role,
      language: languageChoice.catch('auto').parse(row.language),
      disabled: row.disabled === 1,
      createdMs: row.created_ms,
      email: row.email,
      defaultPage: row.default_page,
      needsSecondFactor: row.needs_factor === 1,
      grants: (grants.get(row.id) ?? []).map(toGrant).filter(isAlive),
      totp: totp?.secret_sealed
        ? { secret: unseal(key, `totp.secret_sealed.${row.id}`, totp.secret_sealed), lastStep: totp.last_step }
        : null,
      passkeys: (passkeys.get(row.id) ?? []).map((passkey) => ({
        id: passkey.id,
        credentialId: passkey.credential_id,
        publicKey: passkey.public_key,
        counter: passkey.counter,
        transports: texts.parse(JSON.parse(passkey.transports)),
        host: passkey.host,
        name: passkey.name,
        createdMs: passkey.created_ms,
      })),
      recoveryCodes: (codes.get(row.id) ?? []).map(({ code_hash }) => code_hash),
      avatar: avatar ? { id: avatar.id, jpeg: avatar.jpeg } : null,
    }
  })
}

function toGrant(row: AccessGrantTable): Grant {
  const on =
    row.target === 'all'
      ? ('all' as const)
      : row.target === 'group'
        ? { group: row.target_id }
        : { camera: row.target_id }
  return row.role_id === null ? { on, rights: parseRights(row.rights ?? '[]') } : { on, roleId: row.role_id }
}

/** The last entry of the audit log. */
export async function readAuditEnd(db: Db): Promise<{ seq: number; hash: string } | null> {
  const row = await db.selectFrom('audit').select(['seq', 'hash']).orderBy('seq', 'desc').limit(1).executeTakeFirst()
  return row ? { seq: Number(row.seq), hash: row.hash } : null
}

/** Whether the audit log has this entry. */
export async function hasAuditEntry(db: Db, { seq, hash }: { seq: number; hash: string }): Promise<boolean> {
  const row = await db.selectFrom('audit').select('hash').where('seq', '=', seq).executeTakeFirst()
  return row?.hash === hash
}
