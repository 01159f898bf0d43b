/**
 * The minutes of an hour as 60 bits in two integers (a database's bit operators and JavaScript's both hold 30),
 * so that a coarse timeline reads one row an hour and is still right to the minute.
 */
import { mergeSpans, type Span } from './spans.ts'

export const hourMs = 3_600_000
export const dayMs = 24 * hourMs
const minuteMs = 60_000

export interface HourMinutes {
  /** Minutes 0..29. */
  readonly low: number
  /** Minutes 30..59. */
  readonly high: number
}

export const noMinutes: HourMinutes = { low: 0, high: 0 }
export const allMinutes: HourMinutes = { low: 2 ** 30 - 1, high: 2 ** 30 - 1 }

export function startOfHour(ms: number): number {
  return ms - (ms % hourMs)
}

/** The minutes that the span touches in the hour that begins at `hourStartMs`; what lies outside the hour is left out. */
export function minutesTouched(span: Span, hourStartMs: number): HourMinutes {
  const first = Math.max(0, Math.floor((span.startMs - hourStartMs) / minuteMs))
  const last = Math.min(59, Math.ceil((span.endMs - hourStartMs) / minuteMs) - 1)
  return { low: bits(first, last, 0), high: bits(first, last, 30) }
}

function bits(first: number, last: number, from: number): number {
  const low = Math.max(first, from) - from
  const high = Math.min(last, from + 29) - from
  return high < low ? 0 : (2 ** (high + 1) - 1) & ~(2 ** low - 1)
}

export function joinMinutes(a: HourMinutes, b: HourMinutes): HourMinutes {
  return { low: a.low | b.low, high: a.high | b.high }
}

/** The spans that the set minutes make. */
export function minuteSpans(minutes: HourMinutes, hourStartMs: number): Span[] {
  // Most hours of a camera that records always: a month of a timeline has thousands of them.
  if (minutes.low === allMinutes.low && minutes.high === allMinutes.high)
    return [{ startMs: hourStartMs, endMs: hourStartMs + hourMs }]
  const spans: Span[] = []
  for (let minute = 0; minute < 60; minute++) {
    const half = minute < 30 ? minutes.low : minutes.high
    if (((half >> (minute % 30)) & 1) === 0) continue
    const startMs = hourStartMs + minute * minuteMs
    spans.push({ startMs, endMs: startMs + minuteMs })
  }
  return mergeSpans(spans)
}
