import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minuteSpans, minutesTouched } from './hour-minutes.ts'
import { mergeSpans, type Span, splitByBlock, subtractSpans } from './spans.ts'

const span = fc.tuple(fc.nat(200), fc.nat(50)).map(([startMs, length]): Span => ({ startMs, endMs: startMs + length }))
const covers = (spans: readonly Span[], at: number) => spans.some((s) => s.startMs <= at && at < s.endMs)
const everyMs = Array.from({ length: 260 }, (_, at) => at)

test('merging keeps exactly the covered time, sorted and without overlaps', () => {
  fc.assert(
    fc.property(fc.array(span), (spans) => {
      const merged = mergeSpans(spans)
      expect(everyMs.map((at) => covers(merged, at))).toEqual(everyMs.map((at) => covers(spans, at)))
      for (const [i, s] of merged.entries()) if (i > 0) expect(s.startMs).toBeGreaterThan(merged[i - 1]?.endMs ?? 0)
    }),
  )
})

test('subtracting leaves exactly the time outside the holes', () => {
  fc.assert(
    fc.property(span, fc.array(span), (whole, holes) => {
      const rest = subtractSpans(whole, holes)
      const expected = everyMs.map((at) => covers([whole], at) && !covers(holes, at))
      expect(everyMs.map((at) => covers(rest, at))).toEqual(expected)
    }),
  )
})

test('splitting by blocks loses nothing and stays inside the blocks', () => {
  fc.assert(
    fc.property(span, (whole) => {
      const pieces = [...splitByBlock(whole, 60)]
      expect(mergeSpans(pieces)).toEqual(mergeSpans([whole]).filter((s) => s.endMs > s.startMs))
      for (const piece of pieces) expect(piece.endMs - piece.blockMs).toBeLessThanOrEqual(60)
    }),
  )
})

test('minutes of an hour come back as the minutes touched, nothing outside the hour', () => {
  const second = fc.integer({ min: -600, max: 4200 })
  fc.assert(
    fc.property(second, fc.integer({ min: 1, max: 5000 }), (start, length) => {
      const given = { startMs: start * 1000, endMs: (start + length) * 1000 }
      const startMs = Math.max(0, Math.floor(given.startMs / 60_000) * 60_000)
      const endMs = Math.min(3_600_000, Math.ceil(given.endMs / 60_000) * 60_000)
      expect(minuteSpans(minutesTouched(given, 0), 0)).toEqual(endMs > startMs ? [{ startMs, endMs }] : [])
    }),
  )
})
