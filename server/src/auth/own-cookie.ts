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
    read: (request) => readOnce(request, nameFor(request)),
    set: (request, value) => write(request, value, maxAgeMs / 1000),
    clear: (request) => write(request, '', 0),
  }
}

/**
 * Nothing where a cookie came twice: a neighbouring host or a page below another path can plant one that browsers send
 * before ours, and nobody is to act in somebody else's session without knowing it.
 */
function readOnce(request: HttpRequest, name: string): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';')
  const count = pairs.filter((pair) => pair.slice(0, pair.indexOf('=')).trim() === name).length
  return count === 1 ? request.cookies[name] : undefined
}

export const sessionCookie = ownCookie('vedette', absoluteLimitMs)
/** Between the password and the second factor. */
export const stageCookie = ownCookie('vedette-login', stageForMs)
/** A browser that is not asked for the second factor. */
export const deviceCookie = ownCookie('vedette-device', trustedForMs)
