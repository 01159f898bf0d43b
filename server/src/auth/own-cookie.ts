/** Our cookies: HttpOnly, SameSite, and with the `__Host-` prefix for each request that has TLS in its path (access.md R3). */
import type { HttpRequest } from '../http/http.ts'
import { isSecure } from '../http/trusted-proxies.ts'
import { trustedForMs } from './device-store.ts'
import { stageForMs } from './login-stage-store.ts'
import { absoluteLimitMs } from './session-store.ts'

export interface OwnCookie {
  readonly read: (request: HttpRequest) => string | undefined
  readonly set: (request: HttpRequest, value: string) => string
  readonly clear: (request: HttpRequest) => string
}

function ownCookie(plainName: string, maxAgeMs: number): OwnCookie {
  const nameFor = (request: HttpRequest) => (isSecure(request) ? `__Host-${plainName}` : plainName)
  const write = (request: HttpRequest, value: string, seconds: number) =>
    `${nameFor(request)}=${value}; Path=/; HttpOnly; SameSite=Strict${isSecure(request) ? '; Secure' : ''}; Max-Age=${seconds}`
  return {
    read: (request) => request.cookies[nameFor(request)],
    set: (request, value) => write(request, value, maxAgeMs / 1000),
    clear: (request) => write(request, '', 0),
  }
}

export const sessionCookie = ownCookie('vedette', absoluteLimitMs)
/** Between the password and the second factor. */
export const stageCookie = ownCookie('vedette-login', stageForMs)
/** A browser that is not asked for the second factor. */
export const deviceCookie = ownCookie('vedette-device', trustedForMs)
