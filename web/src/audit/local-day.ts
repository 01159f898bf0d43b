/** Days of the user's calendar as a date field has them (2026-11-18) and as instants. Empty is undefined. */

/** The first instant of the day. */
export function dayStartMs(day: string): number | undefined {
  const [year, month, date] = day.split('-').map(Number)
  if (!year || !month || !date) return undefined
  const ms = new Date(year, month - 1, date).getTime()
  return ms >= 0 ? ms : undefined
}

/** The last millisecond of the day, which may be 23 or 25 hours long. */
export function dayEndMs(day: string): number | undefined {
  const start = dayStartMs(day)
  if (start === undefined) return undefined
  const next = new Date(start)
  next.setDate(next.getDate() + 1)
  return next.getTime() - 1
}

export function dayOf(ms: number | undefined): string {
  if (ms === undefined) return ''
  const day = new Date(ms)
  const two = (part: number) => String(part).padStart(2, '0')
  return `${String(day.getFullYear()).padStart(4, '0')}-${two(day.getMonth() + 1)}-${two(day.getDate())}`
}
