import { expect, test } from 'vitest'
import { firstShape, freeName, insertPoint, middle, mostPoints, nudge, removePoint, toPoint } from './zone-points.ts'

const triangle = [
  { x: 0, y: 0 },
  { x: 1, y: 0 },
  { x: 1, y: 1 },
]

test('draws a point to the edge when it is near and keeps it inside', () => {
  expect(toPoint(0.01, 1.4)).toEqual({ x: 0, y: 1 })
  expect(toPoint(0.12345, 0.5)).toEqual({ x: 0.123, y: 0.5 })
})

test('the keyboard can move a point away from the edge', () => {
  expect(nudge({ x: 0, y: 0 }, 0.005, 0)).toEqual({ x: 0.005, y: 0 })
  expect(nudge({ x: 0, y: 1 }, -0.05, 0.05)).toEqual({ x: 0, y: 1 })
})

test('adds a point halfway to the next one, also after the last', () => {
  expect(insertPoint(triangle, 0)[1]).toEqual({ x: 0.5, y: 0 })
  expect(middle(triangle, 2)).toEqual({ x: 0.5, y: 0.5 })
})

test('a zone keeps at least three points and has at most 64', () => {
  expect(removePoint(triangle, 1)).toEqual(triangle)
  expect(removePoint(firstShape(), 1)).toHaveLength(3)
  const full = Array.from({ length: mostPoints }, () => ({ x: 0.5, y: 0.5 }))
  expect(insertPoint(full, 0)).toHaveLength(mostPoints)
})

test('names a new zone with the first free number', () => {
  const zone = (name: string) => ({ name, kind: 'include' as const, points: triangle })
  expect(freeName([zone('Zone 1'), zone('Zone 3')], (n) => `Zone ${n}`)).toBe('Zone 2')
})
