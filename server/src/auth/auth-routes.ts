/** Accounts over HTTP: set-up and sign-out here, the rest in the files that are named after it. */
import { me, type SetupState, setupRequest, setupState } from '@vedette/shared/user.ts'
import { z } from 'zod'
import { actorOf } from '../http/actor.ts'
import type { Http } from '../http/http.ts'
import { avatarRoutes } from './avatar-routes.ts'
import { hashNewPassword } from './check-password.ts'
import type { AccountDeps } from './deps.ts'
import { factorRoutes } from './factor-routes.ts'
import { groupRoutes } from './group-routes.ts'
import { loginRoutes } from './login-routes.ts'
import { sessionCookie } from './own-cookie.ts'
import { passkeyRoutes } from './passkey-routes.ts'
import { profileRoutes } from './profile-routes.ts'
import { roleRoutes } from './role-routes.ts'
import { endSession } from './session-store.ts'
import { requireSetupCode, type SetupDoor, setupIsOver } from './setup-door.ts'
import { signIn } from './sign-in.ts'
import { tokenRoutes } from './token-routes.ts'
import { userRoutes } from './user-routes.ts'
import { addFirstAdmin, hasUsers, newUser } from './user-store.ts'

export interface AuthDeps extends AccountDeps, SetupDoor {
  readonly closeSetup: () => void
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
      await deps.change(
        (trx) => endSession(trx, request.caller.sessionId),
        () => ({ kind: 'logout', ...actorOf(request) }),
      )
      reply.header('set-cookie', sessionCookie.clear(request))
      return {}
    },
  )
}

function setupRoutes(http: Http, deps: AuthDeps): void {
  const { db, clock } = deps
  const access = { kind: 'public' } as const

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
      await requireSetupCode(deps, request, code)
      const user = newUser(
        { username, password_hash: await hashNewPassword(password, [username], 'password', request) },
        clock.nowMs(),
      )
      const who = { userId: user.id, username: user.username, address: request.ip }
      await deps.change(
        async (trx) => {
          if (!(await addFirstAdmin(trx, user))) throw setupIsOver()
        },
        () => ({ kind: 'installation.set_up', ...who }),
      )
      deps.closeSetup()
      deps.log.info({ userId: user.id }, 'the first administrator was made')
      return signIn(deps, request, reply, { user, by: 'setup', trustDevice: false })
    },
  )
}
