/** Set-up, sign in, sign out, who am I. Guessing is slowed per account and address; answers do not tell which part was wrong. */
import { loginRequest, type Me, me, type SetupState, setupRequest, setupState } from '@vedette/shared/user.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Db } from '../db/database.ts'
import type { UserTable } from '../db/tables.ts'
import type { Http } from '../http/http.ts'
import { AppError } from '../lib/app-error.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { accountSubject, addressSubject, countAttempt } from './attempt-store.ts'
import { foldName } from './fold-name.ts'
import { hashPassword, isPassword, TooBusy } from './password.ts'
import { sessionCookie } from './session-cookie.ts'
import { addSession, endSession, useSession } from './session-store.ts'
import type { SetupCode } from './setup-code.ts'
import { addFirstAdmin, findUser, findUserByName, hasUsers, newUser } from './user-store.ts'

export interface AuthDeps {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  readonly isSecure: boolean
  /** Undefined when set-up is over. */
  readonly setupCode: () => SetupCode | undefined
  readonly closeSetup: () => void
  /** Why set-up must not open (footage without a database …); null: it may. */
  readonly setupClosedReason: () => string | null
  readonly defaultVolume: () => Promise<SetupState['volume']>
}

export function authRoutes(http: Http, deps: AuthDeps): void {
  const { db, clock } = deps
  const cookie = sessionCookie(deps.isSecure)

  http.get(
    '/api/setup',
    { config: { access: { kind: 'public' } }, schema: { response: { 200: setupState } } },
    async () => {
      const needed = !(await hasUsers(db))
      const closedReason = needed ? deps.setupClosedReason() : null
      return { needed, closedReason, volume: needed && !closedReason ? await deps.defaultVolume() : null }
    },
  )

  http.post(
    '/api/setup',
    { config: { access: { kind: 'public' } }, schema: { body: setupRequest, response: { 200: me } } },
    async (request, reply) => {
      const { code, username, password } = request.body
      const reason = deps.setupClosedReason()
      if (reason) throw new AppError('setup_closed', reason)
      const setupCode = deps.setupCode()
      if (!setupCode || (await hasUsers(db)))
        throw new AppError('setup_closed', 'This Vedette is set up already: sign in.')
      if (!setupCode.matches(code))
        throw new AppError(
          'forbidden',
          'That is not the code on the console. After ten wrong ones a new code is printed there.',
          { field: 'code' },
        )
      const user = newUser({ username, password_hash: await hashPassword(password) }, clock.nowMs())
      if (!(await addFirstAdmin(db, user)))
        throw new AppError('setup_closed', 'This Vedette is set up already: sign in.')
      deps.closeSetup()
      deps.log.info({ userId: user.id }, 'the first administrator was made')
      return signIn(request, reply, user)
    },
  )

  http.post(
    '/api/login',
    { config: { access: { kind: 'public' } }, schema: { body: loginRequest, response: { 200: me } } },
    async (request, reply) => {
      const { username, password } = request.body
      const subjects = [accountSubject(foldName(username)), addressSubject(request.ip)]
      if (!(await countAttempt(db, subjects, clock.nowMs())))
        throw new AppError('too_many_requests', 'Too many attempts: wait a minute and try again.')
      const user = await findUserByName(db, username)
      if (!(await checkPassword(user, password)) || !user || user.disabled)
        throw new AppError('unauthenticated', 'The user name or the password is wrong.')
      return signIn(request, reply, user)
    },
  )

  http.post(
    '/api/logout',
    { config: { access: { kind: 'self' } }, schema: { response: { 200: z.strictObject({}) } } },
    async (request, reply) => {
      await endSession(db, request.caller.sessionId)
      reply.header('set-cookie', cookie.cleared)
      return {}
    },
  )

  http.get('/api/me', { config: { access: { kind: 'self' } }, schema: { response: { 200: me } } }, async (request) => {
    const user = await findUser(db, request.caller.userId)
    if (!user) throw new AppError('unauthenticated', 'Sign in first.')
    return toMe(user)
  })

  async function signIn(request: FastifyRequest, reply: FastifyReply, user: UserTable): Promise<Me> {
    // A session that this browser had before is not carried over.
    const before = await useSession(db, cookie.read(request) ?? '', clock.nowMs())
    if (before) await endSession(db, before.session.id)
    const value = await addSession(
      db,
      { userId: user.id, address: request.ip, userAgent: request.headers['user-agent'] ?? '' },
      clock.nowMs(),
    )
    reply.header('set-cookie', cookie.set(value))
    return toMe(user)
  }
}

async function checkPassword(user: UserTable | undefined, password: string): Promise<boolean> {
  try {
    return await isPassword(user?.password_hash, password)
  } catch (error) {
    if (error instanceof TooBusy)
      throw new AppError('too_many_requests', 'Too many people sign in at once: try again in a moment.')
    throw error
  }
}

const toMe = (user: UserTable): Me => ({
  id: user.id,
  username: user.username,
  role: user.role,
  language: user.language,
  email: user.email,
  defaultPage: user.default_page,
  hasSecondFactor: false,
  mustEnrol: false,
})
