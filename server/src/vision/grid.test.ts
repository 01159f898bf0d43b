import type { Zone } from '@vedette/shared/camera.ts'
import { expect, test } from 'vitest'
import { cellCount, columns, maskOf, rows } from './grid.ts'

const zone = (kind: Zone['kind'], points: [number, number][], name: string = kind): Zone => ({
  name,
  kind,
  points: points.map(([x, y]) => ({ x, y })),
})
const square = (left: number, top: number, right: number, bottom: number): [number, number][] => [
  [left, top],
  [right, top],
  [right, bottom],
  [left, bottom],
]
const has = (cells: Uint8Array, x: number, y: number) => cells[Math.floor(y * rows) * columns + Math.floor(x * columns)]

test('without zones everything is wanted', () => {
  expect(maskOf([]).wantedCount).toBe(cellCount)
})

test('only what an include zone covers is wanted, and an exclude zone wins', () => {
  const mask = maskOf([zone('include', square(0, 0, 0.5, 1)), zone('exclude', square(0, 0, 1, 0.5))])
  expect(has(mask.wanted, 0.25, 0.75)).toBe(1)
  expect(has(mask.wanted, 0.25, 0.25)).toBe(0)
  expect(has(mask.wanted, 0.75, 0.75)).toBe(0)
  expect(mask.wantedCount / cellCount).toBeCloseTo(0.25, 1)
})

test('a triangle covers half its box; a polygon may cross itself', () => {
  expect(
    maskOf([
      zone('include', [
        [0, 0],
        [1, 0],
        [0, 1],
      ]),
    ]).wantedCount / cellCount,
  ).toBeCloseTo(0.5, 1)
  const bow = maskOf([
    zone('include', [
      [0, 0],
      [1, 1],
      [1, 0],
      [0, 1],
    ]),
  ])
  expect(has(bow.wanted, 0.1, 0.5)).toBe(1)
  expect(has(bow.wanted, 0.5, 0.1)).toBe(0)
})

test('a zone smaller than a cell has one cell; a corner at the very edge is inside', () => {
  expect(maskOf([zone('include', square(0.501, 0.501, 0.502, 0.502))]).wantedCount).toBe(1)
  expect(maskOf([zone('include', square(1, 1, 1, 1))]).wantedCount).toBe(1)
})

test('each include zone keeps its own cells', () => {
  const { zones } = maskOf([
    zone('include', square(0, 0, 0.5, 1), 'left'),
    zone('include', square(0.5, 0, 1, 1), 'right'),
  ])
  expect(zones.map((z) => [z.name, has(z.cells, 0.25, 0.5), has(z.cells, 0.75, 0.5)])).toEqual([
    ['left', 1, 0],
    ['right', 0, 1],
  ])
})
