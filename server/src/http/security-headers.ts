/** Headers on every answer (SECURITY.md R11, R14). The policy allows nothing inline and nothing from elsewhere. */
import type { Http } from './http.ts'

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

/** `isSecure`: over HTTPS browsers are told to stay there. What may be kept says so itself: files of the web app. */
export function headersOfEveryAnswer(isSecure: boolean, requestId: string): Record<string, string> {
  return {
    'content-security-policy': contentSecurityPolicy,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
    'cache-control': 'no-store',
    ...(isSecure ? { 'strict-transport-security': 'max-age=31536000' } : {}),
    'x-request-id': requestId,
  }
}

export function securityHeaders(http: Http, isSecure: boolean): void {
  http.addHook('onRequest', async (request, reply) => {
    reply.headers(headersOfEveryAnswer(isSecure, request.id))
  })
}
