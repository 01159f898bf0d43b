/**
 * Secrets at rest: AES-256-GCM with the installation's key, bound to the place where they lie (table, column, row), so that
 * a sealed value copied to another row does not open (SECURITY.md R21).
 * Form: v1.<nonce 12 B>.<ciphertext + tag 16 B>, base64url.
 * Whatever passes here is known to the logs from then on (redact.ts).
 * Not here: where the key comes from (secrets/key-file.ts), which places there are (sealed-columns.ts).
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { rememberSecret } from './redact.ts'
import type { SealPlace } from './sealed-columns.ts'

export type { SealPlace } from './sealed-columns.ts'

const nonceBytes = 12
const tagBytes = 16

export function seal(key: Buffer, place: SealPlace, secret: string): string {
  rememberSecret(secret)
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(place))
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return `v1.${nonce.toString('base64url')}.${sealed.toString('base64url')}`
}

/** Throws when the key, the place or a bit is not the one it was sealed with. */
export function unseal(key: Buffer, place: SealPlace, sealed: string): string {
  const [version, nonceText, body, ...more] = sealed.split('.')
  const nonce = Buffer.from(nonceText ?? '', 'base64url')
  const bytes = Buffer.from(body ?? '', 'base64url')
  // A tag that is shorter than 16 bytes would be accepted by GCM and easier to guess.
  if (version !== 'v1' || nonce.length !== nonceBytes || bytes.length < tagBytes || more.length > 0)
    throw new Error('not a sealed secret')
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
  decipher.setAAD(Buffer.from(place))
  decipher.setAuthTag(bytes.subarray(-tagBytes))
  const secret = Buffer.concat([decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()]).toString('utf8')
  rememberSecret(secret)
  return secret
}
