/** Groups of cameras in the database. A group that goes takes the grants on it along. */
import type { GroupView } from '@vedette/shared/group.ts'
import type { Db } from '../db/database.ts'
import { inTransaction } from '../db/in-transaction.ts'
import type { CameraList } from '../http/http.ts'
import { AppError } from '../lib/app-error.ts'
import { foldName } from '../lib/fold-name.ts'
import { newId } from '../lib/new-id.ts'

const maxGroups = 200

/** Groups with a camera of `cameras`, each with only such cameras; with 'all' also the empty ones. */
export async function listGroups(db: Db, cameras: CameraList): Promise<GroupView[]> {
  const groups = await db.selectFrom('camera_group').selectAll().orderBy('name_folded').execute()
  let query = db
    .selectFrom('camera_group_member as member')
    .innerJoin('camera', 'camera.id', 'member.camera_id')
    .select(['member.group_id', 'member.camera_id'])
    .where('camera.deleted_ms', 'is', null)
    .orderBy('member.camera_id')
  if (cameras !== 'all') query = query.where('member.camera_id', 'in', cameras.length > 0 ? cameras : [''])
  const members = await query.execute()
  return groups
    .map(({ id, name }) => ({ id, name, cameras: members.filter((m) => m.group_id === id).map((m) => m.camera_id) }))
    .filter((group) => cameras === 'all' || group.cameras.length > 0)
}

/** Throws not_found. */
export async function getGroup(db: Db, groupId: string): Promise<GroupView> {
  const found = (await listGroups(db, 'all')).find((group) => group.id === groupId)
  if (!found) throw new AppError('not_found', 'There is no such group.')
  return found
}

export async function addGroup(db: Db, name: string, cameras: readonly string[], nowMs: number): Promise<GroupView> {
  const id = newId(nowMs)
  await inTransaction(db, async (trx) => {
    await requireFreeName(trx, name, id)
    const { count } = await trx
      .selectFrom('camera_group')
      .select((select) => select.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    if (Number(count) >= maxGroups) throw new AppError('conflict', `There are at most ${maxGroups} groups.`)
    await trx
      .insertInto('camera_group')
      .values({ id, name, name_folded: foldName(name), created_ms: nowMs })
      .execute()
    await setMembers(trx, id, cameras)
  })
  return getGroup(db, id)
}

export async function changeGroup(
  db: Db,
  groupId: string,
  change: { readonly name?: string | undefined; readonly cameras?: readonly string[] | undefined },
): Promise<void> {
  const { name, cameras } = change
  await inTransaction(db, async (trx) => {
    if (name !== undefined) {
      await requireFreeName(trx, name, groupId)
      await trx
        .updateTable('camera_group')
        .set({ name, name_folded: foldName(name) })
        .where('id', '=', groupId)
        .execute()
    }
    if (cameras) await setMembers(trx, groupId, cameras)
  })
}

export async function removeGroup(db: Db, groupId: string): Promise<void> {
  await inTransaction(db, async (trx) => {
    await trx.deleteFrom('access_grant').where('target', '=', 'group').where('target_id', '=', groupId).execute()
    await trx.deleteFrom('camera_group').where('id', '=', groupId).execute()
  })
}

async function setMembers(trx: Db, groupId: string, cameras: readonly string[]): Promise<void> {
  await trx.deleteFrom('camera_group_member').where('group_id', '=', groupId).execute()
  const wanted = [...new Set(cameras)]
  if (wanted.length === 0) return
  const there = await trx
    .selectFrom('camera')
    .select('id')
    .where('id', 'in', wanted)
    .where('deleted_ms', 'is', null)
    .execute()
  if (there.length !== wanted.length)
    throw new AppError('bad_request', 'There is no such camera.', { field: 'cameras' })
  await trx
    .insertInto('camera_group_member')
    .values(wanted.map((camera_id) => ({ group_id: groupId, camera_id })))
    .execute()
}

async function requireFreeName(trx: Db, name: string, ownId: string): Promise<void> {
  const other = await trx
    .selectFrom('camera_group')
    .select('id')
    .where('name_folded', '=', foldName(name))
    .where('id', '!=', ownId)
    .executeTakeFirst()
  if (other) throw new AppError('conflict', 'Another group has this name.', { field: 'name' })
}
