/**
 * HTTPS without anybody's help: a local authority made once, and a certificate for this machine's names and addresses,
 * made anew when they change or it nears its end (SECURITY.md R10). ECDSA P-256, keys in 0600 files.
 * The authority may sign names of this house only (name-constraints.ts): people make their phones trust it.
 */
import 'reflect-metadata' // Must come before x509.
import { createPrivateKey, X509Certificate as NodeCertificate, webcrypto } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { hostname, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import * as x509 from '@peculiar/x509'
import ipaddr from 'ipaddr.js'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import {
  decodeConstraints,
  encodeConstraints,
  houseNames,
  isPermitted,
  nameConstraintsOid,
} from './name-constraints.ts'
import { type Certificate, daysLeft, readCertificate } from './read-certificate.ts'
import { writeWhole } from './write-whole.ts'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const dayMs = 86_400_000
const authorityDays = 3650
/** Browsers refuse leaves that live longer than 398 days. */
const leafDays = 390
const renewDays = 30
/** Addresses come and go; new ones must not stay without a certificate for long. */
const lookMs = 60_000
/** A machine with hundreds of virtual networks still gets a certificate that clients take. */
const maxNames = 100

export interface LocalOptions {
  /** <data>/tls */
  readonly folder: string
  /** What this machine is called besides its own names. */
  readonly extraNames: readonly string[]
  readonly clock: Clock
  readonly log: Log
}

export class LocalCertificate {
  readonly #options: LocalOptions
  #certificate: Certificate

  private constructor(options: LocalOptions, certificate: Certificate) {
    this.#options = options
    this.#certificate = certificate
  }

  /** Reads or makes it. */
  static async open(options: LocalOptions): Promise<LocalCertificate> {
    await mkdir(options.folder, { recursive: true, mode: 0o700 })
    const found = await readFound(options.folder)
    return new LocalCertificate(options, found && isGood(found, options) ? found : await make(options))
  }

  get certificate(): Certificate {
    return this.#certificate
  }

  /** The authority, PEM, for whoever wants to trust it. */
  get authority(): string {
    const { cert } = this.#certificate
    return cert.slice(cert.lastIndexOf('-----BEGIN CERTIFICATE-----'))
  }

  /** SHA-256 of the authority, as phones show it. */
  get authorityFingerprint(): string {
    return new NodeCertificate(this.authority).fingerprint256
  }

  /** True when another certificate was made. */
  async look(): Promise<boolean> {
    if (isGood(this.#certificate, this.#options)) return false
    this.#certificate = await make(this.#options)
    const { names, fingerprint } = this.#certificate
    this.#options.log.info({ names, fingerprint }, 'a new certificate was made for this machine')
    return true
  }

  async run(onChange: () => void, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options
    while (!signal.aborted) {
      await clock.sleep(lookMs, signal).catch(() => {})
      try {
        if (!signal.aborted && (await this.look())) onChange()
      } catch (error) {
        log.error({ err: error }, 'no new certificate could be made for this machine; the old one stays')
      }
    }
  }
}

function isGood(certificate: Certificate, { extraNames, clock }: LocalOptions): boolean {
  const nowMs = clock.nowMs()
  return (
    wantedNames(extraNames).every((name) => certificate.names.includes(name)) &&
    daysLeft(certificate, nowMs) > renewDays &&
    certificate.startsMs <= nowMs
  )
}

/** Names and addresses by which this machine can be reached. */
function wantedNames(extraNames: readonly string[]): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).filter((a) => !a.address.includes('%') && !(a.family === 'IPv6' && a.scopeid)).map((a) => a.address),
  )
  const host = hostname().toLowerCase()
  const names = ['localhost', ...extraNames, host, `${host}.local`, ...addresses].filter(
    (name) => ipaddr.isValid(name) || /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(name),
  )
  return [...new Set(names.map((name) => (ipaddr.isValid(name) ? ipaddr.parse(name).toString() : name)))].slice(
    0,
    maxNames,
  )
}

async function readFound(folder: string): Promise<Certificate | undefined> {
  try {
    const [cert, key, authority] = await Promise.all(
      ['cert.pem', 'key.pem', 'authority.pem'].map((file) => readFile(join(folder, file), 'utf8')),
    )
    if (!cert || !key || !authority) return undefined
    const leaf = new NodeCertificate(cert)
    return leaf.verify(new NodeCertificate(authority).publicKey) ? readCertificate(cert, key) : undefined
  } catch {
    return undefined // None yet, or not whole: a new one is made.
  }
}

async function make(options: LocalOptions): Promise<Certificate> {
  const { folder, extraNames, clock, log } = options
  const nowMs = clock.nowMs()
  const names = wantedNames(extraNames)
  const authority = await openAuthority(options, names)
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
  try {
    await writeWhole(join(folder, 'key.pem'), key)
    await writeWhole(join(folder, 'cert.pem'), cert)
  } catch (error) {
    // A full disk must not keep Vedette from starting; the next start makes another one.
    log.error({ err: error }, 'the certificate of this machine could not be written down')
  }
  return readCertificate(cert, key)
}

/** Another one, which devices must be made to trust anew, only where the old one nears its end or may not sign a name. */
async function openAuthority({ folder, log, clock }: LocalOptions, names: readonly string[]) {
  const nowMs = clock.nowMs()
  const certPath = join(folder, 'authority.pem')
  const keyPath = join(folder, 'authority-key.pem')
  const dnsNames = names.filter((name) => !ipaddr.isValid(name))
  try {
    const [certText, keyText] = [await readFile(certPath, 'utf8'), await readFile(keyPath, 'utf8')]
    const cert = new x509.X509Certificate(certText)
    const der = x509.PemConverter.decodeFirst(keyText)
    const privateKey = await webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign'])
    const isWhole = new NodeCertificate(certText).checkPrivateKey(createPrivateKey(keyText))
    const isLasting = cert.notAfter.getTime() - nowMs > leafDays * dayMs
    if (isWhole && isLasting && maySign(cert, dnsNames)) return { cert, privateKey }
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
      new x509.Extension(
        nameConstraintsOid,
        true,
        encodeConstraints([...houseNames, ...dnsNames.filter((name) => !isPermitted(name, houseNames))]),
      ),
    ],
  })
  try {
    await writeWhole(keyPath, await exportKey(keys.privateKey))
    await writeWhole(certPath, cert.toString('pem'))
  } catch (error) {
    log.error({ err: error }, 'the local authority could not be written down; the next start makes another one')
  }
  return { cert, privateKey: keys.privateKey }
}

/** One of an earlier version is not bound; it stays, for devices trust it. */
function maySign(authority: x509.X509Certificate, dnsNames: readonly string[]): boolean {
  const bound = authority.getExtension(nameConstraintsOid)
  if (!bound) return true
  const permitted = decodeConstraints(new Uint8Array(bound.value))
  return dnsNames.every((name) => isPermitted(name, permitted))
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  return `${x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`
}

function serial(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16))
  bytes[0] = (bytes[0] ?? 0) & 0x7f // A serial number is positive (RFC 5280, 4.1.2.2).
  return Buffer.from(bytes).toString('hex')
}
