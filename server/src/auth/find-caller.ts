/** Who sent a request: the doors that the guard asks (http/guard.ts). Later kinds of proof (API tokens) join here. */
import type { Db } from '../db/database.ts'
import type { Caller } from '../http/access.ts'
import type { HttpRequest } from '../http/http.ts'
import type { Clock } from '../lib/clock.ts'
import { sessionCookie } from './session-cookie.ts'
import { useSession } from './session-store.ts'

export function findCaller(
  db: Db,
  clock: Clock,
  isSecure: boolean,
): (request: HttpRequest) => Promise<Caller | undefined> {
  const cookie = sessionCookie(isSecure)
  return async (request) => {
    const value = cookie.read(request)
    const found = value ? await useSession(db, value, clock.nowMs()) : undefined
    if (!found) return undefined
    const { user, session } = found
    return {
      userId: user.id,
      username: user.username,
      role: user.role,
      sessionId: session.id,
      provedMs: session.proved_ms,
    }
  }
}
