import { expect, test } from 'vitest'
import { codeInHash } from './setup-code.ts'

test('finds the code in the fragment of the link from the console', () => {
  expect(codeInHash('#code=AB12-CD34')).toBe('AB12-CD34')
  expect(codeInHash('#other=1&code=%20x%20')).toBe('x')
})

test('is empty without a code', () => {
  expect(codeInHash('')).toBe('')
  expect(codeInHash('#section')).toBe('')
})
