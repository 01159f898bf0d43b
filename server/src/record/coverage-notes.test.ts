import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cameraId } from '../../../test/support/recording.ts'
import { advanceCoverage, beginCoverage, beginNewCoverage, type CoverageInput, type Reason } from './coverage-notes.ts'
import { type GapNote, note as noteSchema } from './note.ts'

const missing = (cause: 'unreachable' | 'unauthorized' | 'disk' | 'stalled'): Reason => ({ kind: 'missing', cause })
const off: Reason = { kind: 'not_wanted', cause: 'off' }
const settled = (untilMs: number): CoverageInput => ({ what: 'settled', untilMs, growEveryMs: 10_000 })
const recorded = (startMs: number, endMs: number): CoverageInput => ({ what: 'recorded', startMs, endMs })
const reason = (atMs: number, why: Reason | undefined): CoverageInput => ({ what: 'reason', atMs, reason: why })

/** All notes of a camera that was first seen at 0, in the order in which they were sent. */
function notesOf(inputs: readonly CoverageInput[], begin = beginCoverage): GapNote[] {
  let coverage = begin(cameraId, 0)
  return inputs.flatMap((input) => {
    const step = advanceCoverage(coverage, input)
    coverage = step.coverage
    return step.notes
  })
}
/** What stays of notes that grew: the last one of each start. */
const final = (notes: readonly GapNote[]) =>
  [...new Map(notes.map((note) => [note.startMs, note])).values()]
    .filter((note) => note.endMs > note.startMs)
    .map((note) => [note.cause, note.startMs, note.endMs])

describe('causes', () => {
  test('the time before the first footage is the recorder’s own start', () => {
    expect(final(notesOf([reason(100, undefined), recorded(1500, 3000)]))).toEqual([['process', 0, 1500]])
  })

  test('the moment between the last frame and our own end is not put down to the camera', () => {
    const notes = notesOf([reason(0, undefined), recorded(0, 10_000), { what: 'end', atMs: 10_040 }])
    expect(final(notes)).toEqual([['process', 10_000, 10_040]])
  })

  test('the ledger of a camera that was just switched on begins with its first footage', () => {
    const inputs = [reason(0, undefined), settled(1000), recorded(1500, 3000), settled(8000), recorded(3000, 9000)]
    expect(notesOf(inputs, beginNewCoverage)).toEqual([])
  })

  test('where that takes longer than 5 s, all of it is missing', () => {
    const inputs = [reason(0, undefined), reason(800, missing('unreachable')), settled(5000), recorded(9000, 12_000)]
    expect(final(notesOf(inputs, beginNewCoverage))).toEqual([
      ['process', 0, 800],
      ['unreachable', 800, 9000],
    ])
  })

  test('a camera that is switched off again before it could start owes nothing', () => {
    expect(notesOf([reason(0, undefined), { what: 'end', atMs: 3000 }], beginNewCoverage)).toEqual([])
  })

  test('a camera that goes away is missing from its last picture to its first one', () => {
    const notes = notesOf([
      ...[
        reason(0, undefined),
        recorded(0, 10_000),
        reason(10_400, missing('unreachable')),
        settled(13_000),
        settled(30_000),
      ],
      ...[reason(31_000, undefined), settled(31_500), recorded(32_000, 33_000)],
    ])
    expect(final(notes)).toEqual([['unreachable', 10_000, 32_000]])
  })

  test('a camera that is back but sends nothing yet is still missing for the old cause', () => {
    const inputs = [reason(0, undefined), recorded(0, 10_000), reason(10_000, missing('unreachable')), settled(20_000)]
    const notes = notesOf([...inputs, reason(31_000, undefined), settled(50_000), recorded(55_000, 56_000)])
    expect(final(notes)).toEqual([['unreachable', 10_000, 55_000]])
  })

  test('a changed cause divides the gap', () => {
    const inputs = [recorded(0, 5000), reason(5000, missing('unreachable')), settled(8000)]
    const notes = notesOf([...inputs, reason(9000, missing('unauthorized')), settled(20_000), recorded(20_500, 21_000)])
    expect(final(notes)).toEqual([
      ['unreachable', 5000, 9000],
      ['unauthorized', 9000, 20_500],
    ])
  })

  test('silence is explained by what is found out later', () => {
    const inputs = [recorded(0, 5000), settled(8000), settled(12_000)]
    expect(notesOf([reason(0, undefined), ...inputs])).toEqual([])
    const notes = notesOf([reason(0, undefined), ...inputs, reason(15_000, missing('stalled')), settled(16_000)])
    expect(final(notes)).toEqual([['stalled', 5000, 16_000]])
  })

  test('silence that nothing explains is put down to the camera', () => {
    expect(final(notesOf([reason(0, undefined), recorded(0, 5000), settled(18_000)]))).toEqual([
      ['stalled', 5000, 18_000],
    ])
    expect(final(notesOf([reason(0, undefined), recorded(0, 5000), recorded(7000, 8000)]))).toEqual([
      ['stalled', 5000, 7000],
    ])
  })

  test('what is not wanted is not missing, and what is wanted again is', () => {
    const inputs = [reason(0, off), settled(50_000), reason(60_000, undefined), settled(80_000)]
    expect(final(notesOf(inputs))).toEqual([
      ['off', 0, 60_000],
      ['stalled', 60_000, 80_000],
    ])
  })

  test('footage that a failed disk took back is missing', () => {
    expect(final(notesOf([recorded(0, 9000), { what: 'lost', startMs: 0, endMs: 9000 }]))).toEqual([['disk', 0, 9000]])
  })

  test('an hour that the clock skipped is missing by the clock', () => {
    const inputs = [recorded(0, 5000), reason(0, undefined), { what: 'clock', fromMs: 5000, toMs: 3_605_000 } as const]
    expect(final(notesOf([...inputs, recorded(3_605_000, 3_606_000)]))).toEqual([['clock', 5000, 3_605_000]])
  })

  test('a clock that was years ahead does not silence the ledger when it is set right', () => {
    const inputs = [
      reason(0, off),
      settled(9000),
      { what: 'clock', fromMs: 10_000, toMs: 2000 } as const,
      settled(8000),
    ]
    expect(final(notesOf(inputs.slice(0, 3)))).toEqual([['off', 0, 10_000]])
    expect(final(notesOf(inputs)).at(-1)).toEqual(['off', 2000, 8000])
  })
})

describe('growing', () => {
  test('is told at once and then every ten seconds, and the end is told', () => {
    const ticks = Array.from({ length: 50 }, (_, i) => settled(5000 + i * 500))
    const notes = notesOf([recorded(0, 5000), reason(5000, missing('disk')), ...ticks, recorded(29_700, 31_000)])
    expect(notes.map((note) => note.endMs)).toEqual([5500, 15_500, 25_500, 29_700])
  })

  test('ends with the recorder', () => {
    const notes = notesOf([reason(0, off), settled(1000), { what: 'end', atMs: 4321 }])
    expect(final(notes)).toEqual([['off', 0, 4321]])
  })
})

test('every second is recorded or has a gap, and no second has two', () => {
  const reasons = [undefined, missing('unreachable'), missing('disk'), off]
  const step = fc.record({
    waitMs: fc.integer({ min: 0, max: 20_000 }),
    does: fc.oneof(
      fc.record({ reason: fc.nat(3) }),
      fc.record({ recordMs: fc.integer({ min: 1, max: 5000 }), backMs: fc.nat(15_000) }),
      fc.constant({ settle: true }),
    ),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let nowMs = 0
      let footageMs = 0
      let settledMs = 0
      const inputs: CoverageInput[] = []
      const spans: (readonly [number, number])[] = []
      for (const { waitMs, does } of steps) {
        nowMs += waitMs
        if ('reason' in does) inputs.push(reason(nowMs, reasons[does.reason]))
        else if ('recordMs' in does) {
          // Footage comes late, but never from before what is settled.
          const startMs = Math.max(footageMs, settledMs, nowMs - does.backMs)
          footageMs = startMs + does.recordMs
          spans.push([startMs, footageMs])
          inputs.push(recorded(startMs, footageMs))
        } else {
          settledMs = Math.max(settledMs, nowMs - 1000)
          inputs.push(settled(nowMs - 1000))
        }
      }
      const endMs = Math.max(nowMs, footageMs) + 1000
      const notes = notesOf([...inputs, { what: 'end', atMs: endMs }])
      for (const note of notes) expect(noteSchema.safeParse(note).success).toBe(true)
      for (const [, startMs, until] of final(notes)) spans.push([Number(startMs), Number(until)])
      const sorted = spans.toSorted((a, b) => a[0] - b[0])
      expect(sorted.map(([from]) => from)).toEqual([0, ...sorted.map(([, to]) => to).slice(0, -1)])
      expect(sorted.at(-1)?.[1]).toBe(endMs)
    }),
    { numRuns: 500 },
  )
})
