/** How Vedette is reached, put together: certificates by the configuration, the names it answers to, its proxies. */
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { WriteAudit } from '@vedette/shared/audit.ts'
import type { CertificateState } from '@vedette/shared/certificate.ts'
import type { Config } from './config.ts'
import type { AcmeCertificate } from './http/acme-certificate.ts'
import { AcmeChallenges } from './http/acme-challenges.ts'
import { openAcmePort } from './http/acme-port.ts'
import { Certificates } from './http/certificates.ts'
import { GivenCertificate } from './http/given-certificate.ts'
import { asHost } from './http/own-hosts.ts'
import type { AcmeConfig } from './http/transport-config.ts'
import type { TransportDeps } from './http/transport-routes.ts'
import type { IsProxy } from './http/trusted-proxies.ts'
import { AppError } from './lib/app-error.ts'
import type { Clock } from './lib/clock.ts'
import type { Log } from './lib/log.ts'
import { askHttps } from './net/ask-https.ts'

export interface Transport {
  /** Undefined: clear HTTP, on loopback. */
  readonly certificates: Certificates | undefined
  readonly hosts: () => readonly string[]
  readonly isProxy: IsProxy | undefined
  readonly routes: Omit<TransportDeps, 'clock'>
  /** Lines for the console: where Vedette can be reached, and how its certificate is known. */
  readonly waysIn: (url: string) => readonly string[]
  /** Sentences for administrators. */
  readonly problems: () => readonly string[]
  /** Renews what must be renewed, and answers authorities, until the signal. `port`: where HTTPS is. */
  readonly run: (port: number, signal: AbortSignal) => Promise<void>
}

const loopback = ['127.0.0.1', 'localhost', '::1']
/** Where to listen, but no name to be called by. */
const anyAddress = ['0.0.0.0', '::']
const securityPath = resolve(import.meta.dirname, '../../SECURITY.md')

interface Parts {
  readonly clock: Clock
  readonly log: Log
  readonly audit: WriteAudit
}

export async function openTransport(config: Config, parts: Parts): Promise<Transport> {
  const { clock, log } = parts
  const { given, acme, hostnames, isProxy, securityContact } = config.transport
  const isLoopback = loopback.includes(config.host)
  const challenges = new AcmeChallenges()
  const isClear = isLoopback && !given && !acme
  const extraNames = [...hostnames, ...(isLoopback || anyAddress.includes(config.host) ? [] : [config.host])]
  const certificates = isClear ? undefined : await openCertificates(config, { extraNames, challenges, ...parts })
  let portProblem: string | undefined
  const hosts = hostsOf([...extraNames, ...(acme?.names ?? [])], certificates)
  return {
    certificates,
    hosts,
    isProxy,
    routes: {
      challenges,
      // Whoever has the administrator's own certificate needs no other authority.
      authority: () => (showsLocal(certificates) ? certificates?.local.authority : undefined),
      certificateState: () => stateOf(certificates),
      securityContact,
      securityPolicy: readSecurityPolicy(),
    },
    waysIn: (url) => waysIn(url, isLoopback, certificates),
    problems: () => [...(certificates?.problems(clock.nowMs()) ?? []), ...(portProblem ? [portProblem] : [])],
    run: async (port, signal) => {
      await using open = new AsyncDisposableStack()
      if (acme?.httpPort !== undefined)
        try {
          const { httpPort } = acme
          open.defer(
            (await openAcmePort({ port: httpPort, host: config.host, challenges, hosts, securePort: () => port }))
              .close,
          )
        } catch (error) {
          portProblem = `Vedette cannot listen on port ${acme.httpPort} (VEDETTE_ACME_HTTP_PORT), where the ACME authority asks.`
          log.error({ err: error }, portProblem)
        }
      await certificates?.run(signal)
    },
  }
}

/** Asked for every request, so made anew only with another certificate. */
function hostsOf(fixed: readonly string[], certificates: Certificates | undefined): () => readonly string[] {
  let of = certificates?.local.certificate
  let hosts = [...fixed, ...(of?.names ?? [])].map(asHost)
  return () => {
    const now = certificates?.local.certificate
    if (now !== of) hosts = [...fixed, ...(now?.names ?? [])].map(asHost)
    of = now
    return hosts
  }
}

function waysIn(url: string, isLoopback: boolean, certificates: Certificates | undefined): string[] {
  const [main] = certificates?.facts() ?? []
  const addresses = (certificates?.local.certificate.names ?? []).filter(
    (name) => /^[\d.]+$/.test(name) && name !== '127.0.0.1',
  )
  return [
    ...(isLoopback ? [] : addresses.map((name) => `In the network:  ${url.replace(/\/\/[^:/]+/, `//${name}`)}`)),
    ...(main ? [`Certificate fingerprint (SHA-256): ${main.certificate.fingerprint}`] : []),
    ...(isLoopback
      ? ['Only this machine can reach it. For others start it with --host 0.0.0.0 (then over HTTPS).']
      : []),
  ]
}

async function openCertificates(
  config: Config,
  parts: Parts & { extraNames: readonly string[]; challenges: AcmeChallenges },
): Promise<Certificates> {
  const folder = join(config.dataDir, 'tls')
  const { given, acme } = config.transport
  // Not loaded where only this machine is served: making certificates takes a large library.
  const { LocalCertificate } = await import('./http/local-certificate.ts')
  const local = await LocalCertificate.open({ folder, ...parts })
  if (given) return new Certificates(local, await GivenCertificate.open(given, parts.clock, parts.log))
  return new Certificates(local, undefined, acme && (await openAcme(acme, join(folder, 'acme'), parts)))
}

async function openAcme(
  { names, email, directoryUrl, caPath }: AcmeConfig,
  folder: string,
  { challenges, clock, log, audit }: Parts & { challenges: AcmeChallenges },
): Promise<AcmeCertificate> {
  const { AcmeCertificate } = await import('./http/acme-certificate.ts')
  const ca = caPath === undefined ? undefined : await readCa(caPath)
  // Whoever starts Vedette may name an authority on this machine; what that one says leads nowhere else (acme-client.ts).
  const host = new URL(directoryUrl).hostname
  const policy = { purpose: 'acme', allowLoopback: [...loopback, '[::1]'].includes(host) } as const
  return AcmeCertificate.open({
    folder,
    names,
    email,
    directoryUrl,
    ask: (question) => askHttps(question, { policy, ca }).catch((error: unknown) => auditRefusal(error, audit)),
    challenges,
    clock,
    log,
  })
}

/** An authority that leads to an address of ours, or of a cloud's secrets, is worth a line (SECURITY.md R15). Throws it on. */
async function auditRefusal(error: unknown, audit: WriteAudit): Promise<never> {
  const refusal = error instanceof AppError ? error.cause : undefined
  if (refusal instanceof AppError && refusal.code === 'address_refused') {
    const entry = { kind: 'egress.refused', userId: null, username: '', address: '' } as const
    await audit({ ...entry, object: 'ACME authority', detail: { why: refusal.message } })
  }
  throw error
}

async function readCa(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new AppError('bad_request', `VEDETTE_ACME_CA is wrong: ${path} cannot be read.`, { cause })
  }
}

const showsLocal = (certificates: Certificates | undefined) =>
  certificates?.facts().some(({ kind }) => kind === 'local') ?? false

function stateOf(certificates: Certificates | undefined): CertificateState {
  return {
    certificates: (certificates?.facts() ?? []).map(({ kind, certificate }) => ({
      kind,
      names: [...certificate.names],
      issuer: certificate.issuer,
      endsMs: certificate.endsMs,
      fingerprint: certificate.fingerprint,
    })),
    authority:
      certificates && showsLocal(certificates)
        ? { fingerprint: certificates.local.authorityFingerprint, path: '/vedette-ca.crt' }
        : null,
  }
}

/** The part of SECURITY.md that says how to report. */
function readSecurityPolicy(): string {
  const [, part = ''] = /^## Reporting\n+([\s\S]*?)(?=^## )/m.exec(readFileSync(securityPath, 'utf8')) ?? []
  return `How to report a weakness of Vedette\n\n${part.trim()}\n`
}
