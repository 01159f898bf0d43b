/**
 * HTTPS without anybody's help: a local authority made once, and a certificate for this machine's names and addresses,
 * renewed when they change or it nears its end (SECURITY.md R10). ECDSA P-256, keys in 0600 files.
 */
import 'reflect-metadata' // Must come before x509.
import { createHash, webcrypto } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { hostname, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import * as x509 from '@peculiar/x509'
import ipaddr from 'ipaddr.js'

export interface TlsIdentity {
  /** Leaf and authority, PEM. */
  readonly cert: string
  readonly key: string
  /** SHA-256 of the leaf, as browsers show it. */
  readonly fingerprint: string
  /** Names and addresses in the certificate. */
  readonly names: readonly string[]
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const dayMs = 86_400_000
const authorityDays = 3650
/** Browsers refuse leaves that live longer than 398 days. */
const leafDays = 390
const renewDays = 30

/** Reads or makes the certificate in `folder`. `extraNames`: what the user listens on besides this machine's own names. */
export async function openOwnCertificate(
  folder: string,
  extraNames: readonly string[],
  nowMs: number,
): Promise<TlsIdentity> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const names = [...new Set([...ownNames(), ...extraNames])].sort()
  const found = await readIdentity(folder)
  const isGood =
    found &&
    names.every((name) => found.names.includes(name)) &&
    new x509.X509Certificate(found.cert.slice(0, found.cert.indexOf('-----END') + 25)).notAfter.getTime() - nowMs >
      renewDays * dayMs
  return isGood ? found : makeIdentity(folder, names, nowMs)
}

/** Names and addresses by which this machine can be reached. */
function ownNames(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).filter((a) => !a.address.includes('%') && !(a.family === 'IPv6' && a.scopeid)).map((a) => a.address),
  )
  return ['localhost', hostname().toLowerCase(), `${hostname().toLowerCase()}.local`, ...addresses]
}

async function readIdentity(folder: string): Promise<TlsIdentity | undefined> {
  try {
    const [cert, key, names] = await Promise.all(
      ['cert.pem', 'key.pem', 'names.json'].map((file) => readFile(join(folder, file), 'utf8')),
    )
    if (!cert || !key || !names) return undefined
    const parsed: unknown = JSON.parse(names)
    return { cert, key, names: Array.isArray(parsed) ? parsed.map(String) : [], fingerprint: fingerprintOf(cert) }
  } catch {
    return undefined // None yet, or not whole: a new one is made.
  }
}

async function makeIdentity(folder: string, names: readonly string[], nowMs: number): Promise<TlsIdentity> {
  const authority = await openAuthority(folder, nowMs)
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const leaf = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: 'CN=Vedette',
    issuer: authority.cert.subject,
    notBefore: new Date(nowMs - dayMs),
    notAfter: new Date(nowMs + leafDays * dayMs),
    publicKey: keys.publicKey,
    signingKey: authority.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((name) => ({ type: ipaddr.isValid(name) ? 'ip' : 'dns', value: name })),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(authority.cert.publicKey),
    ],
  })
  const cert = `${leaf.toString('pem')}\n${authority.cert.toString('pem')}\n`
  const key = await exportKey(keys.privateKey)
  await writeFile(join(folder, 'key.pem'), key, { mode: 0o600 })
  await writeFile(join(folder, 'cert.pem'), cert, { mode: 0o600 })
  await writeFile(join(folder, 'names.json'), JSON.stringify(names), { mode: 0o600 })
  return { cert, key, names, fingerprint: fingerprintOf(cert) }
}

async function openAuthority(folder: string, nowMs: number) {
  const certPath = join(folder, 'authority.pem')
  const keyPath = join(folder, 'authority-key.pem')
  try {
    const cert = new x509.X509Certificate(await readFile(certPath, 'utf8'))
    const der = x509.PemConverter.decodeFirst(await readFile(keyPath, 'utf8'))
    const privateKey = await webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign'])
    if (cert.notAfter.getTime() - nowMs > leafDays * dayMs) return { cert, privateKey }
  } catch {
    // None yet, or not whole: a new one is made.
  }
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: `CN=Vedette on ${hostname().replace(/[^\w.-]/g, '')}`,
    notBefore: new Date(nowMs - dayMs),
    notAfter: new Date(nowMs + authorityDays * dayMs),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  await writeFile(keyPath, await exportKey(keys.privateKey), { mode: 0o600 })
  await writeFile(certPath, cert.toString('pem'), { mode: 0o600 })
  return { cert, privateKey: keys.privateKey }
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  return `${x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`
}

function serial(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16))
  bytes[0] = (bytes[0] ?? 0) & 0x7f // A serial number is positive (RFC 5280, 4.1.2.2).
  return Buffer.from(bytes).toString('hex')
}

function fingerprintOf(pem: string): string {
  const der = x509.PemConverter.decodeFirst(pem)
  return (createHash('sha256').update(Buffer.from(der)).digest('hex').toUpperCase().match(/../g) ?? []).join(':')
}
