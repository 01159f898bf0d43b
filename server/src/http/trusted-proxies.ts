/**
 * What a TLS proxy in front of Vedette may say of a request (SECURITY.md R3, R7, R10). `X-Forwarded-For`, `-Proto` and `-Host`
 * count only from peers that the administrator named, and are taken off every other request before anything reads them.
 *
 * Afterwards `request.ip`, `request.protocol` and `request.host` are what rooms may believe.
 * `Forwarded` (RFC 7239) is not read: proxies that write the X- headers pass on what a client wrote there.
 */
import ipaddr from 'ipaddr.js'
import { AppError } from '../lib/app-error.ts'
import type { Http, HttpRequest } from './http.ts'

/** Whether a peer is one of the configured proxies. */
export type IsProxy = (address: string | undefined) => boolean

declare module 'fastify' {
  interface FastifyRequest {
    /** It came through something in between, trusted or not; nobody on this machine asked directly. */
    isForwarded: boolean
  }
}

/** A client may write as many hops as it likes in front of the real ones; no chain of real proxies is longer. */
const maxHops = 16
const traces = ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'forwarded', 'via']

/** Judges the list of networks ("10.0.0.2, fd00::/8"). Throws bad_request for what is no network, and for everybody. */
export function readNetworks(texts: readonly string[]): IsProxy {
  const networks = texts.map((text) => {
    try {
      const network = text.includes('/') ? ipaddr.parseCIDR(text) : wholeAddress(text)
      if (network[1] > 0) return network
    } catch {
      // Said below.
    }
    throw new AppError(
      'bad_request',
      `${text} is not the address or network of a proxy, as in 10.0.0.2 or 10.0.0.0/24.`,
    )
  })
  return (address) => {
    if (networks.length === 0 || address === undefined || !ipaddr.isValid(address)) return false
    const peer = ipaddr.process(address)
    return networks.some(([base, bits]) => base.kind() === peer.kind() && peer.match(base, bits))
  }
}

function wholeAddress(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  if (!ipaddr.IPv4.isValidFourPartDecimal(text) && !ipaddr.IPv6.isValid(text)) throw new Error('not an address')
  const address = ipaddr.process(text)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}

/**
 * The right-most hop that is not one of ours. What a proxy wrote that is no address ends the walk: then the proxy that passed it on
 * stands for its clients. Undefined: nothing usable was written.
 */
export function clientBehind(forwardedFor: string, isProxy: IsProxy): string | undefined {
  let client: string | undefined
  for (const text of forwardedFor.split(',').slice(-maxHops).reverse()) {
    const hop = hopAddress(text.trim())
    if (hop === undefined) return client
    client = hop
    if (!isProxy(hop)) return client
  }
  return client
}

/** With or without a port and brackets: some proxies write 203.0.113.7:4711 and [2001:db8::1]:4711. */
function hopAddress(text: string): string | undefined {
  const bare = /^\[([0-9a-f:.]+)\](?::\d{1,5})?$/i.exec(text)?.[1] ?? /^([\d.]+):\d{1,5}$/.exec(text)?.[1] ?? text
  if (!ipaddr.IPv4.isValidFourPartDecimal(bare) && !(bare.includes(':') && ipaddr.IPv6.isValid(bare))) return undefined
  if (bare.includes('%')) return undefined
  return ipaddr.process(bare).toString()
}

/** Fastify's own reading of the headers, which hold one checked value each by then. */
export const trustPeer = (isProxy: IsProxy) => (address: string, hop: number) => hop === 0 && isProxy(address)

/** The first hook of all. */
export function believeProxies(http: Http, isProxy: IsProxy): void {
  http.decorateRequest('isForwarded', false)
  http.addHook('onRequest', async (request) => {
    const { headers } = request.raw
    request.isForwarded = traces.some((name) => headers[name] !== undefined)
    const isTrusted = isProxy(request.socket.remoteAddress)
    const say = (name: string, value: string | undefined) => {
      delete headers[name]
      if (value !== undefined && isTrusted) headers[name] = value
    }
    say('x-forwarded-for', clientBehind([headers['x-forwarded-for'] ?? ''].flat().join(','), isProxy))
    const scheme = lastOf(headers['x-forwarded-proto'])?.toLowerCase()
    say('x-forwarded-proto', scheme === 'https' || scheme === 'http' ? scheme : undefined)
    say('x-forwarded-host', lastOf(headers['x-forwarded-host']))
    // On a socket for both families IPv4 wears IPv6's clothes; limits, sessions and the audit log know one spelling.
    if (request.ip?.startsWith('::ffff:')) Object.defineProperty(request, 'ip', { value: plainAddress(request.ip) })
  })
}

const plainAddress = (address: string) => (ipaddr.isValid(address) ? ipaddr.process(address).toString() : address)

/** What the nearest proxy wrote. */
function lastOf(header: string | string[] | undefined): string | undefined {
  return [header ?? []].flat().join(',').split(',').at(-1)?.trim() || undefined
}

/** Over TLS, to here or to a trusted proxy: decides cookies, origins and HSTS for each request. */
export const isSecure = (request: HttpRequest) => request.protocol === 'https'
