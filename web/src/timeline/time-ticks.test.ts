import { toLocal } from '@vedette/shared/local-time.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chooseTicks } from './time-ticks.ts'

const rome = 'Europe/Rome'
const hourMs = 3_600_000
const localHours = (fromMs: number, toMs: number, gapMs: number) =>
  chooseTicks(fromMs, toMs, gapMs, rome).map((tick) => toLocal(tick.ms, rome).hour)

test('marks round local times', () => {
  const fromMs = Date.UTC(2026, 10, 18, 12, 7, 33)
  expect(
    chooseTicks(fromMs, fromMs + hourMs, 10 * 60_000, 'Asia/Kathmandu').map(
      (t) => toLocal(t.ms, 'Asia/Kathmandu').minute,
    ),
  ).toEqual([0, 10, 20, 30, 40, 50])
})

test('an hour that comes twice in autumn gets two marks', () => {
  const fromMs = Date.UTC(2026, 9, 24, 22)
  expect(localHours(fromMs, fromMs + 5 * hourMs, hourMs)).toEqual([0, 1, 2, 2, 3, 4])
})

test('an hour that never comes in spring gets none', () => {
  const fromMs = Date.UTC(2026, 2, 28, 23)
  expect(localHours(fromMs, fromMs + 4 * hourMs, hourMs)).toEqual([0, 1, 3, 4, 5])
})

test('longer steps stay on the local clock across the change', () => {
  const fromMs = Date.UTC(2026, 9, 24, 22)
  expect(localHours(fromMs, fromMs + 49 * hourMs, 6 * hourMs)).toEqual([0, 6, 12, 18, 0, 6, 12, 18, 0])
})

test('weeks begin on Monday, months on their first', () => {
  const fromMs = Date.UTC(2026, 9, 1)
  const weeks = chooseTicks(fromMs, fromMs + 40 * 24 * hourMs, 3 * 24 * hourMs, 'UTC')
  expect(weeks.map((t) => new Date(t.ms).getUTCDay())).toEqual([1, 1, 1, 1, 1, 1])
  const months = chooseTicks(fromMs, fromMs + 120 * 24 * hourMs, 20 * 24 * hourMs, rome)
  expect(months.map((t) => [toLocal(t.ms, rome).month, t.kind])).toEqual([
    [11, 'month'],
    [12, 'month'],
    [1, 'year'],
  ])
})

test('says what each label is about', () => {
  const midnightMs = Date.UTC(2026, 10, 17, 23)
  const kinds = chooseTicks(midnightMs - 2 * hourMs, midnightMs + hourMs, hourMs, rome).map((t) => t.kind)
  expect(kinds).toEqual(['minute', 'minute', 'day', 'minute'])
  expect(chooseTicks(midnightMs + 100, midnightMs + 1000, 500, rome).map((t) => t.kind)).toEqual(['fraction', 'second'])
})

test('marks ascend, lie inside and are never much closer than asked, in any zone at any zoom', () => {
  const zones = fc.constantFrom('UTC', rome, 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Asia/Beirut')
  const start = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2030, 0, 1) })
  const span = fc.integer({ min: 5_000, max: 400 * 24 * hourMs })
  fc.assert(
    fc.property(zones, start, span, (zone, fromMs, spanMs) => {
      const ticks = chooseTicks(fromMs, fromMs + spanMs, spanMs / 12, zone)
      expect(ticks.length).toBeLessThanOrEqual(16)
      for (const [i, tick] of ticks.entries()) {
        expect(tick.ms).toBeGreaterThanOrEqual(fromMs)
        expect(tick.ms).toBeLessThanOrEqual(fromMs + spanMs)
        const before = ticks[i - 1]
        if (before) expect(tick.ms - before.ms).toBeGreaterThan(0)
      }
    }),
    { numRuns: 300 },
  )
})
