import { alwaysWeek, weekSchedule } from '@vedette/shared/schedule.ts'
import { expect, test } from 'vitest'
import { copyDay, paintCells, paintDay, rangesOf, replaceRange, roomForRange } from './week-ranges.ts'

const empty = '-'.repeat(48)

test('a day is its ranges', () => {
  const day = paintDay(paintDay(empty, 16, 20, 'c'), 20, 24, 'e')
  expect(rangesOf(day)).toEqual([
    { from: 16, to: 20, letter: 'c' },
    { from: 20, to: 24, letter: 'e' },
  ])
  expect(rangesOf(empty)).toEqual([])
})

test('paints a rectangle from any corner, and stays a week', () => {
  const week = paintCells(alwaysWeek, { day: 3, half: 47 }, { day: 1, half: 40 }, '-')
  expect(week.map((day) => day.slice(40))).toEqual(
    [0, 1, 2, 3, 4, 5, 6].map((i) => (i >= 1 && i <= 3 ? '-' : 'c').repeat(8)),
  )
  expect(weekSchedule.safeParse(week).success).toBe(true)
})

test('nothing can be painted outside of the day', () => {
  expect(paintDay(empty, -3, 2, 'c')).toBe(`cc${'-'.repeat(46)}`)
  expect(paintDay(empty, 46, 99, 'c')).toBe(`${'-'.repeat(46)}cc`)
  expect(paintDay(empty, 9, 9, 'c')).toBe(empty)
})

test('a range that is moved leaves nothing behind and covers what lies there', () => {
  const day = paintDay(paintDay(empty, 0, 4, 'c'), 10, 20, 'e')
  const moved = replaceRange(day, { from: 0, to: 4, letter: 'c' }, { from: 8, to: 12, letter: 'c' })
  expect(rangesOf(moved)).toEqual([
    { from: 8, to: 12, letter: 'c' },
    { from: 12, to: 20, letter: 'e' },
  ])
})

test('a new range goes where nothing is', () => {
  expect(roomForRange(paintDay(empty, 0, 40, 'c'))).toEqual({ from: 40, to: 44, letter: 'c' })
  expect(roomForRange(paintDay(empty, 2, 48, 'c'))).toEqual({ from: 0, to: 2, letter: 'c' })
  expect(roomForRange('c'.repeat(48))).toBeUndefined()
})

test('a day is copied to the days that were asked for', () => {
  const week = alwaysWeek.with(0, empty)
  expect(copyDay(week, 0, [1, 2]).map((day) => day === empty)).toEqual([true, true, true, false, false, false, false])
})
