import type { TimelineLane } from '@vedette/shared/timeline.ts'
import { expect, test } from 'vitest'
import { factAt, newestFootage, openSpan, summarizeLane, unreadCameras } from './lane-facts.ts'

const lane = (more: Partial<TimelineLane>): TimelineLane => ({
  cameraId: 'a',
  recorded: [],
  missing: [],
  notWanted: [],
  events: [],
  density: [],
  ...more,
})
const tile = (fromMs: number, toMs: number, one: TimelineLane) => ({
  fromMs,
  toMs,
  answer: { fromMs, toMs, nowMs: 10_000, bucketMs: 1, lanes: [one] },
})
const gap = { startMs: 800, endMs: 1200, cause: 'stalled' as const }
const tiles = [
  tile(0, 1000, lane({ recorded: [{ startMs: 0, endMs: 800 }], missing: [gap], density: [[100, 3]] })),
  tile(
    1000,
    2000,
    lane({
      recorded: [{ startMs: 1200, endMs: 1600 }],
      missing: [gap],
      notWanted: [{ startMs: 1600, endMs: 2000 }],
      events: [{ id: 'e', kind: 'motion', startMs: 1300, endMs: null, kept: false }],
    }),
  ),
]

test('tells what an instant is', () => {
  expect(factAt(tiles, 'a', 100)).toEqual({ kind: 'recorded' })
  expect(factAt(tiles, 'a', 1100)).toEqual({ kind: 'missing', cause: 'stalled' })
  expect(factAt(tiles, 'a', 1800)).toEqual({ kind: 'notWanted' })
  expect(factAt(tiles, 'b', 100)).toEqual({ kind: 'nothing' })
})

test('what was being written when the server answered goes on to the present', () => {
  const fresh = [tile(8000, 12_000, lane({ recorded: [{ startMs: 8000, endMs: 9200 }] }))]
  expect(openSpan([...tiles, ...fresh], 'a', 13_000)).toEqual({ startMs: 9200, endMs: 13_000 })
  expect(openSpan(tiles, 'a', 13_000)).toBeUndefined()
  expect(openSpan(fresh, 'b', 13_000)).toBeUndefined()
})

test('finds where footage ends', () => {
  expect(newestFootage(tiles, new Set(['a']))).toBe(1600)
  expect(newestFootage(tiles, new Set(['b']))).toBeUndefined()
})

test('sums a view without counting a gap over two tiles twice', () => {
  expect(summarizeLane(tiles, 'a', 0, 2000)).toEqual({ recordedShare: 0.6, gaps: [gap], events: 4 })
})

test('tells of which cameras the present is unknown, by the newest answer that reaches it', () => {
  const one = (toMs: number, nowMs: number, unread?: string[]) => ({
    fromMs: 0,
    toMs,
    answer: { fromMs: 0, toMs, nowMs, bucketMs: 1, lanes: [], ...(unread && { unread }) },
  })
  expect(unreadCameras([one(200_000, 190_000, ['a'])])).toEqual(['a'])
  expect(unreadCameras([one(200_000, 190_000, ['a']), one(300_000, 194_000)])).toEqual([])
  expect(unreadCameras([one(100_000, 190_000, ['a'])])).toEqual([])
  expect(unreadCameras([])).toEqual([])
})
