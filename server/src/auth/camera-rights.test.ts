/** Grants, groups, roles and tokens become rights on cameras, on both databases. */
import type { Grant, Right } from '@vedette/shared/user.ts'
import { expect, test } from 'vitest'
import { onBothDatabases } from '../../../test/support/databases.ts'
import type { Db } from '../db/database.ts'
import type { Caller } from '../http/access.ts'
import { newId } from '../lib/new-id.ts'
import { camerasOf, rightsOf } from './camera-rights.ts'
import { listGrants, setGrants } from './grant-store.ts'
import { addGroup, changeGroup, listGroups, removeGroup } from './group-store.ts'
import { openRights } from './open-rights.ts'
import { addUser, newUser } from './user-store.ts'

const nowMs = 1_780_000_000_000

onBothDatabases('rights', (open) => {
  async function house(grants?: readonly Grant[]) {
    const db = await open()
    const [a = '', b = '', c = ''] = await Promise.all([addCamera(db), addCamera(db), addCamera(db)])
    const user = newUser({ username: 'Vera', password_hash: 'x', role: 'viewer' }, nowMs)
    await addUser(db, user, grants)
    const vera: Caller = { userId: user.id, username: 'Vera', role: 'viewer', sessionId: 's' }
    return { db, a, b, c, vera }
  }

  test('a viewer without restriction views and replays all cameras, and nothing more', async () => {
    const { db, vera } = await house()
    const byRight = async (right: Right) => camerasOf(db, vera, right)
    expect([await byRight('view'), await byRight('replay')]).toEqual(['all', 'all'])
    expect([await byRight('control'), await byRight('audio')]).toEqual([[], []])
  })

  test('a viewer without any grant sees nothing', async () => {
    const { db, vera } = await house([])
    expect(await camerasOf(db, vera, 'any')).toEqual([])
  })

  test('rights on cameras and groups add up, and follow the group', async () => {
    const { db, a, b, c, vera } = await house([])
    const group = await addGroup(db, 'Garden', [a, b], nowMs)
    await setGrants(
      db,
      vera.userId,
      [
        { on: { group: group.id }, rights: ['view'] },
        { on: { camera: b }, rights: ['replay', 'audio'] },
      ],
      nowMs,
    )
    expect(sorted(await camerasOf(db, vera, 'view'))).toEqual([a, b].sort())
    expect((await rightsOf(db, vera))(b)).toEqual(['view', 'replay', 'audio'])
    const camerasNow = openRights(db)
    expect(sorted(await camerasNow(vera, 'view'))).toEqual([a, b].sort())
    await changeGroup(db, group.id, { cameras: [c] })
    expect(await camerasOf(db, vera, 'view')).toEqual([c])
    expect(await openRights(db)(vera, 'view')).toEqual([c])
    expect((await listGroups(db, [a])).length).toBe(0)
    await removeGroup(db, group.id)
    expect(await camerasOf(db, vera, 'view')).toEqual([])
    expect(await camerasOf(db, vera, 'replay')).toEqual([b])
    expect((await listGrants(db, [vera.userId])).get(vera.userId)).toEqual([
      { on: { camera: b }, rights: ['replay', 'audio'] },
    ])
  })

  test('a role gives its rights as they are now', async () => {
    const { db, vera } = await house([])
    const roleId = newId(nowMs)
    await db
      .insertInto('role')
      .values({
        id: roleId,
        name: 'Guard',
        name_folded: 'guard',
        rights: '["view","control"]',
        needs_factor: 0,
        created_ms: nowMs,
      })
      .execute()
    await setGrants(db, vera.userId, [{ on: 'all', roleId }], nowMs)
    expect(await camerasOf(db, vera, 'control')).toBe('all')
    await db.updateTable('role').set({ rights: '["view"]' }).where('id', '=', roleId).execute()
    expect(await camerasOf(db, vera, 'control')).toEqual([])
  })

  test('R8 a token narrows its user’s rights and never exceeds them', async () => {
    const { db, a, b, vera } = await house()
    await setGrants(db, vera.userId, [{ on: { camera: a }, rights: ['view'] }], nowMs)
    const token = (cameras: readonly string[] | null, ownerRole: 'admin' | 'viewer' = 'viewer'): Caller => ({
      ...vera,
      token: { ownerRole, rights: ['view', 'control'], cameras },
    })
    expect(await camerasOf(db, token([a, b]), 'view')).toEqual([a])
    expect(await camerasOf(db, token(null), 'view')).toEqual([a])
    expect(await camerasOf(db, token(null), 'control')).toEqual([])
    expect(await camerasOf(db, token([b], 'admin'), 'view')).toEqual([b])
    expect(await camerasOf(db, token(null, 'admin'), 'view')).toBe('all')
    expect(await camerasOf(db, token(null, 'admin'), 'replay')).toEqual([])
  })

  test('R3 somebody who was disabled or demoted keeps nothing that is open', async () => {
    const { db, vera } = await house()
    const asAdmin: Caller = { ...vera, role: 'admin' }
    expect(await openRights(db)(asAdmin, 'control')).toEqual([])
    await db.updateTable('user').set({ disabled: 1 }).where('id', '=', vera.userId).execute()
    expect(await openRights(db)(vera, 'view')).toEqual([])
  })

  test('grants on what is not there are refused', async () => {
    const { db, vera } = await house()
    const id = newId(nowMs)
    for (const grant of [{ on: { camera: id } }, { on: { group: id } }])
      await expect(setGrants(db, vera.userId, [{ ...grant, rights: ['view'] }], nowMs)).rejects.toThrow(/no such/)
    await expect(setGrants(db, vera.userId, [{ on: 'all', roleId: id }], nowMs)).rejects.toThrow(/no such role/)
  })
})

const sorted = (cameras: 'all' | readonly string[]) => (cameras === 'all' ? cameras : [...cameras].sort())

async function addCamera(db: Db): Promise<string> {
  const id = newId(nowMs)
  await db
    .insertInto('camera')
    .values({ id, settings: '{}', password_sealed: null, created_ms: nowMs, deleted_ms: null })
    .execute()
  return id
}
