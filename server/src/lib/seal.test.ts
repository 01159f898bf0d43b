import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { seal, unseal } from './seal.ts'

const key = randomBytes(32)
const place = 'camera.password_sealed.A' as const
const sealed = seal(key, place, 'hunter2 ÄÖ\0')

test('R21 a sealed secret opens only with its key and in its table, column and row', () => {
  expect(sealed).not.toContain('hunter2')
  expect(unseal(key, place, sealed)).toBe('hunter2 ÄÖ\0')
  expect(seal(key, place, 'hunter2')).not.toBe(seal(key, place, 'hunter2'))
  expect(() => unseal(randomBytes(32), place, sealed)).toThrow()
  for (const other of ['camera.password_sealed.B', 'totp.secret_sealed.A', 'totp.pending_sealed.A'] as const)
    expect(() => unseal(key, other, sealed)).toThrow()
})

test('R21 a sealed secret does not open when a bit of it was changed, and not with a shortened tag', () => {
  const [, nonce = '', body = ''] = sealed.split('.')
  const bytes = Buffer.from(body, 'base64url')
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const changed = Buffer.from(bytes)
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect(() => unseal(key, place, `v1.${nonce}.${changed.toString('base64url')}`)).toThrow()
  }
  for (const cut of [1, 4, 12, bytes.length])
    expect(() => unseal(key, place, `v1.${nonce}.${bytes.subarray(0, -cut).toString('base64url')}`)).toThrow()
  for (const foreign of ['', 'v1', `v2.${nonce}.${body}`, `v1.${nonce.slice(0, 4)}.${body}`, `${sealed}.x`])
    expect(() => unseal(key, place, foreign)).toThrow()
})
