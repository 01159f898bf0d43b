/** Grants in the database: what each viewer may do on which cameras (a role's rights and a group's cameras as of now). */
import { type Grant, type Right, rights } from '@vedette/shared/user.ts'
import type { Db } from '../db/database.ts'
import type { AccessGrantTable } from '../db/tables.ts'
import { AppError } from '../lib/app-error.ts'
import { newId } from '../lib/new-id.ts'
import type { ResolvedGrant } from './camera-reach.ts'

/** What a new viewer gets when nothing else is said (access.md "Accounts"). */
export const unrestricted: readonly Grant[] = [{ on: 'all', rights: ['view', 'replay'] }]

const parseRights = (text: string): Right[] => rights.parse(JSON.parse(text))

/** A user's grants with groups and roles looked up. */
export async function resolveGrants(db: Db, userId: string): Promise<ResolvedGrant[]> {
  const rows = await db
    .selectFrom('access_grant as grant')
    .leftJoin('role', 'role.id', 'grant.role_id')
    .leftJoin('camera_group_member as member', (join) =>
      join.onRef('member.group_id', '=', 'grant.target_id').on('grant.target', '=', 'group'),
    )
    .select(['grant.target', 'grant.target_id', 'grant.rights', 'role.rights as role_rights', 'member.camera_id'])
    .where('grant.user_id', '=', userId)
    .execute()
  return rows.flatMap((row) => {
    const text = row.rights ?? row.role_rights
    const cameraId = row.target === 'camera' ? row.target_id : row.camera_id
    if (text === null || (row.target !== 'all' && cameraId === null)) return []
    return [
      { cameras: row.target === 'all' || cameraId === null ? ('all' as const) : [cameraId], rights: parseRights(text) },
    ]
  })
}

/** Grants as they were given, by user. */
export async function listGrants(db: Db, userIds: readonly string[]): Promise<Map<string, Grant[]>> {
  const rows = await db
    .selectFrom('access_grant')
    .selectAll()
    .where('user_id', 'in', userIds.length > 0 ? userIds : [''])
    .orderBy('id')
    .execute()
  const byUser = new Map<string, Grant[]>()
  for (const row of rows) byUser.set(row.user_id, [...(byUser.get(row.user_id) ?? []), toGrant(row)])
  return byUser
}

/** Replaces a user's grants. Throws bad_request where a group, camera or role is not there. `trx`: the surrounding transaction. */
export async function setGrants(trx: Db, userId: string, grants: readonly Grant[], nowMs: number): Promise<void> {
  await trx.deleteFrom('access_grant').where('user_id', '=', userId).execute()
  for (const grant of grants) {
    const target = grant.on === 'all' ? 'all' : 'group' in grant.on ? 'group' : 'camera'
    const targetId = grant.on === 'all' ? '' : 'group' in grant.on ? grant.on.group : grant.on.camera
    await requireThere(trx, target, targetId, grant.roleId)
    await trx
      .insertInto('access_grant')
      .values({
        id: newId(nowMs),
        user_id: userId,
        target,
        target_id: targetId,
        rights: grant.rights ? JSON.stringify([...new Set(grant.rights)]) : null,
        role_id: grant.roleId ?? null,
      })
      .execute()
  }
}

async function requireThere(
  trx: Db,
  target: AccessGrantTable['target'],
  targetId: string,
  roleId: string | undefined,
): Promise<void> {
  const table = target === 'group' ? 'camera_group' : 'camera'
  const found =
    target === 'all' || (await trx.selectFrom(table).select('id').where('id', '=', targetId).executeTakeFirst())
  if (!found) throw new AppError('bad_request', `There is no such ${target}.`, { field: 'grants' })
  if (roleId === undefined) return
  const role = await trx.selectFrom('role').select('id').where('id', '=', roleId).executeTakeFirst()
  if (!role) throw new AppError('bad_request', 'There is no such role.', { field: 'grants' })
}

function toGrant(row: AccessGrantTable): Grant {
  const on =
    row.target === 'all'
      ? ('all' as const)
      : row.target === 'group'
        ? { group: row.target_id }
        : { camera: row.target_id }
  if (row.role_id !== null) return { on, roleId: row.role_id }
  return { on, rights: row.rights === null ? [] : parseRights(row.rights) }
}
