/** One's own passkeys. Making and removing one asks for the password (access.md R4). */
import { id } from '@vedette/shared/id.ts'
import { newPasskey, passkeyOptions, recoveryCodes } from '@vedette/shared/second-factor.ts'
import { passwordProof } from '@vedette/shared/user.ts'
import { z } from 'zod'
import { actorOf } from '../http/actor.ts'
import type { Http } from '../http/http.ts'
import { AppError } from '../lib/app-error.ts'
import { requirePassword } from './check-password.ts'
import type { AccountDeps } from './deps.ts'
import { factorAdded, factorRemoved } from './factor-change.ts'
import { sessionCookie } from './own-cookie.ts'
import { newPasskeyOptions, registerPasskey, siteOf } from './passkey.ts'
import { removePasskey } from './passkey-store.ts'
import { findUser } from './user-store.ts'

const access = { kind: 'self' } as const

export function passkeyRoutes(http: Http, deps: AccountDeps): void {
  const { db, clock, change } = deps

  http.post(
    '/api/me/passkeys/options',
    { config: { access }, schema: { body: passwordProof, response: { 200: passkeyOptions } } },
    async (request) => {
      const user = await requirePassword(deps, request, request.body.password)
      const subject = `new:${request.caller.sessionId}`
      return {
        publicKey: { ...(await newPasskeyOptions(db, user, siteOf(request), subject, clock.nowMs())) },
      }
    },
  )

  // The challenge that is answered here was given for the password.
  http.post(
    '/api/me/passkeys',
    { config: { access }, schema: { body: newPasskey, response: { 200: recoveryCodes } } },
    async (request, reply) => {
      const { name, credential } = request.body
      const user = await findUser(db, request.caller.userId)
      if (!user) throw new AppError('unauthenticated', 'Sign in first.')
      const given = { user, name, site: siteOf(request), subject: `new:${request.caller.sessionId}` }
      const { codes, cookie } = await change(
        async (trx) => {
          if (!(await registerPasskey(trx, given, credential, clock.nowMs())))
            throw new AppError('bad_request', 'The passkey could not be checked: begin again.', { field: 'credential' })
          return factorAdded(trx, request.caller, clock.nowMs())
        },
        () => ({ kind: 'second_factor.added', ...actorOf(request), object: 'passkey', detail: { name } }),
      )
      reply.header('set-cookie', sessionCookie.set(request, cookie))
      return { recoveryCodes: codes }
    },
  )

  http.post(
    '/api/me/passkeys/:id/remove',
    {
      config: { access },
      schema: { params: z.strictObject({ id }), body: passwordProof, response: { 200: z.strictObject({}) } },
    },
    async (request, reply) => {
      const user = await requirePassword(deps, request, request.body.password)
      const object = `passkey ${request.params.id}`
      const cookie = await change(
        async (trx) => {
          if (!(await removePasskey(trx, user.id, request.params.id)))
            throw new AppError('not_found', 'There is no such passkey.')
          return factorRemoved(trx, request.caller)
        },
        () => ({ kind: 'second_factor.removed', ...actorOf(request), object }),
      )
      reply.header('set-cookie', sessionCookie.set(request, cookie))
      return {}
    },
  )
}
