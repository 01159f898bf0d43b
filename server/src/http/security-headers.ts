/** Headers on every answer (SECURITY.md R11, R14). The policy allows nothing inline and nothing from elsewhere. */
import type { Http, HttpRequest } from './http.ts'
import { loopbackHosts, nameOfHost } from './own-hosts.ts'
import { isSecure } from './trusted-proxies.ts'

const contentSecurityPolicy = [
  "default-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "worker-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

/** What may be kept says so itself: files of the web app. */
export const fixedHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  'cache-control': 'no-store',
}

/**
 * Over HTTPS browsers are told to stay there, but not for loopback: that would be for everything else on it, too.
 */
export function headersOfEveryAnswer(request: HttpRequest): Record<string, string> {
  const staysSecure = isSecure(request) && !loopbackHosts.includes(nameOfHost(request.host))
  return {
    ...fixedHeaders,
    ...(staysSecure ? { 'strict-transport-security': 'max-age=31536000' } : {}),
    'x-request-id': request.id,
  }
}

export function securityHeaders(http: Http): void {
  http.addHook('onRequest', async (request, reply) => {
    reply.headers(headersOfEveryAnswer(request))
  })
}
