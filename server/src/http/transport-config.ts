/** What the environment says about how Vedette is reached: certificates, names, proxies. Pure; config.ts reads the variables. */
import ipaddr from 'ipaddr.js'
import { z } from 'zod'
import { AppError } from '../lib/app-error.ts'
import type { CertificatePlace } from './given-certificate.ts'
import { type IsProxy, readNetworks } from './trusted-proxies.ts'

export interface AcmeConfig {
  readonly names: readonly string[]
  readonly email: string | undefined
  readonly directoryUrl: string
  /** A port of its own that answers the authority, besides the main one. */
  readonly httpPort: number | undefined
  /** Absolute path of the authority that signs the directory's own certificate, where it is not a public one. */
  readonly caPath: string | undefined
}

export interface TransportConfig {
  readonly given: CertificatePlace | undefined
  readonly acme: AcmeConfig | undefined
  /** Names and addresses that Vedette is called by, besides the machine's own. */
  readonly hostnames: readonly string[]
  readonly isProxy: IsProxy | undefined
  readonly securityContact: string | undefined
}

const list = z
  .string()
  .max(4096)
  .transform((text) => text.split(/[\s,]+/).filter((item) => item !== ''))
const path = z.string().min(1).max(4096).optional()
const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?'
const hostForm = new RegExp(`^${label}(\\.${label}){0,10}$`, 'i')
const domainForm = new RegExp(`^${label}(\\.${label}){1,10}$`, 'i')
const isHost = (name: string) =>
  ipaddr.isValid(name) ? ipaddr.IPv6.isValid(name) || ipaddr.IPv4.isValidFourPartDecimal(name) : hostForm.test(name)

const letsEncrypt = 'https://acme-v02.api.letsencrypt.org/directory'

/** Parts of the environment's schema (config.ts). */
export const transportVariables = {
  VEDETTE_TLS_CERT: path,
  VEDETTE_TLS_KEY: path,
  VEDETTE_HOSTNAMES: list
    .refine((names) => names.length <= 50 && names.every(isHost), 'give host names or addresses, separated by commas')
    .default([]),
  VEDETTE_TRUSTED_PROXIES: list.default([]),
  VEDETTE_ACME_DOMAIN: list
    .refine(
      (names) => names.length <= 20 && names.every((name) => domainForm.test(name) && !ipaddr.isValid(name)),
      'give domain names, separated by commas; no addresses and no *',
    )
    .default([]),
  VEDETTE_ACME_EMAIL: z.email('give an e-mail address').max(254).optional(),
  VEDETTE_ACME_DIRECTORY: z
    .url({ protocol: /^https$/, error: 'it begins with https://' })
    .max(2048)
    .default(letsEncrypt),
  VEDETTE_ACME_HTTP_PORT: z
    .stringFormat('port', (text) => /^\d{1,5}$/.test(text) && Number(text) <= 65535, 'give a number from 0 to 65535')
    .transform(Number)
    .optional(),
  VEDETTE_ACME_CA: path,
  VEDETTE_SECURITY_CONTACT: z
    .string()
    .max(1000)
    .regex(/^(https:\/\/|mailto:|tel:)[\x21-\x7e]+$/, 'it begins with https://, mailto: or tel:')
    .optional(),
}
const environment = z.object(transportVariables)

/** Throws bad_request that names the variable. `absolute` makes paths so. */
export function toTransportConfig(
  env: z.output<typeof environment>,
  absolute: (path: string) => string,
): TransportConfig {
  const { VEDETTE_TLS_CERT: cert, VEDETTE_TLS_KEY: key, VEDETTE_ACME_DOMAIN: domains } = env
  const wrong = (name: string, what: string) => new AppError('bad_request', `${name} ${what}`, { field: name })
  if (cert === undefined && key !== undefined) throw wrong('VEDETTE_TLS_CERT', 'is missing: VEDETTE_TLS_KEY is given.')
  if (cert !== undefined && key === undefined) throw wrong('VEDETTE_TLS_KEY', 'is missing: VEDETTE_TLS_CERT is given.')
  if (cert !== undefined && domains.length > 0)
    throw wrong(
      'VEDETTE_ACME_DOMAIN',
      'is wrong: there is a certificate in VEDETTE_TLS_CERT already. Give one of them.',
    )
  const proxies = env.VEDETTE_TRUSTED_PROXIES
  const readProxies = () => {
    try {
      return readNetworks(proxies)
    } catch (error) {
      throw wrong('VEDETTE_TRUSTED_PROXIES', `is wrong: ${error instanceof AppError ? error.message : ''}`)
    }
  }
  return {
    given: cert && key ? { certPath: absolute(cert), keyPath: absolute(key) } : undefined,
    acme:
      domains.length > 0
        ? {
            names: domains.map((name) => name.toLowerCase()),
            email: env.VEDETTE_ACME_EMAIL,
            directoryUrl: env.VEDETTE_ACME_DIRECTORY,
            httpPort: env.VEDETTE_ACME_HTTP_PORT,
            caPath: env.VEDETTE_ACME_CA && absolute(env.VEDETTE_ACME_CA),
          }
        : undefined,
    hostnames: env.VEDETTE_HOSTNAMES.map((name) =>
      ipaddr.isValid(name) ? ipaddr.parse(name).toString() : name.toLowerCase(),
    ),
    isProxy: proxies.length > 0 ? readProxies() : undefined,
    securityContact: env.VEDETTE_SECURITY_CONTACT,
  }
}
