/** Our cookies: HttpOnly, SameSite, and with the `__Host-` prefix wherever TLS is in the path (access.md R3). */
import type { HttpRequest } from '../http/http.ts'
import { trustedForMs } from './device-store.ts'
import { stageForMs } from './login-stage-store.ts'
import { absoluteLimitMs } from './session-store.ts'

export interface OwnCookie {
  readonly read: (request: HttpRequest) => string | undefined
  readonly set: (value: string) => string
  readonly cleared: string
}

function ownCookie(plainName: string, isSecure: boolean, maxAgeMs: number): OwnCookie {
  const name = isSecure ? `__Host-${plainName}` : plainName
  const attributes = `Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`
  return {
    read: (request) => request.cookies[name],
    set: (value) => `${name}=${value}; ${attributes}; Max-Age=${maxAgeMs / 1000}`,
    cleared: `${name}=; ${attributes}; Max-Age=0`,
  }
}

export const sessionCookie = (isSecure: boolean) => ownCookie('vedette', isSecure, absoluteLimitMs)
/** Between the password and the second factor. */
export const stageCookie = (isSecure: boolean) => ownCookie('vedette-login', isSecure, stageForMs)
/** A browser that is not asked for the second factor. */
export const deviceCookie = (isSecure: boolean) => ownCookie('vedette-device', isSecure, trustedForMs)
