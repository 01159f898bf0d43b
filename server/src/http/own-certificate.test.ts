import { mkdtempSync, statSync } from 'node:fs'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fastify from 'fastify'
import { expect, test } from 'vitest'
import { openOwnCertificate } from './own-certificate.ts'

test('R10 makes a certificate that a client trusts by the authority alone, keeps it, and renews it in time', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'vedette-tls-')), 'tls')
  const now = Date.now()
  const identity = await openOwnCertificate(folder, ['10.1.2.3'], now)
  expect(identity.names).toEqual(expect.arrayContaining(['localhost', '127.0.0.1', '10.1.2.3']))
  expect(statSync(join(folder, 'key.pem')).mode & 0o777).toBe(0o600)
  expect(statSync(join(folder, 'authority-key.pem')).mode & 0o777).toBe(0o600)

  const server = fastify({ https: { cert: identity.cert, key: identity.key } })
  server.get('/', async () => 'hello')
  const url = await server.listen({ host: '127.0.0.1', port: 0 })
  const authority = identity.cert.slice(identity.cert.indexOf('-----BEGIN', 10))
  const status = await new Promise((resolve, reject) => {
    get(url, { ca: authority }, (answer) => resolve(answer.statusCode)).on('error', reject)
  })
  expect(status).toBe(200)
  await expect(new Promise((resolve, reject) => get(url, resolve).on('error', reject))).rejects.toThrow()
  await server.close()

  expect((await openOwnCertificate(folder, ['10.1.2.3'], now)).fingerprint).toBe(identity.fingerprint)
  expect((await openOwnCertificate(folder, ['10.9.9.9'], now)).fingerprint).not.toBe(identity.fingerprint)
  const later = await openOwnCertificate(folder, [], now + 365 * 86_400_000)
  expect(later.fingerprint).not.toBe(identity.fingerprint)
})
