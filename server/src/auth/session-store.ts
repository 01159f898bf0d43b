/**
 * Sessions: opaque random ids, of which only a SHA-256 is stored (access.md R3).
 * Idle limit 24 h, absolute limit 30 days.
 */
import type { Db } from '../db/database.ts'
import type { SessionTable, UserTable } from '../db/tables.ts'
import { newId } from '../lib/new-id.ts'
import { hashSecret, maxSecretLength, newSecret } from './secret-hash.ts'

export const idleLimitMs = 24 * 3_600_000
export const absoluteLimitMs = 30 * 24 * 3_600_000
/** More at once are nobody's: those not used for longest end. */
const maxPerUser = 100
/** `last_used_ms` is written at most this often. */
const touchEveryMs = 60_000

export interface NewSession {
  readonly userId: string
  readonly address: string
  readonly userAgent: string
}

/** Makes a session of somebody who proved themself just now; the answer is the cookie's value, which exists nowhere else. */
export async function addSession(db: Db, session: NewSession, nowMs: number): Promise<string> {
  const cookie = newSecret()
  const open = await listSessions(db, session.userId, nowMs)
  for (const { id } of open.slice(maxPerUser - 1)) await endSession(db, id)
  await db
    .insertInto('session')
    .values({
      id: newId(nowMs),
      id_hash: hashSecret(cookie),
      user_id: session.userId,
      created_ms: nowMs,
      last_used_ms: nowMs,
      address: session.address.slice(0, 64),
      user_agent: session.userAgent.slice(0, 300),
      proved_ms: nowMs,
    })
    .execute()
  return cookie
}

/** The session and its user, if it is alive and the user may sign in. Uses it, too. */
export async function useSession(
  db: Db,
  cookie: string,
  nowMs: number,
): Promise<{ readonly session: SessionTable; readonly user: UserTable } | undefined> {
  if (cookie.length > maxSecretLength) return undefined
  const session = await db
    .selectFrom('session')
    .selectAll()
    .where('id_hash', '=', hashSecret(cookie))
    .where('last_used_ms', '>', nowMs - idleLimitMs)
    .where('created_ms', '>', nowMs - absoluteLimitMs)
    .executeTakeFirst()
  if (!session) return undefined
  const user = await db
    .selectFrom('user')
    .selectAll()
    .where('id', '=', session.user_id)
    .where('disabled', '=', 0)
    .executeTakeFirst()
  if (!user) return undefined
  if (nowMs - session.last_used_ms > touchEveryMs)
    await db.updateTable('session').set({ last_used_ms: nowMs }).where('id', '=', session.id).execute()
  return { session, user }
}

export async function endSession(db: Db, sessionId: string): Promise<void> {
  await db.deleteFrom('session').where('id', '=', sessionId).execute()
}

export async function endSessionsOf(db: Db, userId: string): Promise<void> {
  await db.deleteFrom('session').where('user_id', '=', userId).execute()
}

/** Ends a user's sessions but `exceptId`; how many there were. */
export async function endOtherSessions(db: Db, userId: string, exceptId: string): Promise<number> {
  const gone = await db
    .deleteFrom('session')
    .where('user_id', '=', userId)
    .where('id', '!=', exceptId)
    .executeTakeFirst()
  return Number(gone.numDeletedRows)
}

/** Gives a session another cookie value, which is the answer: after a change of privilege the old one opens nothing. */
export async function rotateSession(db: Db, sessionId: string): Promise<string> {
  const cookie = newSecret()
  await db
    .updateTable('session')
    .set({ id_hash: hashSecret(cookie) })
    .where('id', '=', sessionId)
    .execute()
  return cookie
}

/** The password was given again in this session. */
export async function proveSession(db: Db, sessionId: string, nowMs: number): Promise<void> {
  await db.updateTable('session').set({ proved_ms: nowMs }).where('id', '=', sessionId).execute()
}

/** A user's living sessions, the newest use first. */
export function listSessions(db: Db, userId: string, nowMs: number): Promise<SessionTable[]> {
  return db
    .selectFrom('session')
    .selectAll()
    .where('user_id', '=', userId)
    .where('last_used_ms', '>', nowMs - idleLimitMs)
    .where('created_ms', '>', nowMs - absoluteLimitMs)
    .orderBy('last_used_ms', 'desc')
    .limit(200)
    .execute()
}

/** False where the user has no such session. */
export async function endSessionOf(db: Db, userId: string, sessionId: string): Promise<boolean> {
  const gone = await db
    .deleteFrom('session')
    .where('user_id', '=', userId)
    .where('id', '=', sessionId)
    .executeTakeFirst()
  return gone.numDeletedRows > 0n
}

/** Of these sessions and API tokens, the ones that are over: what open streams ask every second. */
export async function endedSessions(db: Db, ids: readonly string[], nowMs: number): Promise<string[]> {
  if (ids.length === 0) return []
  const sessions = await db
    .selectFrom('session')
    .innerJoin('user', 'user.id', 'session.user_id')
    .select('session.id')
    .where('session.id', 'in', ids)
    .where('session.last_used_ms', '>', nowMs - idleLimitMs)
    .where('session.created_ms', '>', nowMs - absoluteLimitMs)
    .where('user.disabled', '=', 0)
    .execute()
  const tokens = await db
    .selectFrom('api_token')
    .innerJoin('user', 'user.id', 'api_token.user_id')
    .select('api_token.id')
    .where('api_token.id', 'in', ids)
    .where('api_token.expires_ms', '>', nowMs)
    .where('user.disabled', '=', 0)
    .execute()
  const alive = new Set([...sessions, ...tokens].map((row) => row.id))
  return ids.filter((id) => !alive.has(id))
}

export async function dropOldSessions(db: Db, nowMs: number): Promise<void> {
  await db
    .deleteFrom('session')
    .where((where) =>
      where.or([where('last_used_ms', '<=', nowMs - idleLimitMs), where('created_ms', '<=', nowMs - absoluteLimitMs)]),
    )
    .execute()
}
