/**
 * Which pages may speak to this server (SECURITY.md R12–R14): only its own. Unknown Host headers are refused (DNS rebinding);
 * state changes and WebSockets must come from our origin; a body must be JSON.
 */
import { AppError } from '../lib/app-error.ts'
import type { Http } from './http.ts'

export interface OwnOrigin {
  /** Host names that this server answers to, without port. Loopback names are always among them. */
  readonly hosts: readonly string[]
  readonly isSecure: boolean
}

const loopbackHosts = ['127.0.0.1', 'localhost', '[::1]']

export function proveOrigin(http: Http, own: OwnOrigin): void {
  const hosts = new Set([...loopbackHosts, ...own.hosts.map((host) => host.toLowerCase())])
  http.addHook('onRequest', async (request) => {
    const host = request.headers.host ?? ''
    const name = host.toLowerCase().replace(/:\d{1,5}$/, '')
    if (!hosts.has(name)) throw new AppError('bad_request', 'This server does not answer to that host name.')
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
        : origin !== `${own.isSecure ? 'https' : 'http'}://${host}`
    )
      throw new AppError('forbidden', 'This request came from another site.')
    if (
      changesState &&
      request.headers['content-type']?.split(';')[0]?.trim() !== 'application/json' &&
      hasBody(request.headers)
    )
      throw new AppError('unsupported_media_type', 'Send the body as application/json.')
  })
}

/** A browser's WebSocket cannot send these headers, and other requests of pages that do are asked for an origin all the same. */
const bringsToken = (headers: Record<string, unknown>) =>
  headers['x-api-key'] !== undefined || headers.authorization !== undefined

const hasBody = (headers: Record<string, unknown>) =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
