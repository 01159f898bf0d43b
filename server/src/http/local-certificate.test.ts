import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fastify from 'fastify'
import { expect, test } from 'vitest'
import { ManualClock } from '../lib/clock.ts'
import { silentLog as log } from '../lib/log.ts'
import { LocalCertificate } from './local-certificate.ts'

const dayMs = 86_400_000
const newFolder = () => join(mkdtempSync(join(tmpdir(), 'vedette-tls-')), 'tls')

test('R10 makes a certificate that a client trusts by the authority alone, and keeps it', async () => {
  const options = { folder: newFolder(), extraNames: ['10.1.2.3', 'cam.lan'], clock: new ManualClock(Date.now()), log }
  const local = await LocalCertificate.open(options)
  const { certificate, authority } = local
  expect(certificate.names).toEqual(expect.arrayContaining(['localhost', '127.0.0.1', '10.1.2.3', 'cam.lan']))
  for (const file of ['key.pem', 'authority-key.pem'])
    expect(statSync(join(options.folder, file)).mode & 0o777).toBe(0o600)

  const server = fastify({ https: { cert: certificate.cert, key: certificate.key } })
  server.get('/', async () => 'hello')
  const url = await server.listen({ host: '127.0.0.1', port: 0 })
  const ask = (ca?: string) =>
    new Promise((resolve, reject) => {
      get(url, ca === undefined ? {} : { ca }, (answer) => resolve(answer.statusCode)).on('error', reject)
    })
  expect(await ask(authority)).toBe(200)
  await expect(ask()).rejects.toThrow()
  await server.close()

  const { certificate: again } = await LocalCertificate.open(options)
  expect(again.fingerprint).toBe(certificate.fingerprint)
  const { certificate: other } = await LocalCertificate.open({ ...options, extraNames: ['10.9.9.9'] })
  expect(other.names).toContain('10.9.9.9')
})

test('R10 renews it while running, a month before its end, by the same authority', async () => {
  const clock = new ManualClock(Date.now())
  const local = await LocalCertificate.open({ folder: newFolder(), extraNames: [], clock, log })
  const { fingerprint } = local.certificate
  clock.advance(355 * dayMs)
  expect(await local.look()).toBe(false)
  clock.advance(6 * dayMs)
  const { authority } = local
  expect(await local.look()).toBe(true)
  expect(local.certificate.fingerprint).not.toBe(fingerprint)
  expect(local.authority).toBe(authority)
  expect(local.certificate.endsMs).toBeGreaterThan(clock.nowMs() + 380 * dayMs)
})

test('R10 makes another one where a crash left half of it, or the clock went back before its beginning', async () => {
  const clock = new ManualClock(Date.now())
  const options = { folder: newFolder(), extraNames: [], clock, log }
  const first = await LocalCertificate.open(options)
  const other = await LocalCertificate.open({ ...options, folder: newFolder() })
  writeFileSync(join(options.folder, 'key.pem'), other.certificate.key)
  const second = await LocalCertificate.open(options)
  expect(second.certificate.fingerprint).not.toBe(first.certificate.fingerprint)
  expect(readFileSync(join(options.folder, 'key.pem'), 'utf8')).toBe(second.certificate.key)
  clock.step(-30 * dayMs)
  expect(await second.look()).toBe(true)
  expect(second.certificate.startsMs).toBeLessThan(clock.nowMs())
})
