import { describe, expect, test } from 'vitest'
import { ManualClock } from '../lib/clock.ts'
import { type ClockStep, WallClock } from './wall-clock.ts'

function setUp(clockEpoch = 0) {
  const clock = new ManualClock()
  const steps: ClockStep[] = []
  const wall = new WallClock(clock, clockEpoch, (step) => steps.push(step))
  /** Error of the mapping in ms, after time has passed in small bits. */
  const errorAfter = (ms: number) => {
    for (let passed = 0; passed < ms; passed += 100) {
      clock.advance(100)
      wall.nowMs()
    }
    return wall.nowMs() - clock.nowMs()
  }
  return { clock, wall, steps, errorAfter }
}
const hour = 3_600_000

describe('the wall clock', () => {
  test('follows the system’s clock while nobody sets it', () => {
    const { wall, steps, errorAfter } = setUp()
    expect(Math.abs(errorAfter(60_000))).toBeLessThan(1)
    expect([wall.steps, steps]).toEqual([0, []])
  })

  test.each([hour, 1100])('takes a step forward of %s ms over at once, in the same epoch', (deltaMs) => {
    const { clock, wall, steps, errorAfter } = setUp(3)
    clock.step(deltaMs)
    expect(Math.abs(errorAfter(100))).toBeLessThan(1)
    expect(steps).toEqual([{ deltaMs, clockEpoch: 3 }])
    expect([wall.steps, wall.clockEpoch]).toEqual([1, 3])
  })

  test.each([-hour, -2100])('begins a new epoch when time is set back by %s ms', (deltaMs) => {
    const { clock, wall, steps, errorAfter } = setUp(3)
    clock.step(deltaMs)
    expect(Math.abs(errorAfter(100))).toBeLessThan(1)
    expect(steps).toEqual([{ deltaMs, clockEpoch: 4 }])
    expect(wall.clockEpoch).toBe(4)
  })

  test.each([900, -1900])('slews a difference of %s ms away without a step', (deltaMs) => {
    const { clock, wall, steps, errorAfter } = setUp()
    clock.step(deltaMs)
    let last = wall.nowMs()
    for (let i = 0; i < 100; i++) {
      clock.advance(100)
      const now = wall.nowMs()
      expect(now - last).toBeGreaterThanOrEqual(99) // Never turns round, never more than 1 % off.
      expect(now - last).toBeLessThanOrEqual(101)
      last = now
    }
    expect(Math.abs(errorAfter((Math.abs(deltaMs) / 5) * 1000))).toBeLessThan(3)
    expect([wall.steps, wall.clockEpoch, steps]).toEqual([0, 0, []])
  })

  test('answers both ways', () => {
    const { clock, wall } = setUp()
    clock.advance(5000)
    expect(wall.monotonicMs(wall.wallMs(4200))).toBeCloseTo(4200)
  })
})
