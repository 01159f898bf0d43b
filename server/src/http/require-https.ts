/**
 * Clear HTTP is for this machine alone (SECURITY.md R10). From elsewhere a page is sent to HTTPS at the same, already checked,
 * host, and anything else is refused: a password or cookie must not go over the wire a second time.
 */
import { AppError } from '../lib/app-error.ts'
import type { Http, HttpRequest } from './http.ts'
import { loopbackHosts, nameOfHost } from './own-hosts.ts'
import { isSecure } from './trusted-proxies.ts'

export interface ClearHttp {
  /** This port speaks TLS, too: nobody needs clear HTTP here. */
  readonly hasTls: boolean
  /** A proxy on this machine would look like this machine: then the host name must be loopback's as well. */
  readonly hasProxies: boolean
}

export function requireHttps(http: Http, { hasTls, hasProxies }: ClearHttp): void {
  const isLocal = (request: HttpRequest) =>
    !hasTls && (!hasProxies || (!request.isForwarded && loopbackHosts.includes(nameOfHost(request.host))))
  http.addHook('onRequest', async (request, reply) => {
    if (isSecure(request) || isLocal(request) || request.routeOptions.config.isOpenToClearHttp) return
    const { method, url, host } = request
    const isPage = (method === 'GET' || method === 'HEAD') && !isOfApi(request) && !request.headers.upgrade
    if (!isPage)
      throw new AppError('https_required', 'This server speaks HTTPS only: write https:// instead of http://.')
    // A proxy's clear port says nothing of its port for HTTPS; ours is the same for both.
    const target = request.isForwarded ? nameOfHost(host) : host
    return reply.header('cache-control', 'no-store').redirect(`https://${target}${url}`, 308)
  })
}

/** As the router reads the address: /%61pi is /api to it. What is no path of ours is no page either. */
export function isOfApi({ url }: HttpRequest): boolean {
  try {
    return !/^\/(?!api(\/|$))/.test(decodeURIComponent(url.split(/[?#]/, 1)[0] ?? ''))
  } catch {
    return true
  }
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** An ACME authority asks over clear HTTP. */
    isOpenToClearHttp?: true
  }
}
