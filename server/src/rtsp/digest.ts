/**
 * Answers to WWW-Authenticate: Digest (RFC 2617, RFC 7616; MD5 and SHA-256, with and without -sess, qop auth or none)
 * and Basic (RFC 7617). Pure; all texts are bytes written as latin1.
 */
import { createHash } from 'node:crypto'

export interface Challenge {
  readonly scheme: 'digest' | 'basic'
  readonly algorithm: 'md5' | 'sha256'
  readonly isSession: boolean
  /** As the camera wrote it; undefined when it wrote none. */
  readonly algorithmText: string | undefined
  readonly realm: string
  readonly nonce: string
  readonly opaque: string | undefined
  readonly qop: 'auth' | undefined
  readonly isStale: boolean
}

export interface Credentials {
  readonly username: string
  readonly password: string
}

/** The strongest challenge that can be answered; undefined when there is none. */
export function chooseChallenge(headerValues: readonly string[]): Challenge | undefined {
  const strength = (one: Challenge) => (one.scheme === 'basic' ? 0 : one.algorithm === 'md5' ? 1 : 2)
  const offered = headerValues.slice(0, 8).flatMap(splitChallenges).map(readChallenge)
  return offered.filter((one) => one !== undefined).sort((a, b) => strength(b) - strength(a))[0]
}

/** The value of the Authorization header. `count` is the number of requests with this nonce, from 1. */
export function answerChallenge(
  challenge: Challenge,
  credentials: Credentials,
  request: { readonly method: string; readonly uri: string; readonly count: number; readonly clientNonce: string },
): string {
  const username = asBytes(credentials.username)
  const password = asBytes(credentials.password)
  if (challenge.scheme === 'basic') {
    return `Basic ${Buffer.from(`${username}:${password}`, 'latin1').toString('base64')}`
  }
  const hash = (text: string) => createHash(challenge.algorithm).update(text, 'latin1').digest('hex')
  const { realm, nonce, qop } = challenge
  const count = request.count.toString(16).padStart(8, '0')
  const plainA1 = hash(`${username}:${realm}:${password}`)
  const a1 = challenge.isSession ? hash(`${plainA1}:${nonce}:${request.clientNonce}`) : plainA1
  const a2 = hash(`${request.method}:${request.uri}`)
  const middle = qop ? `${nonce}:${count}:${request.clientNonce}:${qop}` : nonce
  const fields = [
    `username=${quote(username)}`,
    `realm=${quote(realm)}`,
    `nonce=${quote(nonce)}`,
    `uri=${quote(request.uri)}`,
    `response="${hash(`${a1}:${middle}:${a2}`)}"`,
    ...(challenge.algorithmText ? [`algorithm=${challenge.algorithmText}`] : []),
    ...(challenge.opaque === undefined ? [] : [`opaque=${quote(challenge.opaque)}`]),
    ...(qop ? [`qop=${qop}`, `nc=${count}`] : []),
    ...(qop || challenge.isSession ? [`cnonce=${quote(request.clientNonce)}`] : []),
  ]
  return `Digest ${fields.join(', ')}`
}

/** One header may carry several challenges: `Digest realm="a, b", nonce="c", Basic realm="d"`. */
function splitChallenges(value: string): string[] {
  const challenges: string[] = []
  for (const part of value.slice(0, 4096).match(/(?:"(?:[^"\\]|\\.)*"|[^",])+/g) ?? []) {
    const text = part.trim()
    if (/^[a-z]+(?:\s+[a-z-]+\s*=|$)/i.test(text)) challenges.push(text)
    else if (challenges.length > 0) challenges.push(`${challenges.pop()}, ${text}`)
  }
  return challenges
}

function readChallenge(text: string): Challenge | undefined {
  const scheme = /^\S+/.exec(text)?.[0].toLowerCase()
  const fields = new Map<string, string>()
  for (const [, name = '', quoted, plain = ''] of text.matchAll(
    // Bounded names and spaces: what a camera writes is looked through once, however long it is.
    /([a-z-]{1,32})\s{0,8}=\s{0,8}(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/gi,
  )) {
    fields.set(name.toLowerCase(), quoted === undefined ? plain : quoted.replace(/\\(.)/g, '$1'))
  }
  const realm = fields.get('realm') ?? ''
  const none = {
    algorithm: 'md5',
    isSession: false,
    algorithmText: undefined,
    opaque: undefined,
    qop: undefined,
  } as const
  if (scheme === 'basic') return { ...none, scheme, realm, nonce: '', isStale: false }
  const algorithmText = fields.get('algorithm')
  const algorithm = /^(md5|sha-256)(-sess)?$/i.exec(algorithmText ?? 'MD5')
  const nonce = fields.get('nonce')
  const offered = fields
    .get('qop')
    ?.toLowerCase()
    .split(/[\s,]+/)
  if (scheme !== 'digest' || !algorithm || nonce === undefined) return undefined
  if (offered && !offered.includes('auth') && !offered.includes('')) return undefined // Only auth-int.
  return {
    scheme,
    algorithm: algorithm[1]?.toLowerCase() === 'md5' ? 'md5' : 'sha256',
    isSession: algorithm[2] !== undefined,
    algorithmText,
    realm,
    nonce,
    opaque: fields.get('opaque'),
    qop: offered?.includes('auth') ? 'auth' : undefined,
    isStale: fields.get('stale')?.toLowerCase() === 'true',
  }
}

const asBytes = (text: string) => Buffer.from(text).toString('latin1')
const quote = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`
