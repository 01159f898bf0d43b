import { expect, test } from 'vitest'
import { fromLocal, offsetPeriods, startOfDay, toLocal, zoneOffsetMs } from './local-time.ts'

const rome = 'Europe/Rome'
const hourMs = 3_600_000

test('knows the offset before and after a change', () => {
  expect(zoneOffsetMs(Date.UTC(2026, 9, 25, 0, 59, 59), rome)).toBe(2 * hourMs)
  expect(zoneOffsetMs(Date.UTC(2026, 9, 25, 1, 0, 0), rome)).toBe(hourMs)
  expect(zoneOffsetMs(Date.UTC(2026, 0, 1), 'Asia/Kathmandu')).toBe(5.75 * hourMs)
})

test('finds the instant that a local clock shows', () => {
  const local = { year: 2026, month: 7, day: 4, hour: 13, minute: 30 }
  expect(fromLocal(local, rome)).toBe(Date.UTC(2026, 6, 4, 11, 30))
  expect(toLocal(Date.UTC(2026, 6, 4, 11, 30), rome)).toEqual(local)
})

test('takes the first of an hour that comes twice and steps over one that never comes', () => {
  expect(fromLocal({ year: 2026, month: 10, day: 25, hour: 2 }, rome)).toBe(Date.UTC(2026, 9, 25, 0))
  const missing = fromLocal({ year: 2026, month: 3, day: 29, hour: 2 }, rome)
  expect(toLocal(missing, rome).hour).toBe(3)
})

test('a day begins at local midnight, also when it has 25 hours', () => {
  const day = startOfDay(Date.UTC(2026, 9, 25, 12), rome)
  expect(day).toBe(Date.UTC(2026, 9, 24, 22))
  expect(startOfDay(day, rome, 1) - day).toBe(25 * hourMs)
  expect(startOfDay(day, rome, -1)).toBe(day - 24 * hourMs)
})

test('a zone without midnight on that day still has a beginning', () => {
  // Beirut went from 00:00 to 01:00 on 29 March 2026.
  const day = startOfDay(Date.UTC(2026, 2, 29, 10), 'Asia/Beirut')
  expect(toLocal(day, 'Asia/Beirut')).toMatchObject({ day: 29, hour: 1 })
})

test('offset periods are whole, in order, and each of one offset', () => {
  const [fromMs, toMs] = [Date.UTC(2024, 0, 1), Date.UTC(2027, 0, 1) + 1234]
  for (const zone of [rome, 'Africa/Casablanca', 'Australia/Lord_Howe', 'UTC', 'Asia/Kathmandu']) {
    const periods = offsetPeriods(fromMs, toMs, zone)
    expect([periods[0]?.startMs, periods.at(-1)?.endMs]).toEqual([fromMs, toMs])
    for (const [i, { startMs, endMs, offsetMs }] of periods.entries()) {
      expect(endMs).toBeGreaterThan(startMs)
      expect(zoneOffsetMs(startMs, zone)).toBe(offsetMs)
      expect(zoneOffsetMs(endMs - 1, zone)).toBe(offsetMs)
      const next = periods[i + 1]
      if (next) expect([next.startMs, next.offsetMs !== offsetMs]).toEqual([endMs, true])
    }
  }
  expect(offsetPeriods(fromMs, toMs, rome)).toHaveLength(7)
  expect(offsetPeriods(fromMs, toMs, 'UTC')).toHaveLength(1)
  expect(offsetPeriods(fromMs, fromMs, rome)).toEqual([])
  const turn = Date.UTC(2026, 9, 25, 1)
  expect(offsetPeriods(turn - hourMs, turn + hourMs, rome).map(({ endMs }) => endMs)).toEqual([turn, turn + hourMs])
})
