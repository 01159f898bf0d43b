import { expect, test } from 'vitest'
import { chooseColumns, moveInGrid } from './grid-layout.ts'

test('takes the columns that were chosen', () => {
  expect(chooseColumns(3, 8, 1400, 800)).toBe(3)
})

test.each([
  [1, 1400, 800, 1],
  [2, 1400, 800, 2],
  [4, 1400, 800, 2],
  [8, 1400, 800, 3],
  [9, 1400, 800, 3],
  [4, 360, 600, 1],
  [8, 360, 600, 1],
  [6, 1390, 840, 3],
  [60, 3800, 2000, 9],
])('lays %i cameras on %i × %i px in %i columns', (tiles, width, height, columns) => {
  expect(chooseColumns('auto', tiles, width, height)).toBe(columns)
})

test('arrows stay inside the grid', () => {
  expect(moveInGrid(0, 'ArrowLeft', 5, 2)).toBe(0)
  expect(moveInGrid(1, 'ArrowDown', 5, 2)).toBe(3)
  expect(moveInGrid(3, 'ArrowDown', 5, 2)).toBe(3)
  expect(moveInGrid(3, 'ArrowUp', 5, 2)).toBe(1)
  expect(moveInGrid(3, 'ArrowRight', 5, 2)).toBe(4)
})
