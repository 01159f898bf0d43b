/**
 * Reads a key of 32 bytes out of what a file holds, and says what is wrong with one that nobody drew at random: there is no
 * way around it (SECURITY.md R21). Pure.
 * A random key fails any of these checks less than once in 10^10 keys.
 */
import { createHash } from 'node:crypto'

export const keyBytes = 32

/** What people write where a key belongs; also as SHA-256 of it. */
const placeholders = ['', 'change', 'changeme', 'secret', 'password', 'vedette', 'admin', 'test', 'key', 'example']

const leastDistinct = 18
const mostOfOneByte = 6

/** 32 raw bytes, or the same as 64 hex digits or base64 with or without a line end. The other half: why it is none. */
export function parseKey(content: Buffer): { readonly key: Buffer } | { readonly weakness: string } {
  const key = content.length === keyBytes ? content : (fromText(content) ?? content)
  const weakness = weaknessOf(key)
  return weakness === undefined ? { key } : { weakness }
}

function fromText(content: Buffer): Buffer | undefined {
  if (content.length > 100) return undefined
  const text = content.toString('latin1').trim()
  if (/^[0-9a-fA-F]{64}$/.test(text)) return Buffer.from(text, 'hex')
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return Buffer.from(text, 'base64')
  return undefined
}

/** What is weak about a key, as the end of a sentence; undefined: nothing. */
export function weaknessOf(key: Buffer): string | undefined {
  const text = key.toString('latin1').trim().toLowerCase()
  if (key.length === 0) return 'is empty'
  if (placeholders.some((word) => text === word || key.equals(createHash('sha256').update(word).digest())))
    return 'holds a placeholder'
  if (isPrintable(key)) return key.length === keyBytes ? 'holds text where 32 random bytes belong' : lengthOf(key)
  if (key.length !== keyBytes) return lengthOf(key)
  const counts = new Map<number, number>()
  for (const byte of key) counts.set(byte, (counts.get(byte) ?? 0) + 1)
  if (counts.size < leastDistinct || Math.max(...counts.values()) > mostOfOneByte)
    return 'holds bytes that repeat and are not random'
  if (isProgression(key)) return 'holds bytes that count up and are not random'
  return undefined
}

const lengthOf = (key: Buffer) => `holds ${key.length} bytes instead of a key of 32 random bytes`
const isPrintable = (key: Buffer) => key.every((byte) => byte >= 0x20 && byte < 0x7f)

/** Most steps from byte to byte are the same one. */
function isProgression(key: Buffer): boolean {
  const steps = new Map<number, number>()
  for (const [i, byte] of key.entries()) {
    if (i === 0) continue
    const step = (byte - (key[i - 1] ?? 0)) & 0xff
    steps.set(step, (steps.get(step) ?? 0) + 1)
  }
  return Math.max(...steps.values()) > 10
}
