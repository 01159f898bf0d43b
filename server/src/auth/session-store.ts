/**
 * Sessions: opaque random ids, of which only a SHA-256 is stored (access.md R3).
 * Idle limit 24 h, absolute limit 30 days.
 */
import { createHash, randomBytes } from 'node:crypto'
import type { Db } from '../db/database.ts'
import type { SessionTable, UserTable } from '../db/tables.ts'
import { newId } from '../lib/new-id.ts'

export const idleLimitMs = 24 * 3_600_000
export const absoluteLimitMs = 30 * 24 * 3_600_000
/** `last_used_ms` is written at most this often. */
const touchEveryMs = 60_000

export interface NewSession {
  readonly userId: string
  readonly address: string
  readonly userAgent: string
}

/** Makes a session; the answer is the cookie's value, which exists nowhere else. */
export async function addSession(db: Db, session: NewSession, nowMs: number): Promise<string> {
  const cookie = randomBytes(32).toString('base64url')
  await db
    .insertInto('session')
    .values({
      id: newId(nowMs),
      id_hash: hashOf(cookie),
      user_id: session.userId,
      created_ms: nowMs,
      last_used_ms: nowMs,
      address: session.address.slice(0, 64),
      user_agent: session.userAgent.slice(0, 300),
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
  if (cookie.length > 100) return undefined
  const session = await db
    .selectFrom('session')
    .selectAll()
    .where('id_hash', '=', hashOf(cookie))
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

/** Of these sessions, the ones that are over: what open streams ask every second. */
export async function endedSessions(db: Db, sessionIds: readonly string[], nowMs: number): Promise<string[]> {
  if (sessionIds.length === 0) return []
  const alive = await db
    .selectFrom('session')
    .innerJoin('user', 'user.id', 'session.user_id')
    .select('session.id')
    .where('session.id', 'in', sessionIds)
    .where('session.last_used_ms', '>', nowMs - idleLimitMs)
    .where('session.created_ms', '>', nowMs - absoluteLimitMs)
    .where('user.disabled', '=', 0)
    .execute()
  const ids = new Set(alive.map((row) => row.id))
  return sessionIds.filter((sessionId) => !ids.has(sessionId))
}

export async function dropOldSessions(db: Db, nowMs: number): Promise<void> {
  await db
    .deleteFrom('session')
    .where((where) =>
      where.or([where('last_used_ms', '<=', nowMs - idleLimitMs), where('created_ms', '<=', nowMs - absoluteLimitMs)]),
    )
    .execute()
}

const hashOf = (cookie: string) => createHash('sha256').update(cookie).digest('hex')
