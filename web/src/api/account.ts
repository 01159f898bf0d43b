/** Who am I, set-up of the first administrator, signing in and out. */
import { loginRequest, me, setupRequest, setupState } from '@vedette/shared/user.ts'
import type { z } from 'zod'
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

export const logIn = (body: z.input<typeof loginRequest>) =>
  post({ path: '/api/login', body: loginRequest.parse(body), out: me })

export const logOut = () => post({ path: '/api/logout' })
