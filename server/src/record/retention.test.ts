import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Candidate, keptBy, planAged, planSpace, shortageOf } from './retention.ts'

const candidate = fc.record({
  start: fc.nat(500),
  length: fc.integer({ min: 1, max: 60 }),
  sizeBytes: fc.integer({ min: 1, max: 50 }),
  cameraId: fc.constantFrom('a', 'b', 'c'),
})
const candidates = fc
  .array(candidate, { maxLength: 40 })
  .map((given) =>
    given
      .sort((a, b) => a.start - b.start)
      .map((one, i): Candidate => ({ ...one, id: String(i), startMs: one.start, endMs: one.start + one.length })),
  )
const keptSpans = fc.array(
  fc.record({ cameraId: fc.constantFrom('a', 'b'), startMs: fc.nat(500), length: fc.integer({ min: 1, max: 200 }) }),
  { maxLength: 5 },
)
const shortage = fc.record({ quotaBytes: fc.nat(600), reserveBytes: fc.nat(600) })
const everything = fc.tuple(candidates, keptSpans, shortage).map(([list, kept, short]) => {
  const spans = kept.map((span) => ({ ...span, endMs: span.startMs + span.length }))
  const isKept = keptBy(spans)
  const plan = planSpace(short, list, isKept)
  const deleted = new Set(plan.deletions.map((deletion) => deletion.segmentId))
  return { list, spans, isKept, short, plan, deleted }
})

test('footage that somebody keeps is never planned', () => {
  fc.assert(
    fc.property(everything, ({ list, spans, deleted }) => {
      for (const one of list.filter((c) => deleted.has(c.id)))
        for (const span of spans)
          expect(span.cameraId === one.cameraId && span.startMs < one.endMs && one.startMs < span.endMs).toBe(false)
    }),
  )
})

test('nothing newer goes while something older may go instead', () => {
  fc.assert(
    fc.property(everything, ({ list, isKept, deleted }) => {
      const free = list.filter((one) => !isKept(one))
      expect(free.map((one) => deleted.has(one.id))).toEqual(free.map((_, i) => i < deleted.size))
    }),
  )
})

test('a plan is enough where it can be, and without its last deletion it is not', () => {
  fc.assert(
    fc.property(everything, ({ list, isKept, short, plan, deleted }) => {
      const sizes = list.filter((one) => deleted.has(one.id)).map((one) => one.sizeBytes)
      const freed = sizes.reduce((sum, size) => sum + size, 0)
      const wanted = Math.max(short.quotaBytes, short.reserveBytes)
      if (deleted.size < list.filter((one) => !isKept(one)).length) expect(freed).toBeGreaterThanOrEqual(wanted)
      if (deleted.size > 0) expect(freed - (sizes.at(-1) ?? 0)).toBeLessThan(wanted)
      expect(plan.shortage.quotaBytes).toBe(Math.max(0, short.quotaBytes - freed))
      expect(plan.shortage.reserveBytes).toBe(Math.max(0, short.reserveBytes - freed))
    }),
  )
})

test('a plan in pages is the plan in one piece', () => {
  fc.assert(
    fc.property(everything, fc.integer({ min: 1, max: 7 }), ({ list, isKept, short, plan }, pageSize) => {
      const deletions = []
      let left = short
      for (let at = 0; at < list.length; at += pageSize) {
        const page = planSpace(left, list.slice(at, at + pageSize), isKept)
        deletions.push(...page.deletions)
        left = page.shortage
      }
      expect(deletions).toEqual(plan.deletions)
    }),
  )
})

test('each deletion carries the rule that still asks for space', () => {
  const list = [0, 1, 2].map(
    (i): Candidate => ({ id: String(i), cameraId: 'a', startMs: i, endMs: i + 1, sizeBytes: 10 }),
  )
  const { deletions } = planSpace({ quotaBytes: 10, reserveBytes: 25 }, list, () => false)
  expect(deletions.map((deletion) => deletion.rule)).toEqual(['quota', 'reserve', 'reserve'])
})

test('space is short by what the quota and the reserve ask for before the next segment is written', () => {
  const space = { totalBytes: 1000, freeBytes: 60, footageBytes: 500, quotaBytes: 510, reserveShare: 0.05 }
  expect(shortageOf(space, 0)).toEqual({ quotaBytes: 0, reserveBytes: 0 })
  expect(shortageOf(space, 30)).toEqual({ quotaBytes: 20, reserveBytes: 20 })
  expect(shortageOf({ ...space, quotaBytes: null }, 30)).toEqual({ quotaBytes: 0, reserveBytes: 20 })
})

test('age takes what ended before the limit, and leaves what is kept', () => {
  const list = [0, 100, 200].map(
    (startMs, i): Candidate => ({ id: String(i), cameraId: 'a', startMs, endMs: startMs + 100, sizeBytes: 1 }),
  )
  expect(planAged(250, list, (one) => one.id === '0').map((deletion) => deletion.segmentId)).toEqual(['1'])
})
