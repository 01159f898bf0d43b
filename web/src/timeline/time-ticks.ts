/**
 * Where the ruler has its marks: round local times, never closer than a label is wide.
 * Up to an hour the steps are real time (an hour that comes twice gets two marks), above they follow the local clock.
 */
import { fromLocal, toLocal, zoneOffsetMs } from '@vedette/shared/local-time.ts'

export interface Tick {
  readonly ms: number
  /** What the label tells: a time, the time with seconds or milliseconds, a day, a month, a year. */
  readonly kind: 'fraction' | 'second' | 'minute' | 'day' | 'month' | 'year'
}

type Step = { readonly ms: number; readonly unit: 'real' | 'hour' | 'day' | 'month'; readonly count: number }

const secondMs = 1000
const minuteMs = 60_000
const hourMs = 3_600_000
const dayMs = 86_400_000
const real = (ms: number): Step => ({ ms, unit: 'real', count: ms })
const steps: readonly Step[] = [
  ...[100, 200, 500].map(real),
  ...[1, 2, 5, 10, 15, 30].map((n) => real(n * secondMs)),
  ...[1, 2, 5, 10, 15, 30].map((n) => real(n * minuteMs)),
  real(hourMs),
  ...[2, 3, 6, 12].map((count): Step => ({ ms: count * hourMs, unit: 'hour', count })),
  ...[1, 2, 7].map((count): Step => ({ ms: count * dayMs, unit: 'day', count })),
  ...[1, 3, 12].map((count): Step => ({ ms: count * 30 * dayMs, unit: 'month', count })),
]

/** Marks inside [fromMs, toMs] with at least `gapMs` between two of them, ascending. */
export function chooseTicks(fromMs: number, toMs: number, gapMs: number, zone: string): Tick[] {
  const step = steps.find((candidate) => candidate.ms >= gapMs) ?? {
    ms: Number.POSITIVE_INFINITY,
    unit: 'month',
    count: 12,
  }
  const times = step.unit === 'real' ? realTimes(fromMs, toMs, step.ms, zone) : localTimes(fromMs, toMs, step, zone)
  return times.filter((ms) => ms >= fromMs && ms <= toMs).map((ms) => ({ ms, kind: kindOf(ms, zone) }))
}

function kindOf(ms: number, zone: string): Tick['kind'] {
  if (ms % secondMs !== 0) return 'fraction'
  if (ms % minuteMs !== 0) return 'second'
  const local = toLocal(ms, zone)
  const isDayStart = toLocal(ms - 1, zone).day !== local.day
  if (!isDayStart) return 'minute'
  if (local.day !== 1) return 'day'
  return local.month === 1 ? 'year' : 'month'
}

function realTimes(fromMs: number, toMs: number, stepMs: number, zone: string): number[] {
  const times: number[] = []
  for (let ms = alignDown(fromMs, stepMs, zone); ms <= toMs; ms += stepMs) {
    // Zones that change by half an hour leave the grid there; go on at the next round time.
    const aligned = alignDown(ms, stepMs, zone)
    times.push(aligned)
    ms = aligned
  }
  return times
}

function alignDown(ms: number, stepMs: number, zone: string): number {
  const offset = zoneOffsetMs(ms, zone)
  return Math.floor((ms + offset) / stepMs) * stepMs - offset
}

function localTimes(fromMs: number, toMs: number, step: Step, zone: string): number[] {
  const first = toLocal(fromMs, zone)
  const times = new Set<number>()
  if (step.unit === 'month') {
    const month = first.month - ((first.month - 1) % step.count)
    for (let i = 0; ; i += step.count) {
      const ms = fromLocal({ year: first.year, month: month + i }, zone)
      if (ms > toMs) return [...times]
      times.add(ms)
    }
  }
  const dayStep = step.unit === 'day' ? step.count : 1
  // Counting days from a Monday (5 January 1970) keeps weeks on Mondays and pairs of days from jumping at a month's end.
  const dayNumber = Math.floor((Date.UTC(first.year, first.month - 1, first.day) / dayMs - 4) / dayStep) * dayStep + 4
  for (let i = 0; ; i += dayStep) {
    const day = new Date((dayNumber + i) * dayMs)
    const date = { year: day.getUTCFullYear(), month: day.getUTCMonth() + 1, day: day.getUTCDate() }
    if (fromLocal(date, zone) > toMs) return [...times]
    const hourStep = step.unit === 'hour' ? step.count : 24
    for (let hour = 0; hour < 24; hour += hourStep) times.add(fromLocal({ ...date, hour }, zone))
  }
}
