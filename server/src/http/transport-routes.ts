/** What Vedette says of its own certificate and of how to report a weakness, and its answers to ACME authorities. */
import { type CertificateState, certificateState } from '@vedette/shared/certificate.ts'
import { z } from 'zod'
import { AppError } from '../lib/app-error.ts'
import type { Clock } from '../lib/clock.ts'
import type { AcmeChallenges } from './acme-challenges.ts'
import type { Http } from './http.ts'
import { originOf } from './prove-origin.ts'

export interface TransportDeps {
  readonly clock: Clock
  readonly challenges: AcmeChallenges
  /** The local authority's certificate, PEM; undefined where Vedette shows none of its own. */
  readonly authority: () => string | undefined
  readonly certificateState: () => CertificateState
  /** Where to write about a weakness: an https:, mailto: or tel: address; without one the policy says it. */
  readonly securityContact: string | undefined
  /** The part of SECURITY.md about reporting. */
  readonly securityPolicy: string
}

const dayMs = 86_400_000
/** RFC 9116 wants less than a year; it is made anew for every reader. */
const contactDays = 90
const access = { kind: 'public' } as const
const nothingHere = () => new AppError('not_found', 'There is nothing here.')

export function transportRoutes(http: Http, deps: TransportDeps): void {
  http.get('/vedette-ca.crt', { config: { access } }, async (_, reply) => {
    const authority = deps.authority()
    if (authority === undefined) throw nothingHere()
    return reply
      .type('application/x-x509-ca-cert')
      .header('content-disposition', 'attachment; filename="vedette-ca.crt"')
      .send(authority)
  })

  http.get('/.well-known/security.txt', { config: { access } }, async (request, reply) => {
    const here = `${originOf(request)}/.well-known`
    const day = Math.floor(deps.clock.nowMs() / dayMs) * dayMs
    const lines = [
      `Contact: ${deps.securityContact ?? `${here}/security-policy.txt`}`,
      `Expires: ${new Date(day + contactDays * dayMs).toISOString()}`,
      'Preferred-Languages: en',
      `Canonical: ${here}/security.txt`,
      `Policy: ${here}/security-policy.txt`,
    ]
    return reply.type('text/plain; charset=utf-8').send(`${lines.join('\n')}\n`)
  })

  http.get('/.well-known/security-policy.txt', { config: { access } }, async (_, reply) =>
    reply.type('text/plain; charset=utf-8').send(deps.securityPolicy),
  )

  http.get(
    '/.well-known/acme-challenge/:token',
    { config: { access, isOpenToClearHttp: true }, schema: { params: z.object({ token: z.string().max(256) }) } },
    async (request, reply) => {
      const answer = deps.challenges.find(request.params.token)
      if (answer === undefined) throw nothingHere()
      return reply.type('application/octet-stream').send(answer)
    },
  )

  http.get(
    '/api/certificate',
    { config: { access: { kind: 'self' } }, schema: { response: { 200: certificateState } } },
    async () => deps.certificateState(),
  )
}
