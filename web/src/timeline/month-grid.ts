/** The days that a calendar page shows: whole weeks around a month, in a zone. Pure. */
import { fromLocal, toLocal } from '@vedette/shared/local-time.ts'

export interface CalendarDay {
  /** Local midnight. */
  readonly ms: number
  /** The server's name for the date: its midnight as if the place had UTC. */
  readonly utcMs: number
  readonly day: number
  readonly isInMonth: boolean
}

/** `firstWeekday`: 1 Monday … 7 Sunday. `months` turns pages. */
export function monthGrid(ms: number, zone: string, months: number, firstWeekday: number): CalendarDay[] {
  const { year, month } = toLocal(ms, zone)
  const first = new Date(Date.UTC(year, month - 1 + months, 1))
  const weekday = first.getUTCDay() || 7
  const lead = (weekday - firstWeekday + 7) % 7
  const daysInMonth = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
  const cells = Math.ceil((lead + daysInMonth) / 7) * 7
  return Array.from({ length: cells }, (_, i) => {
    const utc = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), 1 - lead + i))
    const date = { year: utc.getUTCFullYear(), month: utc.getUTCMonth() + 1, day: utc.getUTCDate() }
    return {
      ms: fromLocal(date, zone),
      utcMs: utc.getTime(),
      day: date.day,
      isInMonth: utc.getUTCMonth() === first.getUTCMonth(),
    }
  })
}

/** Where weeks begin for a language; Monday where the browser does not know. */
export function firstWeekdayOf(language: string): number {
  const locale: Intl.Locale & { getWeekInfo?: () => { firstDay: number } } = new Intl.Locale(language)
  return locale.getWeekInfo?.().firstDay ?? 1
}
