import { expect, test } from 'vitest'
import { firstWeekdayOf, monthGrid } from './month-grid.ts'

const novemberMs = Date.UTC(2026, 10, 18, 12)

test('shows whole weeks around the month', () => {
  const days = monthGrid(novemberMs, 'Europe/Rome', 0, 1)
  // November 2026 begins on a Sunday.
  expect(days).toHaveLength(42)
  expect(days[0]).toMatchObject({ day: 26, isInMonth: false })
  expect(days[6]).toMatchObject({ day: 1, isInMonth: true })
  expect(days.filter((day) => day.isInMonth)).toHaveLength(30)
})

test('turns pages over years', () => {
  expect(monthGrid(novemberMs, 'UTC', 2, 1).find((day) => day.isInMonth)?.utcMs).toBe(Date.UTC(2027, 0, 1))
})

test('a day begins at local midnight and is named by its date', () => {
  const day = monthGrid(novemberMs, 'Asia/Tokyo', 0, 1).find((one) => one.isInMonth)
  expect(day?.ms).toBe(Date.UTC(2026, 9, 31, 15))
  expect(day?.utcMs).toBe(Date.UTC(2026, 10, 1))
})

test('weeks begin on Sunday in America and on Monday in Germany', () => {
  expect(firstWeekdayOf('en-US')).toBe(7)
  expect(firstWeekdayOf('de-DE')).toBe(1)
})
