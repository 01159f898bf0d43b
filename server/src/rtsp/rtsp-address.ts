/**
 * A camera's address as people paste it, split into its parts. Not a URL parser: vendors put `@`, `#` and worse into
 * passwords and paths, and both must arrive at the camera as they were written.
 */
import { isIPv6 } from 'node:net'
import { AppError } from '../lib/app-error.ts'

/** Where a stream is; never with credentials. */
export interface RtspAddress {
  /** Without brackets. */
  readonly host: string
  readonly port: number
  /** With the leading slash and the query. */
  readonly path: string
  readonly tls: boolean
}

export interface SplitAddress extends RtspAddress {
  /** The same as one text, without credentials: what is stored and shown. */
  readonly address: string
  /** undefined when the address has no credentials at all. */
  readonly username: string | undefined
  readonly password: string | undefined
}

/** UniFi writes its secure streams in two ways of its own. */
const schemes: Readonly<Record<string, boolean>> = { rtsp: false, rtsps: true, rtspx: true, rstsps: true }
const defaultPort = (tls: boolean) => (tls ? 322 : 554)

/** Splits a pasted address; throws bad_request with `field` when it is none. */
export function splitAddress(text: string, field = 'address'): SplitAddress {
  const split = trySplitAddress(text)
  if (typeof split === 'string') throw new AppError('bad_request', split, { field })
  return split
}

/** The same for addresses that a camera sends: a text tells what is wrong. */
export function trySplitAddress(text: string): SplitAddress | string {
  const trimmed = text.trim()
  if (trimmed.length > 2000) return 'The address is too long.'
  if (/[\x00-\x1f\x7f]/.test(trimmed)) return 'The address has a line break or another control character in it.'
  const schemeEnd = trimmed.indexOf('://')
  const scheme = trimmed.slice(0, Math.max(0, schemeEnd)).toLowerCase()
  const tls = Object.hasOwn(schemes, scheme) ? schemes[scheme] : undefined
  if (tls === undefined) return 'A camera’s address begins with rtsp:// or rtsps://.'
  const rest = trimmed.slice(schemeEnd + 3)
  const authorityEnd = rest.search(/[/?#]/)
  const authority = authorityEnd < 0 ? rest : rest.slice(0, authorityEnd)
  const at = authority.lastIndexOf('@') // The last one: an unescaped @ belongs to the password.
  const { host, portText } = splitHost(authority.slice(at + 1))
  const port = Number(portText ?? defaultPort(tls))
  if (!isHost(host) || !/^\d{0,5}$/.test(portText ?? '') || port < 1 || port > 65_535) {
    return 'The address has no readable host and port. Put a password with special characters into its own field.'
  }
  const path = escapePath((authorityEnd < 0 ? '' : rest.slice(authorityEnd)).split('#')[0] ?? '')
  const location = { host: host.toLowerCase(), port, path, tls }
  return {
    ...location,
    address: formatAddress(location),
    ...splitCredentials(at < 0 ? undefined : authority.slice(0, at)),
  }
}

/** The address as one text, as it stands in requests. */
export function formatAddress({ host, port, path, tls }: RtspAddress): string {
  const shownHost = host.includes(':') ? `[${host}]` : host
  const shownPort = port === defaultPort(tls) ? '' : `:${port}`
  return `${tls ? 'rtsps' : 'rtsp'}://${shownHost}${shownPort}${path}`
}

/** Scheme, host and port of a stored address: who is asked, and shown the password. */
export function placeOf(address: string): string {
  const { host, port, tls } = splitAddress(address)
  return formatAddress({ host, port, path: '', tls })
}

function splitCredentials(text: string | undefined): Pick<SplitAddress, 'username' | 'password'> {
  if (text === undefined) return { username: undefined, password: undefined }
  const colon = text.indexOf(':')
  const username = colon < 0 ? text : text.slice(0, colon)
  return { username: unescapeText(username), password: unescapeText(colon < 0 ? '' : text.slice(colon + 1)) }
}

function splitHost(text: string): { host: string; portText: string | undefined } {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text)
  if (bracketed) return { host: bracketed[1] ?? '', portText: bracketed[2] }
  const colon = text.indexOf(':')
  return colon < 0
    ? { host: text, portText: undefined }
    : { host: text.slice(0, colon), portText: text.slice(colon + 1) }
}

function isHost(host: string): boolean {
  return isIPv6(host) ? !host.includes('%') : /^[a-z0-9_][a-z0-9._-]{0,252}$/i.test(host)
}

/** Only what would break a request line or a quoted string is escaped; the rest stays as the vendor wrote it. */
function escapePath(path: string): string {
  const whole = path.startsWith('/') ? path : `/${path}`
  return whole.replace(/[^\x21-\x7e]|["\\<>]/gu, (character) =>
    [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  )
}

/** A password may hold a bare %: it stays as it stands. */
function unescapeText(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString())
}
