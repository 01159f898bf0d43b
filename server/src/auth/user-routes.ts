/** Users, for administrators: list, add, change, delete; end their sessions, reset their second factor. */
import { id } from '@vedette/shared/id.ts'
import { newUserRequest, sessionList, type UserView, userChange, userList, userView } from '@vedette/shared/user.ts'
import { z } from 'zod'
import type { UserTable } from '../db/tables.ts'
import { actorOf } from '../http/actor.ts'
import type { Http, HttpRequest } from '../http/http.ts'
import { AppError } from '../lib/app-error.ts'
import { changedFields } from '../lib/changed-fields.ts'
import { actAlone, changeUser, removeUser, resetFactors } from './change-user.ts'
import { hashNewPassword } from './check-password.ts'
import type { AccountDeps } from './deps.ts'
import { endSessionOf, endSessionsOf, listSessions } from './session-store.ts'
import { viewSession } from './session-view.ts'
import { addUser, findUser, listUsers, newUser } from './user-store.ts'
import { viewUsers } from './user-view.ts'

const params = z.strictObject({ id })
const nothing = z.strictObject({})
const look = { kind: 'admin' } as const
const act = { kind: 'admin', fresh: true } as const

export function userRoutes(http: Http, deps: AccountDeps): void {
  const { db, clock, change } = deps

  http.get('/api/users', { config: { access: look }, schema: { response: { 200: userList } } }, async () => ({
    users: await viewUsers(db, await listUsers(db), clock.nowMs()),
  }))

  http.get(
    '/api/users/:id',
    { config: { access: look }, schema: { params, response: { 200: userView } } },
    async (request) => viewUser(request.params.id),
  )

  http.post(
    '/api/users',
    { config: { access: act }, schema: { body: newUserRequest, response: { 201: userView } } },
    async (request, reply) => {
      const { username, password, email, role, grants, needsSecondFactor } = request.body
      const password_hash = await hashNewPassword(password, [username, email], 'password', request)
      const user = newUser(
        { username, password_hash, email, role, needs_factor: needsSecondFactor ? 1 : 0 },
        clock.nowMs(),
      )
      const view = await change(
        async (trx) => {
          await actAlone(trx, request.caller.userId)
          await addUser(trx, user, grants)
          return viewUser(user.id, trx)
        },
        (made) => {
          const detail = { after: rememberedOf(made) }
          return { kind: 'user.added', ...actorOf(request), object: `user ${user.id}`, detail }
        },
      )
      return reply.status(201).send(view)
    },
  )

  http.patch(
    '/api/users/:id',
    { config: { access: act }, schema: { params, body: userChange, response: { 200: userView } } },
    async (request) => {
      const user = await getUser(request.params.id)
      const { password, ...asked } = request.body
      if (password !== undefined) requireOther(request, user.id)
      const names = [asked.username ?? user.username, asked.email ?? user.email]
      const passwordHash =
        password === undefined ? undefined : await hashNewPassword(password, names, 'password', request)
      const who = { id: user.id, byId: request.caller.userId }
      const wanted = { ...asked, ...(passwordHash !== undefined && { passwordHash }) }
      const { after } = await change(
        async (trx) => {
          const before = await viewUser(user.id, trx)
          await changeUser(trx, who, wanted, clock.nowMs())
          return { before, after: await viewUser(user.id, trx) }
        },
        (views) => {
          const changed = changedFields(rememberedOf(views.before), rememberedOf(views.after))
          const detail = password === undefined ? changed : { ...changed, password: 'changed' }
          return { kind: 'user.changed', ...actorOf(request), object: `user ${user.id}`, detail }
        },
      )
      return after
    },
  )

  http.delete(
    '/api/users/:id',
    { config: { access: act }, schema: { params, response: { 200: nothing } } },
    async (request) => {
      const { id: userId } = request.params
      await change(
        async (trx) => {
          const before = await viewUser(userId, trx)
          await removeUser(trx, userId, request.caller.userId)
          return { before: rememberedOf(before) }
        },
        (detail) => ({ kind: 'user.deleted', ...actorOf(request), object: `user ${userId}`, detail }),
      )
      return {}
    },
  )

  http.post(
    '/api/users/:id/reset-second-factor',
    { config: { access: act }, schema: { params, response: { 200: nothing } } },
    async (request) => {
      const user = await getUser(request.params.id)
      requireOther(request, user.id)
      const detail = { username: user.username }
      await change(
        async (trx) => {
          await actAlone(trx, request.caller.userId)
          await resetFactors(trx, user.id)
        },
        () => ({ kind: 'second_factor.reset', ...actorOf(request), object: `user ${user.id}`, detail }),
      )
      return {}
    },
  )

  http.get(
    '/api/users/:id/sessions',
    { config: { access: look }, schema: { params, response: { 200: sessionList } } },
    async (request) => {
      const user = await getUser(request.params.id)
      const sessions = await listSessions(db, user.id, clock.nowMs())
      return { sessions: sessions.map((session) => viewSession(session, request.caller.sessionId)) }
    },
  )

  http.delete(
    '/api/users/:id/sessions',
    { config: { access: look }, schema: { params, response: { 200: nothing } } },
    async (request) => {
      const user = await getUser(request.params.id)
      await change(
        (trx) => endSessionsOf(trx, user.id),
        () => ({ kind: 'session.ended', ...actorOf(request), object: `all of user ${user.id}` }),
      )
      return {}
    },
  )

  http.delete(
    '/api/users/:id/sessions/:sessionId',
    { config: { access: look }, schema: { params: params.extend({ sessionId: id }), response: { 200: nothing } } },
    async (request) => {
      const { id: userId, sessionId } = request.params
      await change(
        async (trx) => {
          if (!(await endSessionOf(trx, userId, sessionId)))
            throw new AppError('not_found', 'There is no such session.')
        },
        () => ({ kind: 'session.ended', ...actorOf(request), object: `session ${sessionId} of user ${userId}` }),
      )
      return {}
    },
  )

  async function getUser(userId: string, handle = db): Promise<UserTable> {
    const user = await findUser(handle, userId)
    if (!user) throw new AppError('not_found', 'There is no such user.')
    return user
  }

  /** `handle`: inside a change, the change's own. */
  async function viewUser(userId: string, handle = db): Promise<UserView> {
    const [view] = await viewUsers(handle, [await getUser(userId, handle)], clock.nowMs())
    if (!view) throw new AppError('not_found', 'There is no such user.')
    return view
  }
}

/** One's own password and factors ask for the password itself each time (access.md R4), not for one of the last ten minutes. */
function requireOther(request: HttpRequest, userId: string): void {
  if (request.caller.userId === userId)
    throw new AppError('conflict', 'Change your own password and second factor in your profile.')
}

/** What the audit log keeps of a user. */
const rememberedOf = ({ username, email, role, disabled, grants, needsSecondFactor }: UserView) => ({
  username,
  email,
  role,
  disabled,
  grants,
  needsSecondFactor,
})
