/** Times on the timeline: to the millisecond at the playhead, to the second beside spans, in the viewer's zone. */
import { locales } from '../i18n/language.ts'

const formats = new Map<string, Intl.DateTimeFormat>()

function format(name: string, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${name} ${zone} ${locales()}`
  const known = formats.get(key) ?? new Intl.DateTimeFormat(locales(), { ...options, timeZone: zone })
  formats.set(key, known)
  return known
}

/** 14:02:17.480 */
export const exactTime = (ms: number, zone: string) =>
  format('exact', zone, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
  }).format(ms)

/** Wed, 18 Nov 2026 */
export const dayName = (ms: number, zone: string) =>
  format('day', zone, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }).format(ms)

/** 18 Nov, 14:02:17 */
export const dayAndTime = (ms: number, zone: string) =>
  format('both', zone, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(ms)

/** 1:02:17 or 2:17, for the length of a span. */
export function clockLength(ms: number): string {
  const total = Math.round(ms / 1000)
  const [hours, minutes, seconds] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60]
  const two = (n: number) => String(n).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`
}

/** 2026-11-18 14.02.17, for names of files: no colon, local time. */
export function fileTime(ms: number, zone: string): string {
  const parts = format('file', zone, {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    numberingSystem: 'latn',
  }).formatToParts(ms)
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((p) => p.type === type)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}.${part('minute')}.${part('second')}`
}
