import type { PlaybackPart } from '@vedette/shared/playback.ts'
import { expect, test } from 'vitest'
import { partAfter, pieceEnd, placeOf } from './part-list.ts'

/** Ten seconds with a key frame every two, 1000 bytes a second behind an init segment of 500. */
const part = (segmentId: string, startMs: number): PlaybackPart => ({
  segmentId,
  startMs,
  endMs: startMs + 10_000,
  mime: 'video/mp4; codecs="avc1.640028"',
  width: 1920,
  height: 1080,
  initBytes: 500,
  sizeBytes: 10_500,
  keys: [0, 2, 4, 6, 8].map((s) => [startMs + s * 1000, 500 + s * 1000]),
})
const answer = { parts: [part('a', 0), part('b', 10_020), part('c', 60_000)], gaps: [], nextMs: 99_000 }

test('starts at the key frame before', () => {
  expect(placeOf(answer, 5_500)).toMatchObject({ part: { segmentId: 'a' }, key: { atMs: 4000, offset: 4500 } })
  expect(placeOf(answer, 3_999.4)).toMatchObject({ key: { atMs: 4000 } })
})

test('a hole between two segments is no gap', () => {
  expect(placeOf(answer, 10_010)).toMatchObject({ part: { segmentId: 'b' }, key: { atMs: 10_020 } })
})

test('tells where footage goes on after a gap', () => {
  expect(placeOf(answer, 30_000)).toEqual({ kind: 'gap', untilMs: 60_000 })
  expect(placeOf(answer, 80_000)).toEqual({ kind: 'gap', untilMs: 99_000 })
  expect(placeOf({ parts: [], gaps: [], nextMs: null }, 0)).toEqual({ kind: 'gap', untilMs: null })
})

test('knows what follows', () => {
  expect(partAfter(answer, part('a', 0))?.segmentId).toBe('b')
  expect(partAfter(answer, part('b', 10_020))?.segmentId).toBe('c')
  expect(partAfter(answer, part('c', 60_000))).toBeUndefined()
})

test('asks for whole groups of pictures, bounded in bytes', () => {
  const a = part('a', 0)
  expect(pieceEnd(a, 500, 1, 1e6)).toBe(2500)
  expect(pieceEnd(a, 2500, 4000, 1e6)).toBe(6500)
  expect(pieceEnd(a, 8500, 4000, 1e6)).toBe(10_500)
  expect(pieceEnd(a, 500, 60_000, 3000)).toBe(3500)
  expect(pieceEnd(a, 3500, 1, 1e6)).toBe(4500)
})
