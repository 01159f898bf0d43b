/** What a certificate and its key say, judged: whose they are, whether they belong together, whether they are strong enough. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { createServer } from 'node:https'
import ipaddr from 'ipaddr.js'
import { AppError } from '../lib/app-error.ts'
import { harmless } from '../lib/readable-line.ts'
import { rememberSecret } from '../lib/redact.ts'
import type { KeyPair } from './listen-both.ts'

export interface Certificate extends KeyPair {
  /** Names and addresses that it is for. */
  readonly names: readonly string[]
  /** Who signed it: organisation and common name. */
  readonly issuer: string
  readonly startsMs: number
  readonly endsMs: number
  /** SHA-256 of the leaf, as browsers show it. */
  readonly fingerprint: string
}

const dayMs = 86_400_000
/** From here on people are told. Ours are renewed long before. */
const warnDays = 14
const curves = new Set(['prime256v1', 'secp384r1', 'secp521r1'])

/** Throws bad_request with half a sentence that says what is wrong: "its key …". An ended certificate is let through. */
export function readCertificate(cert: string, key: string): Certificate {
  rememberSecret(key)
  const leaf = read(() => new X509Certificate(cert), 'it holds no certificate in PEM form')
  const privateKey = read(() => createPrivateKey(key), 'its key cannot be read: give an unencrypted one in PEM form')
  if (!leaf.checkPrivateKey(privateKey))
    throw wrong('its key belongs to another certificate (the leaf must come first)')
  const weakness = weaknessOf(privateKey)
  if (weakness) throw wrong(weakness)
  // What OpenSSL does not take must be found out here, not when the server shows it.
  read(() => createServer({ cert, key, minVersion: 'TLSv1.2' }), 'OpenSSL refuses it')
  return {
    cert,
    key,
    names: namesOf(leaf),
    issuer: issuerOf(leaf),
    startsMs: leaf.validFromDate.getTime(),
    endsMs: leaf.validToDate.getTime(),
    fingerprint: leaf.fingerprint256,
  }
}

function weaknessOf(key: KeyObject): string | undefined {
  const { modulusLength = 0, namedCurve = '' } = key.asymmetricKeyDetails ?? {}
  const type = key.asymmetricKeyType ?? ''
  if (type.startsWith('rsa'))
    return modulusLength < 2048 ? `its RSA key of ${modulusLength} bits is too weak: use 2048 or more` : undefined
  if (type === 'ec') return curves.has(namedCurve) ? undefined : `its curve ${namedCurve} is not one that browsers take`
  return type === 'ed25519' ? undefined : `a key of the kind ${type} is not one that browsers take`
}

function namesOf(leaf: X509Certificate): string[] {
  return (leaf.subjectAltName ?? '').split(', ').flatMap((entry) => {
    const [, kind, name = ''] = /^(DNS|IP Address):([\w.*:-]+)$/.exec(entry) ?? []
    if (kind === 'DNS') return [name.toLowerCase()]
    return kind && ipaddr.isValid(name) ? [ipaddr.parse(name).toString()] : []
  })
}

/** The parts that people know an authority by, once each; whoever made a given certificate chose them. */
function issuerOf(leaf: X509Certificate): string {
  const parts = leaf.issuer.split('\n').flatMap((line) => /^(?:O|CN)=(.+)$/.exec(line)?.[1] ?? [])
  return harmless([...new Set(parts)].join(', ')).slice(0, 200)
}

/** Whole days until the end; negative after it. */
export const daysLeft = (certificate: Certificate, nowMs: number) => Math.floor((certificate.endsMs - nowMs) / dayMs)

/** A sentence for administrators while a certificate is over, near its end or not valid yet. `cure` says what to do. */
export function ageProblem(certificate: Certificate, nowMs: number, cure: string): string | undefined {
  const date = (ms: number) => new Date(ms).toISOString().slice(0, 10)
  const { startsMs, endsMs } = certificate
  if (nowMs >= endsMs) return `The certificate ended on ${date(endsMs)} and browsers refuse it. ${cure}`
  if (nowMs < startsMs) return `The certificate begins on ${date(startsMs)} only. Is this machine’s clock right?`
  const days = daysLeft(certificate, nowMs)
  if (days >= warnDays) return undefined
  return `The certificate ends ${days === 0 ? 'within a day' : days === 1 ? 'in a day' : `in ${days} days`} (${date(endsMs)}). ${cure}`
}

function read<T>(attempt: () => T, what: string): T {
  try {
    return attempt()
  } catch (cause) {
    throw wrong(what, cause)
  }
}

const wrong = (what: string, cause?: unknown) => new AppError('bad_request', what, { cause })
