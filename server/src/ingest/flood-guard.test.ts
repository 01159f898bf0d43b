import { expect, test } from 'vitest'
import { FloodGuard } from './flood-guard.ts'

test('R16 R38 a flood of frames is noticed within its first six thousand', () => {
  const guard = new FloodGuard()
  const counts = Array.from({ length: 10_000 }, (_, frame) => guard.count(frame / 70))
  expect(counts.indexOf(true)).toBe(6000)
})

test('a fast camera with sound is none, nor one that sends a minute at once', () => {
  const guard = new FloodGuard()
  const frames = (perS: number, seconds: number, fromMs: number) =>
    Array.from({ length: perS * seconds }, (_, frame) => guard.count(fromMs + (frame * 1000) / perS))
  expect(frames(170, 60, 0).includes(true)).toBe(false)
  const heldBack = Array.from({ length: 60 * 75 }, () => guard.count(100_000))
  expect(heldBack.includes(true)).toBe(false)
})
