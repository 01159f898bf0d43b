/** The session's cookie: HttpOnly, SameSite, and with the `__Host-` prefix wherever TLS is in the path (access.md R3). */
import type { HttpRequest } from '../http/http.ts'
import { absoluteLimitMs } from './session-store.ts'

export interface SessionCookie {
  readonly read: (request: HttpRequest) => string | undefined
  readonly set: (value: string) => string
  readonly cleared: string
}

export function sessionCookie(isSecure: boolean): SessionCookie {
  const name = isSecure ? '__Host-vedette' : 'vedette'
  const attributes = `Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`
  return {
    read: (request) => request.cookies[name],
    set: (value) => `${name}=${value}; ${attributes}; Max-Age=${absoluteLimitMs / 1000}`,
    cleared: `${name}=; ${attributes}; Max-Age=0`,
  }
}
