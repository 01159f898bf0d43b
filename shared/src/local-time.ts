/**
 * Wall-clock time of a place: UTC milliseconds ↔ year, month, day, hour there, with days of 23 and 25 hours.
 * Footage knows only UTC; the timeline is drawn in the viewer's zone, schedules count in the installation's.
 * What a zone does is Intl's to know (docs/design/time.md "Local time").
 */
import { z } from 'zod'

/** An IANA name of a zone that this runtime knows, e.g. Europe/Rome. */
export const timeZone = z
  .string()
  .max(64)
  .regex(/^[A-Za-z][A-Za-z0-9_+/-]*$/, 'a time zone is named like Europe/Rome')
  .refine(isZone, 'a time zone is named like Europe/Rome')

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name })
    return true
  } catch {
    return false // Intl has no other way to ask.
  }
}

export interface LocalTime {
  readonly year: number
  /** 1..12 */
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
}

/** The zone of this machine: the viewer's in a browser, the host's on the server. */
export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone

const formats = new Map<string, Intl.DateTimeFormat>()
const offsets = new Map<string, number>()
/** Every zone changes its offset on a multiple of this (in UTC). */
const offsetGridMs = 15 * 60_000

/** Local time minus UTC at that instant. */
export function zoneOffsetMs(ms: number, zone: string): number {
  const gridMs = Math.floor(ms / offsetGridMs) * offsetGridMs
  const key = `${zone}${gridMs}`
  const known = offsets.get(key)
  if (known !== undefined) return known
  if (offsets.size > 5000) offsets.clear()
  const offset = asUtcMs(gridMs, zone) - gridMs
  offsets.set(key, offset)
  return offset
}

function asUtcMs(ms: number, zone: string): number {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  formats.set(zone, format)
  const part: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {}
  for (const { type, value } of format.formatToParts(ms)) part[type] = Number(value)
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

export function toLocal(ms: number, zone: string): LocalTime {
  const local = new Date(ms + zoneOffsetMs(ms, zone))
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
  }
}

/**
 * The instant that a local clock shows this. Where it shows it twice (autumn), the first; where it never does (spring),
 * the instant as far after the change. Days and months may run over: day 0 is the last of the month before.
 */
export function fromLocal(local: Partial<LocalTime> & { year: number }, zone: string): number {
  const asIfUtcMs = Date.UTC(local.year, (local.month ?? 1) - 1, local.day ?? 1, local.hour ?? 0, local.minute ?? 0)
  const before = zoneOffsetMs(asIfUtcMs - 86_400_000, zone)
  const after = zoneOffsetMs(asIfUtcMs + 86_400_000, zone)
  for (const offset of [before, after]) {
    if (zoneOffsetMs(asIfUtcMs - offset, zone) === offset) return asIfUtcMs - offset
  }
  return asIfUtcMs - before
}

export function startOfDay(ms: number, zone: string, days = 0): number {
  const { year, month, day } = toLocal(ms, zone)
  return fromLocal({ year, month, day: day + days }, zone)
}

/** The stretches of [fromMs, toMs) in which the zone keeps one offset, in order. */
export function offsetPeriods(
  fromMs: number,
  toMs: number,
  zone: string,
): { readonly startMs: number; readonly endMs: number; readonly offsetMs: number }[] {
  const periods: { startMs: number; endMs: number; offsetMs: number }[] = []
  let startMs = fromMs
  while (startMs < toMs) {
    const offsetMs = zoneOffsetMs(startMs, zone)
    let endMs = startMs
    // Zones keep an offset for weeks at least (Morocco's Ramadan): a day's step does not jump over one.
    while (endMs < toMs && zoneOffsetMs(endMs, zone) === offsetMs) endMs += 86_400_000
    if (endMs > startMs && (endMs >= toMs ? zoneOffsetMs(toMs - 1, zone) !== offsetMs : true))
      endMs = firstOtherOffset(endMs - 86_400_000, Math.min(endMs, toMs - 1), offsetMs, zone)
    endMs = Math.min(endMs, toMs)
    periods.push({ startMs, endMs, offsetMs })
    startMs = endMs
  }
  return periods
}

/** Between an instant with the offset and a later one without it, to the quarter of an hour. */
function firstOtherOffset(withMs: number, withoutMs: number, offsetMs: number, zone: string): number {
  let [low, high] = [Math.floor(withMs / offsetGridMs), Math.floor(withoutMs / offsetGridMs)]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (zoneOffsetMs(middle * offsetGridMs, zone) === offsetMs) low = middle
    else high = middle
  }
  return high * offsetGridMs
}
