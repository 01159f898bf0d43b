import { expect, test } from 'vitest'
import { hourMs } from '../lib/hour-minutes.ts'
import { type Gap, layOut, planView } from './timeline-layout.ts'

const minute = 60_000
const view = planView({ startMs: 0, endMs: hourMs }, 1000)
const lay = (footage: [number, number][], gaps: Gap[] = [], nowMs = hourMs * 1000) =>
  layOut(view, nowMs, { footage: footage.map(([startMs, endMs]) => ({ startMs, endMs })), gaps })
const gap = (startMs: number, endMs: number, cause = 'stalled', kind: Gap['kind'] = 'missing'): Gap => ({
  kind,
  cause,
  startMs,
  endMs,
  gapMs: endMs - startMs,
})

test('chooses the detail by the width of a column', () => {
  const detailOf = (spanMs: number) => planView({ startMs: 5, endMs: 5 + spanMs }, 1000).detail
  expect([hourMs, 12 * hourMs, 24 * hourMs, 300 * hourMs, 720 * hourMs].map(detailOf)).toEqual([
    'exact',
    'close',
    'minutes',
    'minutes',
    'buckets',
  ])
  const year = planView({ startMs: 90 * minute, endMs: 90 * minute + 8760 * hourMs }, 1000)
  expect(year.columns).toEqual({ bucketMs: 9 * hourMs, originMs: hourMs })
})

test('footage whose parts touch is one recording, clipped to the view', () => {
  expect(
    lay([
      [-minute, minute],
      [minute, 2 * minute],
      [2 * minute + 900, 3 * minute],
    ]).recorded,
  ).toEqual([{ startMs: 0, endMs: 3 * minute }])
  expect(
    lay([
      [0, minute],
      [2 * minute, 3 * minute],
    ]).recorded,
  ).toHaveLength(2)
})

test('neighbouring gaps of one cause are one, the cause of another stays its own', () => {
  expect(lay([], [gap(0, minute), gap(minute, 2 * minute), gap(2 * minute, 3 * minute, 'disk')]).missing).toEqual([
    { startMs: 0, endMs: 2 * minute, cause: 'stalled' },
    { startMs: 2 * minute, endMs: 3 * minute, cause: 'disk' },
  ])
})

test('where several causes share a bucket, the one with the most time names it', () => {
  const bucket = { startMs: 0, endMs: hourMs }
  const gaps = [
    { ...gap(0, 0, 'disk'), ...bucket, gapMs: 5 },
    { ...gap(0, 0, 'stalled'), ...bucket, gapMs: 50 },
  ]
  expect(lay([], gaps).missing).toEqual([{ ...bucket, cause: 'stalled' }])
})

test('a cause that this version does not know is shown as unknown', () => {
  expect(lay([], [gap(0, minute, 'alien')]).missing[0]?.cause).toBe('unknown')
})

test('recorded covers not wanted, never missing', () => {
  const { notWanted, missing } = lay([[0, minute]], [gap(0, 2 * minute, 'off', 'not_wanted'), gap(0, minute)])
  expect(notWanted).toEqual([{ startMs: minute, endMs: 2 * minute }])
  expect(missing).toHaveLength(1)
})

test('coarse spans end with the present', () => {
  const day = planView({ startMs: 0, endMs: 24 * hourMs }, 1000)
  const rows = { footage: [{ startMs: 0, endMs: 2 * minute }], gaps: [] }
  expect(layOut(day, minute + 5000, rows).recorded).toEqual([{ startMs: 0, endMs: minute + 5000 }])
})

test('in a close view, an hour taken as a whole has the holes that the ledger knows', () => {
  const close = planView({ startMs: 0, endMs: 12 * hourMs }, 1000)
  const hole = gap(10 * minute, 10 * minute + 50_000)
  const { recorded } = layOut(close, hourMs * 1000, { footage: [{ startMs: 0, endMs: hourMs }], gaps: [hole] })
  expect(recorded).toEqual([
    { startMs: 0, endMs: hole.startMs },
    { startMs: hole.endMs, endMs: hourMs },
  ])
})
