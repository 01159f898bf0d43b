/** What stands at a mark of the ruler, in the viewer's language. */
import { locales } from '../i18n/language.ts'
import type { Tick } from './time-ticks.ts'

const options: Record<Tick['kind'], Intl.DateTimeFormatOptions> = {
  fraction: { second: '2-digit', fractionalSecondDigits: 1 },
  second: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  minute: { hour: '2-digit', minute: '2-digit' },
  day: { weekday: 'short', day: 'numeric', month: 'short' },
  month: { day: 'numeric', month: 'short' },
  year: { day: 'numeric', month: 'short', year: 'numeric' },
}
const formats = new Map<string, Intl.DateTimeFormat>()

export function tickLabel(tick: Tick, zone: string): string {
  const key = `${tick.kind} ${zone} ${locales()}`
  const format = formats.get(key) ?? new Intl.DateTimeFormat(locales(), { ...options[tick.kind], timeZone: zone })
  formats.set(key, format)
  return format.format(tick.ms)
}
