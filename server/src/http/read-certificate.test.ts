import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { makeCertificate } from '../../../test/support/made-certificate.ts'
import { ageProblem, readCertificate } from './read-certificate.ts'

const dayMs = 86_400_000

describe('R10 a certificate', () => {
  test('is read with its names and its end', async () => {
    const endsMs = Date.UTC(2030, 0, 1)
    const { cert, key } = await makeCertificate({ names: ['Cam.example', '10.1.2.3', '*.cam.example'], endsMs })
    const certificate = readCertificate(cert, key)
    expect(certificate.names).toEqual(['cam.example', '10.1.2.3', '*.cam.example'])
    expect(certificate.endsMs).toBe(endsMs)
    expect(certificate.issuer).toBe('brought along')
    expect(certificate.fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/)
  })

  test.each(['P-256', 'P-384', 'RSA-2048'] as const)('may have a key of %s', async (kind) => {
    const { cert, key } = await makeCertificate({ key: kind })
    expect(readCertificate(cert, key).names).toEqual(['cam.example'])
  })

  test('is refused with a weak key, another’s key, a locked key, and without a key or certificate', async () => {
    const [good, other, weak] = [
      await makeCertificate(),
      await makeCertificate(),
      await makeCertificate({ key: 'RSA-1024' }),
    ]
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const locked = privateKey
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
      .toString()
    const why = (cert: string, key: string) => {
      try {
        readCertificate(cert, key)
        return 'taken'
      } catch (error) {
        return error instanceof Error ? error.message : ''
      }
    }
    expect(why(weak.cert, weak.key)).toMatch(/RSA key of 1024 bits is too weak/)
    expect(why(good.cert, other.key)).toMatch(/belongs to another certificate/)
    expect(why(good.cert, locked)).toMatch(/unencrypted/)
    expect(why(good.cert, 'no key')).toMatch(/cannot be read/)
    expect(why('no certificate', good.key)).toMatch(/holds no certificate/)
    expect(why(good.key, good.key)).toMatch(/holds no certificate/)
    expect(why(good.cert, good.key)).toBe('taken')
  })

  test('is said to be near its end two weeks before, and to be over after it', async () => {
    const now = Date.UTC(2026, 0, 1)
    const at = async (days: number) => {
      const { cert, key } = await makeCertificate({ startsMs: now - 30 * dayMs, endsMs: now + days * dayMs })
      return ageProblem(readCertificate(cert, key), now, 'Renew it.')
    }
    expect(await at(14)).toBeUndefined()
    expect(await at(13.5)).toBe('The certificate ends in 13 days (2026-01-14). Renew it.')
    expect(await at(0.5)).toBe('The certificate ends within a day (2026-01-01). Renew it.')
    expect(await at(-3)).toBe('The certificate ended on 2025-12-29 and browsers refuse it. Renew it.')
    const { cert, key } = await makeCertificate({ startsMs: now + dayMs, endsMs: now + 9 * dayMs })
    expect(ageProblem(readCertificate(cert, key), now, '')).toMatch(/begins on 2026-01-02 only/)
  })
})
