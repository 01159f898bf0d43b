/** Times, sizes and counts in the user's language and zone. Pure but for the chosen language. */
import { locales } from './language.ts'

const cache = new Map<string, Intl.DateTimeFormat>()

function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([locales(), options])
  const known = cache.get(key) ?? new Intl.DateTimeFormat(locales(), options)
  cache.set(key, known)
  return known
}

/** 14:02:17 */
export const formatTime = (ms: number) => dateFormat({ timeStyle: 'medium' }).format(ms)
/** 14:02 */
export const formatShortTime = (ms: number) => dateFormat({ timeStyle: 'short' }).format(ms)
/** 18 Nov 2026 */
export const formatDate = (ms: number) => dateFormat({ dateStyle: 'medium' }).format(ms)
/** Wed 18 Nov */
export const formatDay = (ms: number) => dateFormat({ weekday: 'short', day: 'numeric', month: 'short' }).format(ms)
/** 18 Nov 2026, 14:02:17: the exact form, for a title beside a relative one. */
export const formatDateTime = (ms: number) => dateFormat({ dateStyle: 'medium', timeStyle: 'medium' }).format(ms)

export const formatNumber = (value: number, digits = 0) =>
  new Intl.NumberFormat(locales(), { maximumFractionDigits: digits }).format(value)

/** 0.9953 -> 99.5 %. Never rounds a missing second up to 100 %. */
export function formatPercent(share: number, digits = 1): string {
  const scale = 10 ** (digits + 2)
  return new Intl.NumberFormat(locales(), { style: 'percent', maximumFractionDigits: digits }).format(
    Math.floor(share * scale) / scale,
  )
}

const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const

/** 1234567890 -> 1.23 GB (decimal units, three figures). */
export function formatBytes(bytes: number): string {
  const power = Math.min(byteUnits.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
  return new Intl.NumberFormat(locales(), {
    style: 'unit',
    unit: byteUnits[power] ?? 'byte',
    unitDisplay: 'short',
    maximumSignificantDigits: 3,
  }).format(bytes / 1000 ** power)
}

/** 4012 -> 4 Mbit/s */
export function formatBitrate(kbitPerS: number): string {
  return kbitPerS >= 1000 ? `${formatNumber(kbitPerS / 1000, 1)} Mbit/s` : `${formatNumber(kbitPerS)} kbit/s`
}

type Unit = 'second' | 'minute' | 'hour' | 'day'
const spans: readonly (readonly [Unit, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
]

/** 3 min ago, in 5 sec. Times farther than a week are better told as a date. */
export function formatAgo(ms: number, nowMs: number): string {
  const [unit, size] = spans.find(([, size]) => Math.abs(ms - nowMs) >= size) ?? (['second', 1000] as const)
  return new Intl.RelativeTimeFormat(locales(), { numeric: 'auto', style: 'short' }).format(
    Math.trunc((ms - nowMs) / size),
    unit,
  )
}

/** 3 min, 2 days: a length without a direction, in its greatest unit. */
export function formatLength(ms: number): string {
  const [unit, size] = spans.find(([, size]) => ms >= size) ?? (['second', 1000] as const)
  return new Intl.NumberFormat(locales(), { style: 'unit', unit, unitDisplay: 'short' }).format(Math.floor(ms / size))
}
