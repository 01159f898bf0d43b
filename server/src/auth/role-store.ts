/** Roles in the database: named sets of rights that grants point at. */
import { type RoleView, rights } from '@vedette/shared/user.ts'
import type { Db } from '../db/database.ts'
import { inTransaction } from '../db/in-transaction.ts'
import { AppError } from '../lib/app-error.ts'
import { foldName } from '../lib/fold-name.ts'
import { newId } from '../lib/new-id.ts'

const maxRoles = 100
type RoleFields = Omit<RoleView, 'id'>

export async function listRoles(db: Db): Promise<RoleView[]> {
  const rows = await db.selectFrom('role').selectAll().orderBy('name_folded').execute()
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    rights: rights.parse(JSON.parse(row.rights)),
    needsSecondFactor: row.needs_factor === 1,
  }))
}

/** Throws not_found. */
export async function getRole(db: Db, roleId: string): Promise<RoleView> {
  const role = (await listRoles(db)).find((one) => one.id === roleId)
  if (!role) throw new AppError('not_found', 'There is no such role.')
  return role
}

export async function addRole(db: Db, fields: RoleFields, nowMs: number): Promise<RoleView> {
  const id = newId(nowMs)
  await inTransaction(db, async (trx) => {
    const others = await requireFreeName(trx, fields.name, id)
    if (others >= maxRoles) throw new AppError('conflict', `There are at most ${maxRoles} roles.`)
    await trx
      .insertInto('role')
      .values({ id, created_ms: nowMs, ...columnsOf(fields) })
      .execute()
  })
  return getRole(db, id)
}

export async function changeRole(db: Db, role: RoleView): Promise<void> {
  await inTransaction(db, async (trx) => {
    await requireFreeName(trx, role.name, role.id)
    await trx.updateTable('role').set(columnsOf(role)).where('id', '=', role.id).execute()
  })
}

/** Grants by this role go with it: its users have that much less. */
export async function removeRole(db: Db, roleId: string): Promise<void> {
  await db.deleteFrom('role').where('id', '=', roleId).execute()
}

const columnsOf = ({ name, rights: list, needsSecondFactor }: RoleFields) => ({
  name,
  name_folded: foldName(name),
  rights: JSON.stringify([...new Set(list)]),
  needs_factor: needsSecondFactor ? 1 : 0,
})

/** How many other roles there are. */
async function requireFreeName(trx: Db, name: string, ownId: string): Promise<number> {
  const others = await trx.selectFrom('role').select('name_folded').where('id', '!=', ownId).execute()
  if (others.some((role) => role.name_folded === foldName(name)))
    throw new AppError('conflict', 'Another role has this name.', { field: 'name' })
  return others.length
}
