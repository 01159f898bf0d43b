/** Accounts in the database. */
import type { Db } from '../db/database.ts'
import { inTransaction } from '../db/in-transaction.ts'
import type { UserTable } from '../db/tables.ts'
import { AppError } from '../lib/app-error.ts'
import { foldName } from '../lib/fold-name.ts'
import { newId } from '../lib/new-id.ts'
import { setGrants, unrestricted } from './grant-store.ts'

const maxUsers = 1000

/** A row with everything that was not said. */
export function newUser(
  given: Pick<UserTable, 'username' | 'password_hash'> & Partial<Pick<UserTable, 'role' | 'email' | 'needs_factor'>>,
  nowMs: number,
): UserTable {
  const { username, password_hash, role = 'admin', email = null, needs_factor = 0 } = given
  return {
    id: newId(nowMs),
    username: username.trim(),
    username_folded: foldName(username),
    password_hash,
    role,
    language: 'auto',
    disabled: 0,
    created_ms: nowMs,
    email,
    email_folded: email === null ? null : foldName(email),
    default_page: null,
    needs_factor,
  }
}

/** By user name, else by e-mail address. */
export async function findUserByName(db: Db, name: string): Promise<UserTable | undefined> {
  const folded = foldName(name)
  const users = await db
    .selectFrom('user')
    .selectAll()
    .where((where) => where.or([where('username_folded', '=', folded), where('email_folded', '=', folded)]))
    .execute()
  return users.find((user) => user.username_folded === folded) ?? users[0]
}

export function findUser(db: Db, userId: string): Promise<UserTable | undefined> {
  return db.selectFrom('user').selectAll().where('id', '=', userId).executeTakeFirst()
}

export function listUsers(db: Db): Promise<UserTable[]> {
  return db.selectFrom('user').selectAll().orderBy('username_folded').execute()
}

export async function hasUsers(db: Db): Promise<boolean> {
  return (await db.selectFrom('user').select('id').limit(1).execute()).length > 0
}

/**
 * Makes changes of accounts wait for each other until the transaction ends: PostgreSQL otherwise lets two go on at once, each
 * of which sees the administrator (or the free name) that the other is about to take. The row is a lock and says nothing.
 */
export async function changeAlone(trx: Db): Promise<void> {
  await trx
    .insertInto('setting')
    .values({ key: 'account_lock', value: '' })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: '' }))
    .execute()
}

/** Adds the first administrator; false when somebody was quicker. */
export async function addFirstAdmin(db: Db, user: UserTable): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    await changeAlone(trx)
    const others = await trx.selectFrom('user').select('id').limit(1).execute()
    if (others.length > 0) return false
    await trx.insertInto('user').values(user).execute()
    return true
  })
}

/** Throws conflict where the name or the e-mail address is taken. A viewer may view and replay all cameras unless told otherwise. */
export async function addUser(
  db: Db,
  user: UserTable,
  grants: Parameters<typeof setGrants>[2] = unrestricted,
): Promise<void> {
  await inTransaction(db, async (trx) => {
    await changeAlone(trx)
    await requireFreeNames(trx, user)
    const { count } = await trx
      .selectFrom('user')
      .select((select) => select.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    if (Number(count) >= maxUsers) throw new AppError('conflict', `There are at most ${maxUsers} users.`)
    await trx.insertInto('user').values(user).execute()
    if (user.role === 'viewer') await setGrants(trx, user.id, grants, user.created_ms)
  })
}

/** A name must not be another's e-mail address either: login takes both. */
export async function requireFreeNames(
  trx: Db,
  user: Pick<UserTable, 'id' | 'username_folded' | 'email_folded'>,
): Promise<void> {
  for (const [field, name] of [
    ['username', user.username_folded],
    ['email', user.email_folded],
  ] as const) {
    if (name === null) continue
    const other = await trx
      .selectFrom('user')
      .select('id')
      .where('id', '!=', user.id)
      .where((where) => where.or([where('username_folded', '=', name), where('email_folded', '=', name)]))
      .executeTakeFirst()
    if (other)
      throw new AppError('conflict', `Another user has this ${field === 'email' ? 'e-mail address' : 'name'}.`, {
        field,
      })
  }
}

/** Sets a new password and ends the user's sessions but `exceptSessionId`; devices are no longer trusted. */
export async function setPassword(db: Db, userId: string, passwordHash: string, exceptSessionId = ''): Promise<void> {
  await inTransaction(db, (trx) => setPasswordIn(trx, userId, passwordHash, exceptSessionId))
}

/** The same inside a transaction. */
export async function setPasswordIn(
  trx: Db,
  userId: string,
  passwordHash: string,
  exceptSessionId = '',
): Promise<void> {
  await trx.updateTable('user').set({ password_hash: passwordHash }).where('id', '=', userId).execute()
  await trx.deleteFrom('session').where('user_id', '=', userId).where('id', '!=', exceptSessionId).execute()
  await trx.deleteFrom('login_stage').where('user_id', '=', userId).execute()
  await trx.deleteFrom('trusted_device').where('user_id', '=', userId).execute()
}
