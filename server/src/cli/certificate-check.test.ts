import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeCertificate } from '../../../test/support/made-certificate.ts'
import { toConfig } from '../config.ts'
import { checkCertificates } from './certificate-check.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vedette-doctor-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const look = (more: Record<string, string>) =>
  checkCertificates(toConfig({ VEDETTE_DATA: folder, ...more }, '/'), Date.now())
const files = () => ({ VEDETTE_TLS_CERT: join(folder, 'cert.pem'), VEDETTE_TLS_KEY: join(folder, 'key.pem') })
async function put(days: number) {
  const { cert, key } = await makeCertificate({
    startsMs: Date.now() - 9e9,
    endsMs: Date.now() + (days + 0.5) * 86_400_000,
  })
  writeFileSync(join(folder, 'cert.pem'), cert)
  writeFileSync(join(folder, 'key.pem'), key)
}

test('R10 doctor says how many days a certificate has left, and that one is near its end, over or broken', async () => {
  expect(look({})).toMatchObject([{ state: 'good', says: expect.stringMatching(/none is needed/) }])
  expect(look(files())).toMatchObject([{ state: 'bad', says: expect.stringMatching(/is not there/) }])
  await put(60)
  expect(look(files())).toMatchObject([{ state: 'good', says: '60 days left, for cam.example' }])
  await put(5)
  expect(look(files())).toMatchObject([{ state: 'bad', says: expect.stringMatching(/ends in 5 days/) }])
  await put(-5)
  expect(look(files())).toMatchObject([{ state: 'bad', says: expect.stringMatching(/browsers refuse it/) }])
  writeFileSync(join(folder, 'key.pem'), 'no key')
  expect(look(files())).toMatchObject([{ state: 'bad', says: expect.stringMatching(/its key cannot be read/) }])
  expect(look({ VEDETTE_ACME_DOMAIN: 'cam.example' })).toMatchObject([{ name: 'ACME certificate', state: 'note' }])
})
