/** Users' pictures in the database: small JPEGs of our own making, at most one each. */
import type { Db } from '../db/database.ts'
import { newId } from '../lib/new-id.ts'

/** Returns the new picture's id. */
export async function setAvatar(db: Db, userId: string, jpeg: Buffer, nowMs: number): Promise<string> {
  const row = { id: newId(nowMs), jpeg: jpeg.toString('base64') }
  await db
    .insertInto('avatar')
    .values({ user_id: userId, ...row })
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet(row))
    .execute()
  return row.id
}

export async function readAvatar(db: Db, userId: string): Promise<Buffer | undefined> {
  const row = await db.selectFrom('avatar').select('jpeg').where('user_id', '=', userId).executeTakeFirst()
  return row && Buffer.from(row.jpeg, 'base64')
}

/** Null: none. Another id is another picture. */
export async function avatarIdOf(db: Db, userId: string): Promise<string | null> {
  const row = await db.selectFrom('avatar').select('id').where('user_id', '=', userId).executeTakeFirst()
  return row?.id ?? null
}

/** False where there was none. */
export async function removeAvatar(db: Db, userId: string): Promise<boolean> {
  const gone = await db.deleteFrom('avatar').where('user_id', '=', userId).executeTakeFirst()
  return gone.numDeletedRows > 0n
}
