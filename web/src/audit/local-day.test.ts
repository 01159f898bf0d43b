import { expect, test } from 'vitest'
import { dayEndMs, dayOf, dayStartMs } from './local-day.ts'

test.each(['2026-11-22', '2026-03-29', '2026-10-25', '2028-02-29'])('%s comes back from both its ends', (day) => {
  expect(dayOf(dayStartMs(day))).toBe(day)
  expect(dayOf(dayEndMs(day))).toBe(day)
})

test('a day ends one millisecond before the next one begins', () => {
  expect((dayEndMs('2026-12-31') ?? 0) + 1).toBe(dayStartMs('2027-01-01'))
})

test('what is no day is nothing, and nothing is an empty field', () => {
  expect(dayStartMs('')).toBeUndefined()
  expect(dayEndMs('')).toBeUndefined()
  expect(dayOf(undefined)).toBe('')
})
