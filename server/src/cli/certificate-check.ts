/** `vedette doctor` on certificates: each that would be shown, how long it is good for, and what is wrong with it. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { ageProblem, daysLeft, readCertificate } from '../http/read-certificate.ts'
import { AppError } from '../lib/app-error.ts'

export interface CertificateCheck {
  readonly name: string
  readonly state: 'good' | 'note' | 'bad'
  readonly says: string
}

export function checkCertificates({ dataDir, host, transport }: Config, nowMs: number): CertificateCheck[] {
  const { given, acme } = transport
  const check = (name: string, certPath: string, keyPath: string, cure: string): CertificateCheck => {
    if (!existsSync(certPath)) return { name, state: given ? 'bad' : 'note', says: `${certPath} is not there. ${cure}` }
    try {
      const certificate = readCertificate(readFileSync(certPath, 'utf8'), readFileSync(keyPath, 'utf8'))
      const problem = ageProblem(certificate, nowMs, cure)
      if (problem) return { name, state: 'bad', says: problem }
      return {
        name,
        state: 'good',
        says: `${daysLeft(certificate, nowMs)} days left, for ${certificate.names.join(', ')}`,
      }
    } catch (error) {
      const why = error instanceof AppError ? error.message : 'it or its key cannot be read'
      return { name, state: 'bad', says: `${certPath} is not used: ${why}.` }
    }
  }
  const tls = join(dataDir, 'tls')
  const acmePath = join(tls, 'acme/certificate.pem')
  const checks = [
    ...(given ? [check('certificate', given.certPath, given.keyPath, `Renew ${given.certPath}.`)] : []),
    ...(acme ? [check('ACME certificate', acmePath, acmePath, 'The status page says why, while Vedette runs.')] : []),
    ...(!given && existsSync(join(tls, 'cert.pem'))
      ? [check('local certificate', join(tls, 'cert.pem'), join(tls, 'key.pem'), 'The next start makes another one.')]
      : []),
  ]
  if (checks.length > 0) return checks
  const isLoopback = ['127.0.0.1', 'localhost', '::1'].includes(host)
  const says = isLoopback ? 'none, and none is needed: only this machine is served' : 'made at the first start'
  return [{ name: 'certificate', state: 'good', says }]
}
