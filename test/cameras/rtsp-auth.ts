/** The camera's side of RTSP authentication: Basic (RFC 7617) and Digest (RFC 7616: MD5, SHA-256, with and without qop). */
import { createHash, randomBytes } from 'node:crypto'

export interface AuthOptions {
  readonly scheme: 'none' | 'basic' | 'digest'
  readonly username: string
  readonly password: string
  readonly algorithm?: 'MD5' | 'SHA-256'
  readonly qop?: boolean
}

const realm = 'simulated camera'

/** Nonces that are good now; `expire` makes them stale. */
export class Nonces {
  #current = randomBytes(16).toString('hex')
  #stale = ''
  get current() {
    return this.#current
  }
  isStale(nonce: string) {
    return nonce === this.#stale
  }
  expire(): void {
    this.#stale = this.#current
    this.#current = randomBytes(16).toString('hex')
  }
}

/** undefined: let in. Otherwise the WWW-Authenticate header of the 401. */
export function challengeFor(
  auth: AuthOptions,
  nonces: Nonces,
  method: string,
  header: string | undefined,
): string | undefined {
  if (auth.scheme === 'none') return undefined
  if (auth.scheme === 'basic') {
    const wanted = `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`
    return header === wanted ? undefined : `Basic realm="${realm}"`
  }
  const given = parseDigest(header)
  const algorithm = auth.algorithm ?? 'MD5'
  const isRight =
    given.get('response') === digestResponse(auth, method, given) && given.get('username') === auth.username
  if (isRight && given.get('nonce') === nonces.current) return undefined
  const stale = isRight && nonces.isStale(given.get('nonce') ?? '') ? ', stale=TRUE' : ''
  const qop = auth.qop ? ', qop="auth"' : ''
  return `Digest realm="${realm}", nonce="${nonces.current}", algorithm=${algorithm}${qop}${stale}`
}

function parseDigest(header = ''): Map<string, string> {
  const fields = new Map<string, string>()
  if (!header.startsWith('Digest ')) return fields
  for (const [, name = '', quoted, bare] of header.slice(7).matchAll(/(\w+)=(?:"([^"]*)"|([^\s,]+))/g)) {
    fields.set(name.toLowerCase(), quoted ?? bare ?? '')
  }
  return fields
}

function digestResponse(auth: AuthOptions, method: string, given: Map<string, string>): string {
  const hash = (text: string) =>
    createHash(auth.algorithm === 'SHA-256' ? 'sha256' : 'md5')
      .update(text)
      .digest('hex')
  const field = (name: string) => given.get(name) ?? ''
  const who = hash(`${auth.username}:${realm}:${auth.password}`)
  const what = hash(`${method}:${field('uri')}`)
  const middle = auth.qop ? [field('nonce'), field('nc'), field('cnonce'), 'auth'] : [field('nonce')]
  return hash([who, ...middle, what].join(':'))
}
