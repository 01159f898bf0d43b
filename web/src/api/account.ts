/** Who am I, set-up of the first administrator, signing in (with a second factor, where there is one) and out. */
import { passkeyOptions, secondFactorNeeded, secondFactorRequest } from '@vedette/shared/second-factor.ts'
import { loginRequest, me, setupRequest, setupState } from '@vedette/shared/user.ts'
import { z } from 'zod'
import { ApiError, get, post } from './http.ts'

/** The signed-in user, or null for nobody. */
export async function whoAmI(signal?: AbortSignal) {
  try {
    return await get({ path: '/api/me', out: me, signal })
  } catch (error) {
    if (error instanceof ApiError && error.code === 'unauthenticated') return null
    throw error
  }
}

export const readSetup = (signal?: AbortSignal) => get({ path: '/api/setup', out: setupState, signal })

export const setUp = (body: z.input<typeof setupRequest>) =>
  post({ path: '/api/setup', body: setupRequest.parse(body), out: me })

/** The signed-in user, or what else must be proved. */
export const logIn = (body: z.input<typeof loginRequest>) =>
  post({ path: '/api/login', body: loginRequest.parse(body), out: z.union([me, secondFactorNeeded]) })

export const proveSecondFactor = (body: z.input<typeof secondFactorRequest>) =>
  post({ path: '/api/login/second-factor', body: secondFactorRequest.parse(body), out: me })

/** What navigator.credentials.get is to be asked. */
export const passkeyQuestion = async () => (await post({ path: '/api/login/passkey', out: passkeyOptions })).publicKey

/** The password counts as given for the next ten minutes. */
export const giveFreshPassword = (password: string) => post({ path: '/api/reauth', body: { password } })

export const logOut = () => post({ path: '/api/logout' })
