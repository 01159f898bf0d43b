/** The week of a schedule as people edit it: ranges of half hours, painting over days, copying a day. Pure. */
import { type HalfHour, halfHoursOfDay, type WeekSchedule } from '@vedette/shared/schedule.ts'

/** Half hours from midnight, `to` excluded. */
export interface Range {
  readonly from: number
  readonly to: number
  readonly letter: 'c' | 'e'
}
/** A place in the grid. */
export interface Cell {
  readonly day: number
  readonly half: number
}

/** What is recorded in a day; the rest of it is not. */
export function rangesOf(day: string): Range[] {
  return [...day.matchAll(/c+|e+/g)].map((run) => ({
    from: run.index,
    to: run.index + run[0].length,
    letter: run[0].startsWith('c') ? 'c' : 'e',
  }))
}

export function paintDay(day: string, from: number, to: number, letter: HalfHour): string {
  const [a, b] = [Math.max(0, from), Math.min(halfHoursOfDay, to)]
  return b <= a ? day : day.slice(0, a) + letter.repeat(b - a) + day.slice(b)
}

/** Paints the rectangle between two cells, whichever comes first. */
export function paintCells(week: WeekSchedule, a: Cell, b: Cell, letter: HalfHour): WeekSchedule {
  const [firstDay, lastDay] = [Math.min(a.day, b.day), Math.max(a.day, b.day)]
  const [from, to] = [Math.min(a.half, b.half), Math.max(a.half, b.half) + 1]
  return week.map((day, i) => (i >= firstDay && i <= lastDay ? paintDay(day, from, to, letter) : day))
}

/** Moves or changes one range; what it leaves is not recorded, what it comes to lie on is covered. */
export function replaceRange(day: string, old: Range, next: Range): string {
  return paintDay(paintDay(day, old.from, old.to, '-'), next.from, next.to, next.letter)
}

/** Where another range fits: after the last one, else in the first hole; undefined in a day that is full. */
export function roomForRange(day: string): Range | undefined {
  const hole = [...day.matchAll(/-+/g)].at(-1)
  if (!hole) return undefined
  return { from: hole.index, to: Math.min(hole.index + 4, hole.index + hole[0].length), letter: 'c' }
}

export function copyDay(week: WeekSchedule, from: number, to: readonly number[]): WeekSchedule {
  const copied = week[from] ?? ''
  return week.map((day, i) => (to.includes(i) ? copied : day))
}
