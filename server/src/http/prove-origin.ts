/**
 * Which pages may change something here (SECURITY.md R12, R13): only our own. State changes and WebSockets must come from our
 * origin; a body must be JSON, or the file that the route declares. The host was checked before (own-hosts.ts).
 */
import { AppError } from '../lib/app-error.ts'
import type { Http, HttpRequest } from './http.ts'

export function proveOrigin(http: Http): void {
  http.addHook('onRequest', async (request) => {
    const isUpgrade = request.headers.upgrade !== undefined
    const changesState = request.method !== 'GET' && request.method !== 'HEAD'
    if (!isUpgrade && !changesState) return
    const site = request.headers['sec-fetch-site']
    if (site !== undefined && site !== 'same-origin')
      throw new AppError('forbidden', 'This request came from another site.')
    const origin = request.headers.origin
    // Programs (curl, tests) send no Origin; they hold no browser's cookie, so they are not what this protects from.
    if (
      origin === undefined
        ? isUpgrade && site === undefined && !bringsToken(request.headers)
        : origin !== originOf(request)
    )
      throw new AppError('forbidden', 'This request came from another site.')
    const { upload } = request.routeOptions.config
    const type = request.headers['content-type']?.split(';')[0]?.trim()
    if (
      changesState &&
      type !== 'application/json' &&
      (type === undefined || type !== upload) &&
      hasBody(request.headers)
    )
      throw new AppError('unsupported_media_type', `Send the body as ${upload ?? 'application/json'}.`)
  })
}

/** As the browser knows the server that it asks: a default port is not part of it. */
export function originOf(request: HttpRequest): string {
  const isHttps = request.protocol === 'https'
  return `${isHttps ? 'https' : 'http'}://${request.host.toLowerCase().replace(isHttps ? /:443$/ : /:80$/, '')}`
}

/** A browser's WebSocket cannot send these headers, and other requests of pages that do are asked for an origin all the same. */
const bringsToken = (headers: Record<string, unknown>) =>
  headers['x-api-key'] !== undefined || headers.authorization !== undefined

const hasBody = (headers: Record<string, unknown>) =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
