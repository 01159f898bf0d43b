import { expect, test } from 'vitest'
import { correctDrift } from './correct-drift.ts'

test('leaves what nobody sees alone', () => {
  expect(correctDrift(30, 1, true)).toEqual({ seek: false, rate: 1 })
  expect(correctDrift(-30, 0.5, true)).toEqual({ seek: false, rate: 0.5 })
})

test('slows down who is ahead, speeds up who is behind', () => {
  expect(correctDrift(100, 1, true).rate).toBeLessThan(1)
  expect(correctDrift(-100, 1, true).rate).toBeGreaterThan(1)
})

test('never asks a browser for more than sixteen times', () => {
  expect(correctDrift(-8000, 16, true).rate).toBe(16)
})

test('jumps when far off, and when standing still', () => {
  expect(correctDrift(-1500, 1, true).seek).toBe(true)
  expect(correctDrift(-1500, 4, true).seek).toBe(false)
  expect(correctDrift(120, 1, false).seek).toBe(true)
  expect(correctDrift(50, 1, false).seek).toBe(false)
})

test('brings a camera back within a tenth of a second in a few seconds', () => {
  let driftMs = -600
  for (let tick = 0; tick < 50; tick++) driftMs += (correctDrift(driftMs, 1, true).rate - 1) * 100
  expect(Math.abs(driftMs)).toBeLessThan(100)
})
