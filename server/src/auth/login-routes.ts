/**
 * Sign in: password, then a second factor where there is one. Guessing is slowed per account, address and stage; answers do
 * not tell which part was wrong, and an unknown name costs the same time.
 */
import {
  type FactorProof,
  passkeyOptions,
  secondFactorNeeded,
  secondFactorRequest,
} from '@vedette/shared/second-factor.ts'
import { loginRequest, me } from '@vedette/shared/user.ts'
import type { z } from 'zod'
import type { LoginStageTable, TrustedDeviceTable, UserTable } from '../db/tables.ts'
import type { Http, HttpReply, HttpRequest } from '../http/http.ts'
import { AppError } from '../lib/app-error.ts'
import { FairQueue } from '../lib/fair-queue.ts'
import { foldName } from '../lib/fold-name.ts'
import { accountSubject, addressSubject, countAttempt, factorLimit, forgetAttempts } from './attempt-store.ts'
import { checkPassword, inLine, tooManyAttempts } from './check-password.ts'
import type { AccountDeps } from './deps.ts'
import { findDevice, useDevice } from './device-store.ts'
import { addStage, endStage, findStage, takeAttempt } from './login-stage-store.ts'
import { deviceCookie, stageCookie } from './own-cookie.ts'
import { acceptPasskey, passkeyLoginOptions, siteOf } from './passkey.ts'
import { useRecoveryCode } from './recovery-code-store.ts'
import { hasSecondFactor, usableMethods } from './second-factor-store.ts'
import { signIn } from './sign-in.ts'
import { acceptTotp } from './totp-store.ts'
import { findUser, findUserByName } from './user-store.ts'

const access = { kind: 'public' } as const
type LoginRequest = HttpRequest & { readonly body: z.infer<typeof loginRequest> }

export function loginRoutes(http: Http, deps: AccountDeps): void {
  const { db, clock } = deps
  /** The line is before the first question to the database: two hundred at once would else hold the event loop with theirs. */
  const line = new FairQueue({ atOnce: 4, waiting: 400, waitingPerKey: 40 })
  /** Trusted browsers have one of their own, so that no crowd elsewhere keeps them out (R7). */
  const trustedLine = new FairQueue({ atOnce: 2, waiting: 100, waitingPerKey: 10 })

  http.post(
    '/api/login',
    { config: { access }, schema: { body: loginRequest, response: { 200: me, 202: secondFactorNeeded } } },
    async (request, reply) => {
      const device = await findDevice(db, deviceCookie.read(request), clock.nowMs())
      return inLine(device ? trustedLine : line, request, () => logIn(request, reply, device))
    },
  )

  async function logIn(request: LoginRequest, reply: HttpReply, device: TrustedDeviceTable | undefined) {
    const { username, password, trustDevice } = request.body
    const nowMs = clock.nowMs()
    const user = await findUserByName(db, username)
    const isTrusted = user !== undefined && device?.user_id === user.id
    // Whoever guesses from elsewhere uses up the account's attempts, not those of a browser that it trusts.
    const subjects = isTrusted
      ? [`device:${device.id}`]
      : // By what was typed: one count for a name and its e-mail address would tell that they belong together.
        [accountSubject(foldName(username)), addressSubject(request.ip)]
    if (!(await countAttempt(db, subjects, nowMs))) {
      await deps.auditOnce(`limited ${subjects.join(' ')}`, { kind: 'login.limited', ...whoIs(user, request) })
      throw tooManyAttempts()
    }
    if (!(await checkPassword(user, password, request)) || !user || user.disabled) {
      await deps.audit({ kind: 'login.failed', ...whoIs(user, request) })
      throw new AppError('unauthenticated', 'The user name or the password is wrong.')
    }
    if (!(await hasSecondFactor(db, user.id)))
      return signIn(deps, request, reply, { user, by: 'password', trustDevice })
    if (isTrusted) {
      await useDevice(db, device.id, nowMs)
      return signIn(deps, request, reply, { user, by: 'trusted device', trustDevice: false })
    }
    const { value, untilMs } = await addStage(db, user.id, nowMs)
    reply.header('set-cookie', stageCookie.set(request, value))
    const methods = await usableMethods(db, user.id, siteOf(request).host)
    reply.status(202)
    return { secondFactor: methods, untilMs }
  }

  http.post(
    '/api/login/passkey',
    { config: { access }, schema: { response: { 200: passkeyOptions } } },
    async (request) => {
      const { stage } = await getStage(request)
      const site = siteOf(request)
      const options = await passkeyLoginOptions(db, stage.user_id, site, `login:${stage.id}`, clock.nowMs())
      return { publicKey: { ...options } }
    },
  )

  http.post(
    '/api/login/second-factor',
    // A passkey's answer may be 33 kB by its form.
    { bodyLimit: 40_000, config: { access }, schema: { body: secondFactorRequest, response: { 200: me } } },
    async (request, reply) => {
      const { proof, trustDevice } = request.body
      const { stage, user } = await getStage(request)
      await takeFactorAttempt(request, reply, { stage, user, proof })
      if (!(await isProven(request, stage, proof))) {
        const detail = { method: proof.method }
        await deps.audit({ kind: 'login.second_factor_failed', ...whoIs(user, request), detail })
        throw new AppError('forbidden', 'That is not right, or it was used before.', { field: 'proof' })
      }
      if (!(await endStage(db, stage.id))) throw stageOver()
      await forgetAttempts(db, factorSubject(user))
      reply.header('set-cookie', stageCookie.clear(request))
      return signIn(deps, request, reply, { user, by: proof.method, trustDevice })
    },
  )

  async function getStage(request: HttpRequest): Promise<{ stage: LoginStageTable; user: UserTable }> {
    const stage = await findStage(db, stageCookie.read(request), clock.nowMs())
    const user = stage && (await findUser(db, stage.user_id))
    if (!stage || !user || user.disabled) throw stageOver()
    return { stage, user }
  }

  /** Counted before the proof is looked at: per stage and, where six digits are guessed, per user over all stages. */
  async function takeFactorAttempt(
    request: HttpRequest,
    reply: HttpReply,
    { stage, user, proof }: { stage: LoginStageTable; user: UserTable; proof: FactorProof },
  ) {
    if (!(await takeAttempt(db, stage.id))) {
      await endStage(db, stage.id)
      reply.header('set-cookie', stageCookie.clear(request))
      throw stageOver()
    }
    if (proof.method !== 'totp') return
    if (await countAttempt(db, [factorSubject(user)], clock.nowMs(), factorLimit)) return
    await deps.auditOnce(`limited factor ${user.id}`, { kind: 'login.limited', ...whoIs(user, request) })
    throw new AppError(
      'too_many_requests',
      'Too many wrong codes: wait an hour, or use a recovery code or a browser that is trusted.',
      { retryAfterS: 3600 },
    )
  }

  function isProven(request: HttpRequest, stage: LoginStageTable, proof: FactorProof): Promise<boolean> {
    const userId = stage.user_id
    if (proof.method === 'totp') return acceptTotp(db, deps.key, userId, proof.code, clock.nowMs())
    if (proof.method === 'recovery') return useRecoveryCode(db, userId, proof.code)
    const given = { userId, site: siteOf(request), subject: `login:${stage.id}` }
    return acceptPasskey(db, given, proof.credential, clock.nowMs())
  }
}

const factorSubject = (user: UserTable) => `factor:${user.id}`

const stageOver = () => new AppError('unauthenticated', 'Give your user name and password again.')

/** A name that is nobody's is not written down: people type passwords there. */
const whoIs = (user: UserTable | undefined, request: HttpRequest) => ({
  userId: user?.id ?? null,
  username: user?.username ?? '(unknown name)',
  address: request.ip,
})
