/** Host names that this server answers to; others are refused, for a foreign name may have been pointed here (DNS rebinding, R14). */
import ipaddr from 'ipaddr.js'
import { AppError } from '../lib/app-error.ts'
import type { Http, HttpRequest } from './http.ts'

export const loopbackHosts: readonly string[] = ['127.0.0.1', 'localhost', '[::1]']

/** "[::1]:8080" -> "[::1]" */
export const nameOfHost = (host: string) => host.toLowerCase().replace(/:\d{1,5}$/, '')

/** As a Host header writes it: IPv6 in brackets. */
export const asHost = (name: string) => (name.includes(':') ? `[${name.toLowerCase()}]` : name.toLowerCase())

/** `names`, without port, is asked for every request: this machine's addresses may change. Loopback is always known. */
export function refuseUnknownHosts(http: Http, names: () => readonly string[]): void {
  http.addHook('onRequest', async (request) => {
    // Node takes the first of two, something in front may have taken the last (RFC 9112, 3.2: refuse it).
    const { rawHeaders } = request.raw
    const hosts = rawHeaders.filter((text, i) => i % 2 === 0 && text.toLowerCase() === 'host')
    if (hosts.length > 1) throw new AppError('bad_request', 'The request names two hosts.')
    const name = nameOfHost(request.host)
    if (loopbackHosts.includes(name) || names().includes(name) || isOwnAddress(name, request)) return
    throw new AppError(
      'bad_request',
      'This server does not answer to that host name. If it is yours, name it in VEDETTE_HOSTNAMES.',
    )
  })
}

/** The address that the connection came in at; no page elsewhere can make a browser send that. */
function isOwnAddress(name: string, request: HttpRequest): boolean {
  const { localAddress } = request.socket
  const literal = name.replace(/^\[|\]$/g, '')
  if (localAddress === undefined || !ipaddr.isValid(localAddress) || !ipaddr.isValid(literal)) return false
  return ipaddr.process(localAddress).toString() === ipaddr.process(literal).toString()
}
