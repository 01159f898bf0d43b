/**
 * Changes of other people's accounts, each in one transaction and one after the other: there is always an administrator who
 * can sign in, and whoever was demoted a moment ago changes nobody any more. `byId` is the administrator who asks.
 */
import type { Grant, UserChange } from '@vedette/shared/user.ts'
import type { Db } from '../db/database.ts'
import { inTransaction } from '../db/in-transaction.ts'
import type { UserTable } from '../db/tables.ts'
import { AppError } from '../lib/app-error.ts'
import { foldName } from '../lib/fold-name.ts'
import { setGrants, unrestricted } from './grant-store.ts'
import { removeFactors } from './second-factor-store.ts'
import { changeAlone, findUser, requireFreeNames, setPasswordIn } from './user-store.ts'

export interface PlannedUserChange extends Omit<UserChange, 'password'> {
  readonly passwordHash?: string
}

/** A new role, password or being disabled ends the user's sessions (access.md R3: rotation at privilege change). */
export async function changeUser(
  db: Db,
  who: { readonly id: string; readonly byId: string },
  change: PlannedUserChange,
  nowMs: number,
): Promise<void> {
  await inTransaction(db, async (trx) => {
    await actAlone(trx, who.byId)
    const before = await findUser(trx, who.id)
    if (!before) throw new AppError('not_found', 'There is no such user.')
    await changeIn(trx, before, change, nowMs)
  })
}

async function changeIn(trx: Db, before: UserTable, change: PlannedUserChange, nowMs: number): Promise<void> {
  const username = change.username ?? before.username
  const email = change.email === undefined ? before.email : change.email
  const role = change.role ?? before.role
  const after = {
    username,
    username_folded: foldName(username),
    email,
    email_folded: email === null ? null : foldName(email),
    role,
    disabled: change.disabled === undefined ? before.disabled : change.disabled ? 1 : 0,
    needs_factor: change.needsSecondFactor === undefined ? before.needs_factor : change.needsSecondFactor ? 1 : 0,
  }
  await requireFreeNames(trx, { id: before.id, ...after })
  await trx.updateTable('user').set(after).where('id', '=', before.id).execute()
  await requireAdmin(trx)
  const grants = grantsAfter(before.role, role, change.grants)
  if (grants) await setGrants(trx, before.id, grants, nowMs)
  if (change.passwordHash !== undefined) await setPasswordIn(trx, before.id, change.passwordHash)
  if (role !== before.role || after.disabled)
    for (const table of ['session', 'login_stage', 'trusted_device'] as const)
      await trx.deleteFrom(table).where('user_id', '=', before.id).execute()
}

/** Sessions, tokens, factors and grants go with the user; what the audit log says of them stays. */
export async function removeUser(db: Db, userId: string, byId: string): Promise<void> {
  await inTransaction(db, async (trx) => {
    await actAlone(trx, byId)
    await trx.deleteFrom('user').where('id', '=', userId).execute()
    await requireAdmin(trx)
  })
}

/** For somebody who lost their phone: the next sign-in needs the password alone, and where a factor is required, a new one. */
export async function resetFactors(db: Db, userId: string): Promise<void> {
  await inTransaction(db, async (trx) => {
    await removeFactors(trx, userId)
    await trx.deleteFrom('session').where('user_id', '=', userId).execute()
  })
}

function grantsAfter(before: string, after: string, given: readonly Grant[] | undefined): readonly Grant[] | undefined {
  if (after === 'admin') return before === 'admin' ? undefined : []
  return given ?? (before === 'admin' ? unrestricted : undefined)
}

/**
 * Waits for other changes of accounts. The guard let the request in before it waited here, or in the line of passwords; another
 * administrator may have been quicker: throws forbidden where `userId` is none any more.
 */
export async function actAlone(trx: Db, userId: string): Promise<void> {
  await changeAlone(trx)
  const actor = await findUser(trx, userId)
  if (actor?.role !== 'admin' || actor.disabled) throw new AppError('forbidden', 'Only an administrator may do this.')
}

async function requireAdmin(trx: Db): Promise<void> {
  const admin = await trx
    .selectFrom('user')
    .select('id')
    .where('role', '=', 'admin')
    .where('disabled', '=', 0)
    .limit(1)
    .executeTakeFirst()
  if (!admin) throw new AppError('conflict', 'This is the last administrator: make another one first.')
}
