/** API tokens in the database: 256 bits, stored hashed, with an end. */

import type { TokenView } from '@vedette/shared/token.ts'
import { type Right, rights } from '@vedette/shared/user.ts'
import { z } from 'zod'
import type { Db } from '../db/database.ts'
import type { ApiTokenTable, UserTable } from '../db/tables.ts'
import { AppError } from '../lib/app-error.ts'
import { newId } from '../lib/new-id.ts'
import { hashSecret, maxSecretLength, newSecret } from './secret-hash.ts'

/** So that a token is known for one wherever it turns up. */
const prefix = 'vdt_'
const maxPerUser = 100
const touchEveryMs = 60_000
const moveEveryMs = 5000
const cameraIds = z.array(z.string())

export interface NewToken {
  readonly userId: string
  readonly name: string
  readonly rights: readonly Right[]
  readonly cameras: readonly string[] | null
  readonly days: number
}

/** The token stands in the answer and nowhere else. */
export async function addToken(db: Db, given: NewToken, nowMs: number): Promise<{ token: string; id: string }> {
  const token = prefix + newSecret()
  const id = newId(nowMs)
  const own = await db.selectFrom('api_token').select('id').where('user_id', '=', given.userId).execute()
  if (own.length >= maxPerUser) throw new AppError('conflict', `You have ${maxPerUser} tokens: end some first.`)
  await db
    .insertInto('api_token')
    .values({
      id,
      token_hash: hashSecret(token),
      user_id: given.userId,
      name: given.name,
      rights: JSON.stringify([...new Set(given.rights)]),
      cameras: given.cameras && JSON.stringify([...new Set(given.cameras)]),
      created_ms: nowMs,
      expires_ms: nowMs + given.days * 86_400_000,
      last_used_ms: null,
      last_address: null,
    })
    .execute()
  return { token, id }
}

export interface UsedToken {
  readonly id: string
  readonly user: UserTable
  readonly rights: readonly Right[]
  readonly cameras: readonly string[] | null
}

/** The living token and its user, if that one may sign in. */
export async function useToken(db: Db, token: string, address: string, nowMs: number): Promise<UsedToken | undefined> {
  if (!token.startsWith(prefix) || token.length > maxSecretLength) return undefined
  const row = await db
    .selectFrom('api_token')
    .selectAll()
    .where('token_hash', '=', hashSecret(token))
    .where('expires_ms', '>', nowMs)
    .executeTakeFirst()
  if (!row) return undefined
  const user = await db
    .selectFrom('user')
    .selectAll()
    .where('id', '=', row.user_id)
    .where('disabled', '=', 0)
    .executeTakeFirst()
  if (!user) return undefined
  // Clients at two addresses must not make every request a write.
  const sinceMs = nowMs - (row.last_used_ms ?? 0)
  if (sinceMs > touchEveryMs || (row.last_address !== address && sinceMs > moveEveryMs))
    await db
      .updateTable('api_token')
      .set({ last_used_ms: nowMs, last_address: address.slice(0, 64) })
      .where('id', '=', row.id)
      .execute()
  return { id: row.id, user, rights: rightsIn(row), cameras: camerasIn(row) }
}

/** One user's, or everybody's. The newest first. */
export async function listTokens(db: Db, userId?: string): Promise<TokenView[]> {
  let query = db
    .selectFrom('api_token')
    .innerJoin('user', 'user.id', 'api_token.user_id')
    .selectAll('api_token')
    .select('user.username')
    .orderBy('api_token.id', 'desc')
  if (userId !== undefined) query = query.where('api_token.user_id', '=', userId)
  return (await query.execute()).map((row) => ({
    id: row.id,
    userId: row.user_id,
    username: row.username,
    name: row.name,
    rights: [...rightsIn(row)],
    cameras: camerasIn(row),
    createdMs: row.created_ms,
    expiresMs: row.expires_ms,
    lastUsedMs: row.last_used_ms,
    lastAddress: row.last_address,
  }))
}

/** Of one user or, without `userId`, of anybody; false where there is none. */
export async function endToken(db: Db, tokenId: string, userId?: string): Promise<boolean> {
  let query = db.deleteFrom('api_token').where('id', '=', tokenId)
  if (userId !== undefined) query = query.where('user_id', '=', userId)
  return (await query.executeTakeFirst()).numDeletedRows > 0n
}

const rightsIn = (row: ApiTokenTable): Right[] => rights.parse(JSON.parse(row.rights))
const camerasIn = (row: ApiTokenTable): string[] | null =>
  row.cameras === null ? null : cameraIds.parse(JSON.parse(row.cameras))
