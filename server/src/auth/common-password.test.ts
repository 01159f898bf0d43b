import { expect, test } from 'vitest'
import { isCommonPassword } from './common-password.ts'

test.each([
  '1qaz2wsx3edc',
  'Password1234!',
  'P@ssw0rd2026!!',
  'passwordpassword',
  'aaaaaaaaaaaaaaaa',
  'abcabcabcabcabc',
  'qwertyuiop123456',
  'dragon-monkey-99',
  '123456789012345',
  'Vedette2026!!!',
])('R2 refuses the common password %s', (password) => {
  expect(isCommonPassword(password)).toBe(true)
})

test('R2 refuses a password made of the user’s name', () => {
  expect(isCommonPassword('annaberta2026', ['AnnaBerta'])).toBe(true)
  expect(isCommonPassword('annaberta2026')).toBe(false)
})

test.each([
  'correct horse battery',
  'tr0ub4dor and three',
  'kGzR7-pq2Lm-ddw',
  'Vier Ziegen auf dem Dach',
  'пароль из трёх слов',
])('R2 takes %s, whatever its composition', (password) => {
  expect(isCommonPassword(password)).toBe(false)
})

test('R2 looks at the longest password in no time', () => {
  const startedMs = performance.now()
  for (let i = 0; i < 100; i++) isCommonPassword('ab'.repeat(512))
  expect(performance.now() - startedMs).toBeLessThan(5000)
})
