/**
 * Secrets at rest: AES-256-GCM with the installation's key, bound to the place where they lie (table, column, row), so that
 * a sealed value copied to another row does not open (SECURITY.md R21).
 * Form: v1.<nonce 12 B>.<ciphertext + tag 16 B>, base64url.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import { AppError } from './app-error.ts'

/** Where a secret lies, e.g. 'camera.password_sealed.01J…'. */
export type SealPlace = string

export function seal(key: Buffer, place: SealPlace, secret: string): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(place))
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return `v1.${nonce.toString('base64url')}.${sealed.toString('base64url')}`
}

/** Throws when the key, the place or a bit is not the one it was sealed with. */
export function unseal(key: Buffer, place: SealPlace, sealed: string): string {
  const [version, nonceText, body] = sealed.split('.')
  if (version !== 'v1' || !nonceText || !body) throw new Error('not a sealed secret')
  const bytes = Buffer.from(body, 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonceText, 'base64url'))
  decipher.setAAD(Buffer.from(place))
  decipher.setAuthTag(bytes.subarray(-16))
  return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString('utf8')
}

/** Reads the key file or makes one (0600, 32 random bytes). A weak, short or world-readable key stops the start. */
export function openKeyFile(path: string): Buffer {
  if (!existsSync(path)) {
    const file = openSync(path, 'wx', 0o600)
    writeSync(file, randomBytes(32))
    fsyncSync(file)
    closeSync(file)
  }
  const key = readFileSync(path)
  if ((statSync(path).mode & 0o077) !== 0)
    throw new AppError('internal', `The key file ${path} can be read by other users: run \`chmod 600 ${path}\`.`)
  if (key.length !== 32 || new Set(key).size < 8)
    throw new AppError(
      'internal',
      `The key file ${path} does not hold a key of 32 random bytes. Put back the right one from your backup.`,
    )
  return key
}
