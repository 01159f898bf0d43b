/** Certificates as administrators bring them: of any age, key and name, self-signed. */
import 'reflect-metadata' // Must come before x509.
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

export interface CertificateWish {
  readonly names?: readonly string[]
  readonly startsMs?: number
  readonly endsMs?: number
  readonly key?: 'P-256' | 'P-384' | 'RSA-1024' | 'RSA-2048'
}

export async function makeCertificate(wish: CertificateWish = {}): Promise<{ cert: string; key: string }> {
  const { names = ['cam.example'], startsMs = Date.now() - 1000, endsMs = Date.now() + 90 * 86_400_000 } = wish
  const algorithm = algorithmOf(wish.key ?? 'P-256')
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=brought along',
    notBefore: new Date(startsMs),
    notAfter: new Date(endsMs),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: /^[\d.]+$/.test(value) ? 'ip' : 'dns', value })),
      ),
    ],
  })
  const der = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  return { cert: cert.toString('pem'), key: `${x509.PemConverter.encode(der, 'PRIVATE KEY')}\n` }
}

function algorithmOf(key: string) {
  if (key.startsWith('P-')) return { name: 'ECDSA', namedCurve: key, hash: 'SHA-256' }
  const modulusLength = Number(key.split('-')[1])
  return { name: 'RSASSA-PKCS1-v1_5', modulusLength, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' }
}
