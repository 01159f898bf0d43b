/** One's own second factors: an app's codes, passkeys, recovery codes, trusted devices. Changes ask for the password. */
import {
  newPasskey,
  passkeyOptions,
  recoveryCodes,
  secondFactorState,
  totpSetup,
} from '@vedette/shared/second-factor.ts'
import type { z } from 'zod'
import { del, get, post } from './http.ts'

export const readSecondFactor = (signal?: AbortSignal) =>
  get({ path: '/api/me/second-factor', out: secondFactorState, signal })

/** A new secret, in force once a code of it was given. */
export const beginTotp = (password: string) => post({ path: '/api/me/totp', body: { password }, out: totpSetup })

/** Recovery codes where there are none yet; else null. */
export const confirmTotp = async (code: string) =>
  (await post({ path: '/api/me/totp/confirm', body: { code }, out: recoveryCodes })).recoveryCodes

export const removeTotp = (password: string) => post({ path: '/api/me/totp/remove', body: { password } })

/** What navigator.credentials.create is to be asked. */
export const newPasskeyQuestion = async (password: string) =>
  (await post({ path: '/api/me/passkeys/options', body: { password }, out: passkeyOptions })).publicKey

export const addPasskey = async (body: z.input<typeof newPasskey>) =>
  (await post({ path: '/api/me/passkeys', body: newPasskey.parse(body), out: recoveryCodes })).recoveryCodes

export const removePasskey = (id: string, password: string) =>
  post({ path: `/api/me/passkeys/${id}/remove`, body: { password } })

/** New ones; the old ones open nothing any more. */
export const renewRecoveryCodes = async (password: string) =>
  (await post({ path: '/api/me/recovery-codes', body: { password }, out: recoveryCodes })).recoveryCodes

export const forgetDevice = (id: string) => del({ path: `/api/me/devices/${id}` })
