import { expect, test } from 'vitest'
import { alwaysWeek, nextScheduleChange, scheduledAt, type WeekSchedule, weekSchedule } from './schedule.ts'

const rome = 'Europe/Rome'
/** Every day from `from` to `to` (half hours), else nothing. */
const daily = (from: number, to: number, letter = 'c'): WeekSchedule =>
  Array.from({ length: 7 }, () => '-'.repeat(from) + letter.repeat(to - from) + '-'.repeat(48 - to))
const at = (text: string) => Date.parse(text)
const hours = (week: WeekSchedule, zone: string, fromMs: number, toMs: number) => {
  let quarters = 0
  for (let ms = fromMs; ms < toMs; ms += 900_000) if (scheduledAt(week, zone, ms) !== '-') quarters += 1
  return quarters / 4
}

test('counts in the zone of the installation, Monday first', () => {
  const mondayMorning: WeekSchedule = [`${'-'.repeat(16)}cc${'e'.repeat(30)}`, ...Array(6).fill('-'.repeat(48))]
  expect(scheduledAt(mondayMorning, rome, at('2026-11-23T07:59:59+01:00'))).toBe('-')
  expect(scheduledAt(mondayMorning, rome, at('2026-11-23T08:00:00+01:00'))).toBe('c')
  expect(scheduledAt(mondayMorning, rome, at('2026-11-23T09:00:00+01:00'))).toBe('e')
  expect(scheduledAt(mondayMorning, rome, at('2026-11-23T23:59:59+01:00'))).toBe('e')
  expect(scheduledAt(mondayMorning, rome, at('2026-11-24T00:00:00+01:00'))).toBe('-')
  expect(scheduledAt(mondayMorning, 'UTC', at('2026-11-23T08:00:00+01:00'))).toBe('-')
})

test('the hour that comes twice counts twice, the one that is left out not at all', () => {
  const night = daily(2, 8) // 01:00 to 04:00
  expect(hours(night, rome, at('2026-10-25T00:00:00+02:00'), at('2026-10-26T00:00:00+01:00'))).toBe(4)
  expect(hours(night, rome, at('2026-03-29T00:00:00+01:00'), at('2026-03-30T00:00:00+02:00'))).toBe(2)
  const leftOut = daily(4, 6) // 02:00 to 03:00
  expect(hours(leftOut, rome, at('2026-03-29T00:00:00+01:00'), at('2026-03-30T00:00:00+02:00'))).toBe(0)
})

test('zones that are off by half and quarter hours change on their own half hours', () => {
  const eight = daily(16, 17)
  expect(scheduledAt(eight, 'Asia/Kathmandu', at('2026-11-23T08:00:00+05:45'))).toBe('c')
  expect(scheduledAt(eight, 'Asia/Kathmandu', at('2026-11-23T07:59:00+05:45'))).toBe('-')
  expect(hours(eight, 'Australia/Lord_Howe', at('2026-11-23T00:00:00+11:00'), at('2026-11-24T00:00:00+11:00'))).toBe(
    0.5,
  )
})

test('says when it changes next', () => {
  const night = daily(2, 8)
  expect(nextScheduleChange(night, rome, at('2026-10-25T00:10:00+02:00'))).toBe(at('2026-10-25T01:00:00+02:00'))
  expect(nextScheduleChange(night, rome, at('2026-10-25T01:00:00+02:00'))).toBe(at('2026-10-25T04:00:00+01:00'))
  expect(nextScheduleChange(alwaysWeek, rome, at('2026-10-25T01:00:00+02:00'))).toBeUndefined()
})

test('takes seven days of 48 known letters and nothing else', () => {
  expect(weekSchedule.safeParse(alwaysWeek).success).toBe(true)
  expect(weekSchedule.safeParse(alwaysWeek.slice(1)).success).toBe(false)
  expect(weekSchedule.safeParse(alwaysWeek.with(3, 'x'.repeat(48))).success).toBe(false)
  expect(weekSchedule.safeParse(alwaysWeek.with(3, 'c'.repeat(47))).success).toBe(false)
})
