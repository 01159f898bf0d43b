/** Accounts in the database. */
import type { Db } from '../db/database.ts'
import type { UserTable } from '../db/tables.ts'

/** How names are compared: compatibility forms and case do not make another user. */
export const foldUsername = (name: string) => name.normalize('NFKC').trim().toLowerCase()

export function findUserByName(db: Db, name: string): Promise<UserTable | undefined> {
  return db.selectFrom('user').selectAll().where('username_folded', '=', foldUsername(name)).executeTakeFirst()
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

/** Adds the first administrator; false when somebody was quicker. */
export async function addFirstAdmin(db: Db, user: UserTable): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const others = await trx.selectFrom('user').select('id').limit(1).execute()
    if (others.length > 0) return false
    await trx.insertInto('user').values(user).execute()
    return true
  })
}

export async function addUser(db: Db, user: UserTable): Promise<void> {
  await db.insertInto('user').values(user).execute()
}

/** Sets a new password and ends the user's sessions. */
export async function setPassword(db: Db, userId: string, passwordHash: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await trx.updateTable('user').set({ password_hash: passwordHash }).where('id', '=', userId).execute()
    await trx.deleteFrom('session').where('user_id', '=', userId).execute()
  })
}
