import { expect, test } from 'vitest'
import { suggestPassphrase } from './suggest-passphrase.ts'

test('suggests five groups that are never the same', () => {
  expect(suggestPassphrase()).toMatch(/^([0-9a-hjkmnp-tv-z]{5}-){4}[0-9a-hjkmnp-tv-z]{5}$/)
  expect(new Set(Array.from({ length: 50 }, suggestPassphrase)).size).toBe(50)
})
