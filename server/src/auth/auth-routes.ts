/** Accounts over HTTP: set-up and sign-out here, the rest in the files that are named after it. */
import { me, type SetupState, setupRequest, setupState } from '@vedette/shared/user.ts'
import { z } from 'zod'
import { actorOf } from '../http/actor.ts'
import type { Http } from '../http/http.ts'
import { AppError } from '../lib/app-error.ts'
import { addressSubject, countAttempt, setupLimit } from './attempt-store.ts'
import { avatarRoutes } from './avatar-routes.ts'
import { hashNewPassword, tooManyAttempts } from './check-password.ts'
import type { AccountDeps } from './deps.ts'
import { factorRoutes } from './factor-routes.ts'
import { groupRoutes } from './group-routes.ts'
import { loginRoutes } from './login-routes.ts'
import { sessionCookie } from './own-cookie.ts'
import { passkeyRoutes } from './passkey-routes.ts'
import { profileRoutes } from './profile-routes.ts'
import { roleRoutes } from './role-routes.ts'
import { endSession } from './session-store.ts'
import type { SetupCode } from './setup-code.ts'
import { signIn } from './sign-in.ts'
import { tokenRoutes } from './token-routes.ts'
import { userRoutes } from './user-routes.ts'
import { addFirstAdmin, hasUsers, newUser } from './user-store.ts'

export interface AuthDeps extends AccountDeps {
  /** Undefined when set-up is over. */
  readonly setupCode: () => SetupCode | undefined
  readonly closeSetup: () => void
  /** Why set-up must not open (footage without a database …); null: it may. */
  readonly setupClosedReason: () => string | null
  readonly defaultVolume: () => Promise<SetupState['volume']>
}

export function authRoutes(http: Http, deps: AuthDeps): void {
  setupRoutes(http, deps)
  loginRoutes(http, deps)
  profileRoutes(http, deps)
  avatarRoutes(http, deps)
  factorRoutes(http, deps)
  passkeyRoutes(http, deps)
  tokenRoutes(http, deps)
  userRoutes(http, deps)
  roleRoutes(http, deps)
  groupRoutes(http, deps)

  http.post(
    '/api/logout',
    { config: { access: { kind: 'self' } }, schema: { response: { 200: z.strictObject({}) } } },
    async (request, reply) => {
      await endSession(deps.db, request.caller.sessionId)
      await deps.audit({ kind: 'logout', ...actorOf(request) })
      reply.header('set-cookie', sessionCookie.clear(request))
      return {}
    },
  )
}

function setupRoutes(http: Http, deps: AuthDeps): void {
  const { db, clock } = deps
  const access = { kind: 'public' } as const
  const closed = () => new AppError('setup_closed', 'This Vedette is set up already: sign in.')

  http.get('/api/setup', { config: { access }, schema: { response: { 200: setupState } } }, async () => {
    const needed = !(await hasUsers(db))
    const closedReason = needed ? deps.setupClosedReason() : null
    return { needed, closedReason, volume: needed && !closedReason ? await deps.defaultVolume() : null }
  })

  http.post(
    '/api/setup',
    { config: { access }, schema: { body: setupRequest, response: { 200: me } } },
    async (request, reply) => {
      const { code, username, password } = request.body
      const reason = deps.setupClosedReason()
      if (reason) throw new AppError('setup_closed', reason)
      const setupCode = deps.setupCode()
      if (!setupCode || (await hasUsers(db))) throw closed()
      if (!setupCode.matches(code)) {
        // Only wrong answers count: whoever shares the owner's address cannot use up the owner's attempts.
        const subject = `setup:${addressSubject(request.ip)}`
        if (!(await countAttempt(db, [subject], clock.nowMs(), setupLimit))) throw tooManyAttempts()
        const entry = { kind: 'login.failed', userId: null, username: '(set-up)', address: request.ip } as const
        await deps.auditOnce(subject, entry)
        throw new AppError('forbidden', 'That is not the code on the console. Copy it from there.', {
          field: 'code',
        })
      }
      const user = newUser(
        { username, password_hash: await hashNewPassword(password, [username], 'password', request) },
        clock.nowMs(),
      )
      if (!(await addFirstAdmin(db, user))) throw closed()
      deps.closeSetup()
      deps.log.info({ userId: user.id }, 'the first administrator was made')
      const who = { userId: user.id, username: user.username, address: request.ip }
      await deps.audit({ kind: 'installation.set_up', ...who })
      return signIn(deps, request, reply, { user, by: 'setup', trustDevice: false })
    },
  )
}
