/**
 * A camera's address as people paste it: credentials are taken out of it, a missing scheme is put before it.
 *
 * Not here: whether it leads anywhere (probe), what may be saved (the server).
 */

export interface SplitAddress {
  readonly address: string
  /** Undefined where the text had none. */
  readonly username: string | undefined
  readonly password: string | undefined
}

/** How a camera is reached, as a form holds it. */
export interface Connection {
  readonly address: string
  readonly username: string
  /** Null: not touched; the stored one, if any, stays. */
  readonly password: string | null
  readonly transport: 'tcp' | 'udp'
}

const scheme = /^([a-z][a-z0-9+.-]*):\/\//i

export function splitAddress(text: string): SplitAddress {
  const trimmed = text.trim()
  if (trimmed === '') return { address: '', username: undefined, password: undefined }
  const prefix = scheme.exec(trimmed)?.[0] ?? 'rtsp://'
  const rest = scheme.test(trimmed) ? trimmed.slice(prefix.length) : trimmed
  const at = credentialsEnd(rest)
  if (at < 0) return { address: prefix + rest, username: undefined, password: undefined }
  const credentials = rest.slice(0, at)
  const colon = credentials.indexOf(':')
  return {
    address: prefix + rest.slice(at + 1),
    username: decode(colon < 0 ? credentials : credentials.slice(0, colon)),
    password: colon < 0 ? undefined : decode(credentials.slice(colon + 1)),
  }
}

/** Host of an address in lower case, without port; empty where there is none. */
export function hostOf(address: string): string {
  const authority = splitAddress(address).address.replace(scheme, '').split(/[/?#]/, 1)[0] ?? ''
  return authority.replace(/:\d*$/, '').toLowerCase()
}

/** Position of the @ that ends the credentials, or -1. A password may hold @ and, unescaped, even a slash. */
function credentialsEnd(rest: string): number {
  const slash = rest.search(/[/?]/)
  const authority = slash < 0 ? rest : rest.slice(0, slash)
  const at = authority.lastIndexOf('@')
  if (at >= 0) return at
  const afterColon = /:([^:\]]*)$/.exec(authority)?.[1]
  const isHostAndPort = afterColon === undefined || /^\d*$/.test(afterColon)
  return isHostAndPort ? -1 : rest.lastIndexOf('@')
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // A lone % that stands for itself.
  }
}
