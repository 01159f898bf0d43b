/** One's own second factors: state, TOTP, recovery codes, trusted devices. Every change asks for the password (access.md R4). */
import { id } from '@vedette/shared/id.ts'
import { recoveryCodes, secondFactorState, totpConfirm, totpSetup } from '@vedette/shared/second-factor.ts'
import { passwordProof } from '@vedette/shared/user.ts'
import { z } from 'zod'
import { actorOf } from '../http/actor.ts'
import type { Http } from '../http/http.ts'
import { AppError } from '../lib/app-error.ts'
import { countAttempt } from './attempt-store.ts'
import { requirePassword, tooManyAttempts } from './check-password.ts'
import type { AccountDeps } from './deps.ts'
import { findDevice, forgetDevice, listDevices } from './device-store.ts'
import { factorAdded, factorRemoved } from './factor-change.ts'
import { deviceCookie, sessionCookie } from './own-cookie.ts'
import { listPasskeys } from './passkey-store.ts'
import { isFactorRequired } from './policy-store.ts'
import { makeRecoveryCodes } from './recovery-code-store.ts'
import { countFactors, hasSecondFactor } from './second-factor-store.ts'
import { beginTotp, confirmTotp, removeTotp } from './totp-store.ts'
import { findUser } from './user-store.ts'

const access = { kind: 'self' } as const
const nothing = z.strictObject({})

export function factorRoutes(http: Http, deps: AccountDeps): void {
  const { db, clock, key, change } = deps

  http.get(
    '/api/me/second-factor',
    { config: { access }, schema: { response: { 200: secondFactorState } } },
    async (request) => {
      const { userId } = request.caller
      const user = await findUser(db, userId)
      const current = await findDevice(db, deviceCookie.read(request), clock.nowMs())
      const { totp, recoveryCodes: codes } = await countFactors(db, userId)
      const passkeys = await listPasskeys(db, userId)
      const devices = await listDevices(db, userId, clock.nowMs())
      return {
        totp,
        recoveryCodes: codes,
        isRequired: user !== undefined && (await isFactorRequired(db, user)),
        passkeys: passkeys.map(({ id, name, host, created_ms, last_used_ms }) => ({
          id,
          name,
          host,
          createdMs: created_ms,
          lastUsedMs: last_used_ms,
        })),
        devices: devices.map((device) => ({
          id: device.id,
          createdMs: device.created_ms,
          lastUsedMs: device.last_used_ms,
          expiresMs: device.expires_ms,
          address: device.address,
          userAgent: device.user_agent,
          isCurrent: device.id === current?.id,
        })),
      }
    },
  )

  http.post(
    '/api/me/totp',
    { config: { access }, schema: { body: passwordProof, response: { 200: totpSetup } } },
    async (request) => {
      const user = await requirePassword(deps, request, request.body.password)
      return beginTotp(db, key, user, clock.nowMs())
    },
  )

  http.post(
    '/api/me/totp/confirm',
    { config: { access }, schema: { body: totpConfirm, response: { 200: recoveryCodes } } },
    async (request, reply) => {
      const { userId } = request.caller
      if (!(await countAttempt(db, [`proof:${userId}`], clock.nowMs()))) throw tooManyAttempts()
      const { codes, cookie } = await change(
        async (trx) => {
          if (!(await confirmTotp(trx, key, userId, request.body.code, clock.nowMs())))
            throw new AppError(
              'forbidden',
              'That is not the code of the new secret. Is the clock of your phone right?',
              {
                field: 'code',
              },
            )
          return factorAdded(trx, request.caller, clock.nowMs())
        },
        () => ({ kind: 'second_factor.added', ...actorOf(request), object: 'totp' }),
      )
      reply.header('set-cookie', sessionCookie.set(request, cookie))
      return { recoveryCodes: codes }
    },
  )

  http.post(
    '/api/me/totp/remove',
    { config: { access }, schema: { body: passwordProof, response: { 200: nothing } } },
    async (request, reply) => {
      await requirePassword(deps, request, request.body.password)
      const cookie = await change(
        async (trx) => {
          if (!(await removeTotp(trx, request.caller.userId)))
            throw new AppError('not_found', 'There are no codes of an app to remove.')
          return factorRemoved(trx, request.caller)
        },
        () => ({ kind: 'second_factor.removed', ...actorOf(request), object: 'totp' }),
      )
      reply.header('set-cookie', sessionCookie.set(request, cookie))
      return {}
    },
  )

  http.post(
    '/api/me/recovery-codes',
    { config: { access }, schema: { body: passwordProof, response: { 200: recoveryCodes } } },
    async (request) => {
      const user = await requirePassword(deps, request, request.body.password)
      if (!(await hasSecondFactor(db, user.id)))
        throw new AppError('conflict', 'Recovery codes stand in for a second factor: set one up first.')
      const codes = await change(
        (trx) => makeRecoveryCodes(trx, user.id, clock.nowMs()),
        () => ({ kind: 'recovery_codes.made', ...actorOf(request) }),
      )
      return { recoveryCodes: codes }
    },
  )

  http.delete(
    '/api/me/devices/:id',
    { config: { access }, schema: { params: z.strictObject({ id }), response: { 200: nothing } } },
    async (request) => {
      await change(
        async (trx) => {
          if (!(await forgetDevice(trx, request.caller.userId, request.params.id)))
            throw new AppError('not_found', 'There is no such device.')
        },
        () => ({ kind: 'device.forgotten', ...actorOf(request), object: `device ${request.params.id}` }),
      )
      return {}
    },
  )
}
