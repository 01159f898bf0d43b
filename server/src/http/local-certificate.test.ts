import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fastify from 'fastify'
import { expect, test } from 'vitest'
import { whyMissing } from '../../../test/support/foreign-program.ts'
import { ManualClock } from '../lib/clock.ts'
import { silentLog as log } from '../lib/log.ts'
import { LocalCertificate } from './local-certificate.ts'
import { decodeConstraints, encodeConstraints } from './name-constraints.ts'

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
  writeFileSync(join(options.folder, 'authority-key.pem'), other.certificate.key)
  const third = await LocalCertificate.open({ ...options, extraNames: ['another.lan'] })
  expect(third.authority).not.toBe(second.authority)
  clock.step(-30 * dayMs)
  expect(await second.look()).toBe(true)
  expect(second.certificate.startsMs).toBeLessThan(clock.nowMs())
})

const opensslMissing = whyMissing('OpenSSL', 'openssl', 'version')

test.skipIf(opensslMissing !== undefined)(
  'R10 whoever steals the authority’s key cannot pass for somebody else’s name',
  async () => {
    const folder = newFolder()
    const extraNames = ['cam.example', '203.0.113.7']
    await LocalCertificate.open({ folder, extraNames, clock: new ManualClock(Date.now()), log })
    const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' }).toString()
    const verify = (file: string) => openssl('verify', '-CAfile', 'authority.pem', file)
    expect(verify('cert.pem')).toMatch(/OK/)
    const sign = (name: string) => {
      const request = [
        'req',
        '-new',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-keyout',
        'stolen.key',
      ]
      openssl(...request, '-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`, '-out', 'forged.csr')
      const by = ['-CA', 'authority.pem', '-CAkey', 'authority-key.pem', '-copy_extensions', 'copyall', '-days', '9']
      openssl('x509', '-req', '-in', 'forged.csr', ...by, '-out', 'forged.pem')
      return verify('forged.pem')
    }
    expect(sign('other.lan')).toMatch(/OK/)
    expect(sign('front.cam.example')).toMatch(/OK/)
    expect(() => sign('bank.example')).toThrow(/permitted subtree violation/)
  },
)

test('R10 a name that the authority may not sign makes another authority, an address does not', async () => {
  const options = { folder: newFolder(), extraNames: [] as string[], clock: new ManualClock(Date.now()), log }
  const first = await LocalCertificate.open(options)
  const second = await LocalCertificate.open({ ...options, extraNames: ['203.0.113.7', 'yard.lan'] })
  expect(second.authority).toBe(first.authority)
  const third = await LocalCertificate.open({ ...options, extraNames: ['cam.example'] })
  expect(third.authority).not.toBe(first.authority)
})

test('R10 constraints are read as they were written, long lists too', () => {
  const names = Array.from({ length: 60 }, (_, i) => `${'x'.repeat(i)}cam${i}.example`)
  expect(decodeConstraints(encodeConstraints(names))).toEqual(names)
})

test('R10 a disk that takes nothing does not keep it from being made', async () => {
  const folder = newFolder()
  for (const file of ['key.pem.new', 'authority-key.pem.new']) mkdirSync(join(folder, file), { recursive: true })
  const clock = new ManualClock(Date.now())
  const { certificate } = await LocalCertificate.open({ folder, extraNames: [], clock, log })
  expect(certificate.names).toContain('localhost')
})
