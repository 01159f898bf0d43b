import { expect, test } from 'vitest'
import { chaseLiveEdge } from './chase-live-edge.ts'

const at = { positionS: 9.7, startS: 0, endS: 10, isPlaying: true }

test('plays on when it is where it should be', () => {
  expect(chaseLiveEdge(at)).toEqual({ rate: 1, seekToS: undefined })
})

test('plays faster when behind, slower when about to run dry', () => {
  expect(chaseLiveEdge({ ...at, positionS: 9 }).rate).toBeGreaterThan(1)
  expect(chaseLiveEdge({ ...at, positionS: 9.95 }).rate).toBeLessThan(1)
})

test('jumps when far behind, outside, or not playing yet', () => {
  expect(chaseLiveEdge({ ...at, positionS: 5 }).seekToS).toBeCloseTo(9.75)
  expect(chaseLiveEdge({ ...at, startS: 100, endS: 100.1 }).seekToS).toBe(100)
  expect(chaseLiveEdge({ ...at, positionS: 0, isPlaying: false }).seekToS).toBeCloseTo(9.75)
})

test('does not jump on the spot while the first picture is on its way', () => {
  expect(chaseLiveEdge({ ...at, positionS: 9.7, isPlaying: false }).seekToS).toBeUndefined()
})
