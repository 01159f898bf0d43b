/**
 * Makes the database's configuration another one, inside the caller's transaction. Only what differs is written; secrets are
 * sealed with this installation's key.
 *
 * Order: what goes, from the leaves up; then what comes, from the roots down. Names that must be free are made free first, so
 * that two users may have swapped theirs.
 */
import type { Grant } from '@vedette/shared/user.ts'
import { PostgresAdapter, sql } from 'kysely'
import type { Db } from '../db/database.ts'
import { foldName } from '../lib/fold-name.ts'
import { newId } from '../lib/new-id.ts'
import { seal } from '../lib/seal.ts'
import type { BackedUpUser, Configuration } from './backup-document.ts'
import { writeBackupSettings, writePassphrase, writeSetting } from './backup-settings-store.ts'
import { canonicalJson } from './canonical-json.ts'
import { letOthersGoOn } from './let-others-go-on.ts'
import { policyKey, timeZoneKey } from './read-configuration-store.ts'

export interface WriteOptions {
  readonly trx: Db
  readonly key: Buffer
  readonly nowMs: number
}

/** Nobody else writes these tables until the transaction ends. SQLite has one writer anyway. */
export async function lockConfiguration(trx: Db): Promise<void> {
  if (!(trx.getExecutor().adapter instanceof PostgresAdapter)) return
  // `setting` first: whoever changes accounts takes a row of it before all else (auth/user-store.ts).
  await sql`lock table setting, "user", role, camera_group, camera_group_member, access_grant, api_token, totp,
    recovery_code, passkey, avatar, camera, camera_key, volume in share row exclusive mode`.execute(trx)
}

export async function writeConfiguration(
  options: WriteOptions,
  before: Configuration,
  after: Configuration,
): Promise<void> {
  const { trx } = options
  await forgetLooseEnds(trx, before)
  const users = changesOf(before.users, after.users)
  await letOthersGoOn()
  const roles = changesOf(before.roles, after.roles)
  const groups = changesOf(before.groups, after.groups)
  const cameras = changesOf(before.cameras, after.cameras)
  await letOthersGoOn()
  const tokens = changesOf(before.tokens, after.tokens)

  await removeAll(trx, 'api_token', tokens.removed)
  await removeAll(trx, 'user', users.removed) // Grants, tokens and factors go along.
  await removeAll(trx, 'camera_group', groups.removed)
  await removeAll(trx, 'role', roles.removed)
  for (const { id } of cameras.removed) {
    const gone = { deleted_ms: options.nowMs, password_sealed: null }
    await trx.updateTable('camera').set(gone).where('id', '=', id).execute()
    await trx.deleteFrom('camera_key').where('camera_id', '=', id).execute()
  }

  await freeNames(trx, { users: users.changed, roles: roles.changed, groups: groups.changed, tokens: tokens.changed })
  await inTurns(roles.put, (role) => putRole(options, role))
  await inTurns(cameras.put, (camera) => putCamera(options, camera))
  await inTurns(groups.put, (group) => putGroup(options, group))
  await inTurns(users.put, (user) => putUser(options, user))
  await inTurns(tokens.put, (token) => putToken(options, token))
  for (const volume of changesOf(before.volumes, after.volumes).changed)
    await trx
      .updateTable('volume')
      .set({ name: volume.name, quota_bytes: volume.quotaBytes, reserve_share: volume.reserveShare })
      .where('id', '=', volume.id)
      .execute()
  await writeSettings(options, before.settings, after.settings)
}

interface Changes<T> {
  readonly removed: readonly T[]
  readonly changed: readonly T[]
  /** New or changed. */
  readonly put: readonly T[]
}

function changesOf<T extends { readonly id: string }>(before: readonly T[], after: readonly T[]): Changes<T> {
  const old = new Map(before.map((one) => [one.id, canonicalJson(one)]))
  const ids = new Set(after.map((one) => one.id))
  const put = after.filter((one) => old.get(one.id) !== canonicalJson(one))
  return { removed: before.filter((one) => !ids.has(one.id)), changed: put.filter((one) => old.has(one.id)), put }
}

/** Others get a turn now and then: a thousand users are written without holding up the server for long. */
async function inTurns<T>(list: readonly T[], write: (one: T) => Promise<void>): Promise<void> {
  for (const [i, one] of list.entries()) {
    await write(one)
    if (i % 20 === 19) await letOthersGoOn()
  }
}

async function removeAll(
  trx: Db,
  table: 'user' | 'role' | 'camera_group' | 'api_token',
  gone: readonly { readonly id: string }[],
): Promise<void> {
  for (const { id } of gone) await trx.deleteFrom(table).where('id', '=', id).execute()
}

/** Rights and memberships of cameras that were deleted lead nowhere; they must not come alive with a camera that comes back. */
async function forgetLooseEnds(trx: Db, { cameras, groups, tokens }: Configuration): Promise<void> {
  const cameraIds = ['', ...cameras.map(({ id }) => id)]
  const groupIds = ['', ...groups.map(({ id }) => id)]
  await trx.deleteFrom('camera_group_member').where('camera_id', 'not in', cameraIds).execute()
  const grants = () => trx.deleteFrom('access_grant')
  await grants().where('target', '=', 'camera').where('target_id', 'not in', cameraIds).execute()
  await grants().where('target', '=', 'group').where('target_id', 'not in', groupIds).execute()
  for (const token of tokens)
    if (token.cameras !== null)
      await trx
        .updateTable('api_token')
        .set({ cameras: JSON.stringify(token.cameras) })
        .where('id', '=', token.id)
        .execute()
}

type Named = readonly { readonly id: string }[]

/** What may exist once only is given up by those who will have another: a name, a token, a passkey. */
async function freeNames(
  trx: Db,
  changed: { readonly users: Named; readonly roles: Named; readonly groups: Named; readonly tokens: Named },
): Promise<void> {
  for (const { id } of changed.users) {
    const nobody = { username_folded: ` ${id}`, email_folded: null }
    await trx.updateTable('user').set(nobody).where('id', '=', id).execute()
    for (const table of ['totp', 'passkey', 'recovery_code'] as const)
      await trx.deleteFrom(table).where('user_id', '=', id).execute()
  }
  for (const { id } of changed.roles)
    await trx
      .updateTable('role')
      .set({ name_folded: ` ${id}` })
      .where('id', '=', id)
      .execute()
  for (const { id } of changed.groups)
    await trx
      .updateTable('camera_group')
      .set({ name_folded: ` ${id}` })
      .where('id', '=', id)
      .execute()
  for (const { id } of changed.tokens)
    await trx
      .updateTable('api_token')
      .set({ token_hash: ` ${id}` })
      .where('id', '=', id)
      .execute()
}

async function putRole({ trx }: WriteOptions, role: Configuration['roles'][number]): Promise<void> {
  const columns = {
    name: role.name,
    name_folded: foldName(role.name),
    rights: JSON.stringify(role.rights),
    needs_factor: role.needsSecondFactor ? 1 : 0,
    created_ms: role.createdMs,
  }
  await trx
    .insertInto('role')
    .values({ id: role.id, ...columns })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(columns))
    .execute()
}

/** Also brings back one that was deleted here. */
async function putCamera({ trx, key }: WriteOptions, camera: Configuration['cameras'][number]): Promise<void> {
  const columns = {
    settings: JSON.stringify(camera.settings),
    password_sealed:
      camera.password === null ? null : seal(key, `camera.password_sealed.${camera.id}`, camera.password),
    created_ms: camera.createdMs,
    deleted_ms: null,
  }
  await trx
    .insertInto('camera')
    .values({ id: camera.id, ...columns })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(columns))
    .execute()
  await trx.deleteFrom('camera_key').where('camera_id', '=', camera.id).execute()
  for (const { stream, keySha256, sinceMs } of camera.keys)
    await trx
      .insertInto('camera_key')
      .values({
        camera_id: camera.id,
        stream,
        key_sha256: keySha256,
        since_ms: sinceMs,
        shown_sha256: null,
        shown_ms: null,
      })
      .execute()
}

async function putGroup({ trx }: WriteOptions, group: Configuration['groups'][number]): Promise<void> {
  const columns = { name: group.name, name_folded: foldName(group.name), created_ms: group.createdMs }
  await trx
    .insertInto('camera_group')
    .values({ id: group.id, ...columns })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(columns))
    .execute()
  await trx.deleteFrom('camera_group_member').where('group_id', '=', group.id).execute()
  for (const camera_id of group.cameras)
    await trx.insertInto('camera_group_member').values({ group_id: group.id, camera_id }).execute()
}

async function putUser(options: WriteOptions, user: BackedUpUser): Promise<void> {
  const { trx } = options
  const columns = {
    username: user.username,
    username_folded: foldName(user.username),
    password_hash: user.passwordHash,
    role: user.role,
    language: user.language,
    disabled: user.disabled ? 1 : 0,
    created_ms: user.createdMs,
    email: user.email,
    email_folded: user.email === null ? null : foldName(user.email),
    default_page: user.defaultPage,
    needs_factor: user.needsSecondFactor ? 1 : 0,
  }
  await trx
    .insertInto('user')
    .values({ id: user.id, ...columns })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(columns))
    .execute()
  await trx.deleteFrom('access_grant').where('user_id', '=', user.id).execute()
  for (const grant of user.grants) await addGrant(options, user.id, grant)
  await putFactors(options, user)
  await trx.deleteFrom('avatar').where('user_id', '=', user.id).execute()
  if (user.avatar)
    await trx
      .insertInto('avatar')
      .values({ user_id: user.id, ...user.avatar })
      .execute()
}

async function addGrant({ trx, nowMs }: WriteOptions, userId: string, grant: Grant): Promise<void> {
  const { on, rights, roleId } = grant
  await trx
    .insertInto('access_grant')
    .values({
      id: newId(nowMs),
      user_id: userId,
      target: on === 'all' ? 'all' : 'group' in on ? 'group' : 'camera',
      target_id: on === 'all' ? '' : 'group' in on ? on.group : on.camera,
      rights: rights ? JSON.stringify(rights) : null,
      role_id: roleId ?? null,
    })
    .execute()
}

/** Those that were there are gone already (freeNames). When a passkey was last used is forgotten. */
async function putFactors({ trx, key, nowMs }: WriteOptions, user: BackedUpUser): Promise<void> {
  if (user.totp)
    await trx
      .insertInto('totp')
      .values({
        user_id: user.id,
        secret_sealed: seal(key, `totp.secret_sealed.${user.id}`, user.totp.secret),
        pending_sealed: null,
        pending_until_ms: 0,
        last_step: user.totp.lastStep,
      })
      .execute()
  for (const passkey of user.passkeys)
    await trx
      .insertInto('passkey')
      .values({
        id: passkey.id,
        user_id: user.id,
        credential_id: passkey.credentialId,
        public_key: passkey.publicKey,
        counter: passkey.counter,
        transports: JSON.stringify(passkey.transports),
        host: passkey.host,
        name: passkey.name,
        created_ms: passkey.createdMs,
        last_used_ms: null,
      })
      .execute()
  for (const code_hash of user.recoveryCodes)
    await trx
      .insertInto('recovery_code')
      .values({ id: newId(nowMs), user_id: user.id, code_hash })
      .execute()
}

async function putToken({ trx }: WriteOptions, token: Configuration['tokens'][number]): Promise<void> {
  const columns = {
    token_hash: token.tokenHash,
    user_id: token.userId,
    name: token.name,
    rights: JSON.stringify(token.rights),
    cameras: token.cameras === null ? null : JSON.stringify(token.cameras),
    created_ms: token.createdMs,
    expires_ms: token.expiresMs,
  }
  await trx
    .insertInto('api_token')
    .values({ id: token.id, ...columns, last_used_ms: null, last_address: null })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(columns))
    .execute()
}

async function writeSettings(
  { trx, key }: WriteOptions,
  before: Configuration['settings'],
  after: Configuration['settings'],
): Promise<void> {
  const { passphrase, ...automatic } = after.automaticBackup
  if (canonicalJson(before.policy) !== canonicalJson(after.policy))
    await writeSetting(trx, policyKey, JSON.stringify(after.policy))
  if (before.timeZone !== after.timeZone) {
    if (after.timeZone === null) await trx.deleteFrom('setting').where('key', '=', timeZoneKey).execute()
    else await writeSetting(trx, timeZoneKey, JSON.stringify(after.timeZone))
  }
  if (canonicalJson(before.automaticBackup) === canonicalJson(after.automaticBackup)) return
  await writeBackupSettings(trx, automatic)
  if (passphrase !== before.automaticBackup.passphrase) await writePassphrase(trx, key, passphrase)
}

/** Sessions, trusted devices and half-done sign-ins of these users end. */
export async function endSessionsOf(trx: Db, userIds: ReadonlySet<string>): Promise<void> {
  for (const userId of userIds)
    for (const table of ['session', 'trusted_device', 'login_stage'] as const)
      await trx.deleteFrom(table).where('user_id', '=', userId).execute()
}
