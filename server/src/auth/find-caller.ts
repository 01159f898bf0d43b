/** Who sent a request: by the session's cookie or by an API token. The door that the guard asks (http/guard.ts). */
import type { Caller } from '../http/access.ts'
import type { HttpRequest } from '../http/http.ts'
import { AppError } from '../lib/app-error.ts'
import { addressSubject } from './attempt-store.ts'
import type { AccountDeps } from './deps.ts'
import { needsEnrolment } from './factor-policy.ts'
import { sessionCookie } from './own-cookie.ts'
import { useSession } from './session-store.ts'
import { useToken } from './token-store.ts'
import type { WrongTokens } from './wrong-tokens.ts'

export interface FindCallerDeps extends Pick<AccountDeps, 'db' | 'clock' | 'auditOnce'> {
  readonly wrongTokens: WrongTokens
}

export function findCaller({
  db,
  clock,
  auditOnce,
  wrongTokens,
}: FindCallerDeps): (request: HttpRequest) => Promise<Caller | undefined> {
  return async (request) => {
    const token = readToken(request)
    if (token !== undefined) return callerByToken(token, request)
    const value = sessionCookie.read(request)
    const found = value ? await useSession(db, value, clock.nowMs()) : undefined
    if (!found) return undefined
    const { user, session } = found
    return {
      userId: user.id,
      username: user.username,
      role: user.role,
      sessionId: session.id,
      provedMs: Number(session.proved_ms),
      mustEnrol: await needsEnrolment(db, user),
    }
  }

  /** A wrong token is never made good by a cookie; ten a minute from one address are answered, whoever guesses more waits. */
  async function callerByToken(token: string, request: HttpRequest): Promise<Caller | undefined> {
    const used = await useToken(db, token, request.ip, clock.nowMs())
    if (!used) {
      const isAnswered = await wrongTokens.count(request.ip)
      const entry = { userId: null, username: '(API token)', address: request.ip } as const
      const once = `token ${isAnswered} ${addressSubject(request.ip)}`
      await auditOnce(once, { kind: isAnswered ? 'login.failed' : 'login.limited', ...entry })
      if (isAnswered) return undefined
      throw new AppError('too_many_requests', 'Too many wrong API tokens: wait a minute and try again.', {
        retryAfterS: 60,
      })
    }
    const { id, user, rights, cameras } = used
    return {
      userId: user.id,
      username: user.username,
      role: 'viewer',
      sessionId: id,
      mustEnrol: await needsEnrolment(db, user),
      token: { ownerRole: user.role, rights, cameras },
    }
  }
}

/** From the two headers that carry tokens. Two different ones are a mistake or a trick. */
function readToken(request: HttpRequest): string | undefined {
  const key = [request.headers['x-api-key']].flat()[0]
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (key !== undefined && bearer !== undefined && key !== bearer)
    throw new AppError('bad_request', 'Send one API token, as X-API-Key or as Authorization: Bearer.')
  return key ?? bearer
}
