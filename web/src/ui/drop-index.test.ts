import { expect, test } from 'vitest'
import { dropIndex } from './drop-index.ts'

const rows = [
  { top: 100, bottom: 150 },
  { top: 150, bottom: 250 },
  { top: 250, bottom: 300 },
]

test('a row goes to the row under the pointer', () => {
  expect(dropIndex(rows, 120)).toBe(0)
  expect(dropIndex(rows, 150)).toBe(1)
  expect(dropIndex(rows, 299)).toBe(2)
})

test('beyond the ends it goes first or last', () => {
  expect(dropIndex(rows, -50)).toBe(0)
  expect(dropIndex(rows, 5000)).toBe(2)
})
