/** What everybody may do with their own account: look, change the password, end sessions, prove themself again. */
import { id } from '@vedette/shared/id.ts'
import { me, passwordChange, passwordProof, profileChange, sessionList } from '@vedette/shared/user.ts'
import { z } from 'zod'
import type { UserTable } from '../db/tables.ts'
import { actorOf } from '../http/actor.ts'
import type { Http, HttpRequest } from '../http/http.ts'
import { AppError } from '../lib/app-error.ts'
import { changedFields } from '../lib/changed-fields.ts'
import { countAttempt } from './attempt-store.ts'
import { hashNewPassword, requirePassword, tooManyAttempts } from './check-password.ts'
import type { AccountDeps } from './deps.ts'
import { viewMe } from './me-view.ts'
import { sessionCookie } from './own-cookie.ts'
import { changeProfile } from './profile-store.ts'
import { endOtherSessions, endSessionOf, listSessions, proveSession, rotateSession } from './session-store.ts'
import { viewSession } from './session-view.ts'
import { findUser, setPassword } from './user-store.ts'

const access = { kind: 'self' } as const
const nothing = z.strictObject({})
const profileLimit = { attempts: 30, windowMs: 60_000 }
const params = z.strictObject({ id })

export function profileRoutes(http: Http, deps: AccountDeps): void {
  const { db, clock, change } = deps

  http.get(
    '/api/me',
    { config: { access: { kind: 'self', tokens: true } }, schema: { response: { 200: me } } },
    async (request) => viewMe(db, await getSelf(request)),
  )

  http.patch(
    '/api/me',
    { config: { access }, schema: { body: profileChange, response: { 200: me } } },
    async (request) => {
      const { userId } = request.caller
      // Whoever may set an address learns whether another has it: not for a whole list of them.
      const asksForEmail = request.body.email !== undefined && request.body.email !== null
      if (asksForEmail && !(await countAttempt(db, [`email:${userId}`], clock.nowMs()))) throw tooManyAttempts()
      // Each change is an entry of the audit log, which nobody is to fill.
      if (!(await countAttempt(db, [`profile:${userId}`], clock.nowMs(), profileLimit))) throw tooManyAttempts()
      const { after } = await change(
        async (trx) => {
          const before = await getSelf(request, trx)
          return { before, after: await changeProfile(trx, before, request.body) }
        },
        (changed) => {
          const detail = changedFields(profileOf(changed.before), profileOf(changed.after))
          return { kind: 'profile.changed', ...actorOf(request), detail }
        },
      )
      return viewMe(db, after)
    },
  )

  http.post(
    '/api/reauth',
    { config: { access }, schema: { body: passwordProof, response: { 200: nothing } } },
    async (request) => {
      await requirePassword(deps, request, request.body.password)
      await change(
        (trx) => proveSession(trx, request.caller.sessionId, clock.nowMs()),
        () => ({ kind: 'reauth.ok', ...actorOf(request) }),
      )
      return {}
    },
  )

  http.post(
    '/api/me/password',
    { config: { access }, schema: { body: passwordChange, response: { 200: nothing } } },
    async (request, reply) => {
      const user = await requirePassword(deps, request, request.body.password)
      const hash = await hashNewPassword(request.body.newPassword, [user.username, user.email], 'newPassword', request)
      const { sessionId } = request.caller
      const cookie = await change(
        async (trx) => {
          await setPassword(trx, user.id, hash, sessionId)
          await proveSession(trx, sessionId, clock.nowMs())
          return rotateSession(trx, sessionId)
        },
        () => ({ kind: 'password.changed', ...actorOf(request) }),
      )
      reply.header('set-cookie', sessionCookie.set(request, cookie))
      return {}
    },
  )

  http.get(
    '/api/me/sessions',
    { config: { access }, schema: { response: { 200: sessionList } } },
    async ({ caller }) => {
      const sessions = await listSessions(db, caller.userId, clock.nowMs())
      return { sessions: sessions.map((session) => viewSession(session, caller.sessionId)) }
    },
  )

  http.delete(
    '/api/me/sessions/:id',
    { config: { access }, schema: { params, response: { 200: nothing } } },
    async (request) => {
      const { id: sessionId } = request.params
      await change(
        async (trx) => {
          if (!(await endSessionOf(trx, request.caller.userId, sessionId)))
            throw new AppError('not_found', 'There is no such session.')
        },
        () => ({ kind: 'session.ended', ...actorOf(request), object: `session ${sessionId}` }),
      )
      return {}
    },
  )

  // All but the one that asks.
  http.delete('/api/me/sessions', { config: { access }, schema: { response: { 200: nothing } } }, async (request) => {
    const { userId, sessionId } = request.caller
    if (!(await countAttempt(db, [`profile:${userId}`], clock.nowMs(), profileLimit))) throw tooManyAttempts()
    await change(
      (trx) => endOtherSessions(trx, userId, sessionId),
      (sessions) => ({ kind: 'session.ended', ...actorOf(request), object: 'all others', detail: { sessions } }),
    )
    return {}
  })

  async function getSelf(request: HttpRequest, handle = db): Promise<UserTable> {
    const user = await findUser(handle, request.caller.userId)
    if (!user) throw new AppError('unauthenticated', 'Sign in first.')
    return user
  }
}

const profileOf = ({ language, default_page, email }: UserTable) => ({ language, defaultPage: default_page, email })
