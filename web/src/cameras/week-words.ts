/** Weekdays and times of day in the user's language. */
import { halfHoursOfDay } from '@vedette/shared/schedule.ts'
import { locales } from '../i18n/language.ts'

const halfHourMs = 1_800_000
/** A Monday. */
const someMondayMs = Date.UTC(2026, 0, 5)

const format = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat([...locales()], { timeZone: 'UTC', ...options })

/** `day` 0 is Monday. */
export const weekdayName = (day: number, width: 'long' | 'short') =>
  format({ weekday: width }).format(someMondayMs + day * 86_400_000)

/** The time at which a half hour begins; the end of the day is 24:00 where the day has 24 hours on the clock's face. */
export function halfHourName(half: number): string {
  const time = format({ timeStyle: 'short' })
  if (half !== halfHoursOfDay) return time.format(someMondayMs + half * halfHourMs)
  return time.resolvedOptions().hour12 ? time.format(someMondayMs) : '24:00'
}
