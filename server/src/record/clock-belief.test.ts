import { expect, test } from 'vitest'
import { ManualClock } from '../lib/clock.ts'
import { type ClockBelief, clockProblem, isBelieved, lookAtClock } from './clock-belief.ts'

const hourMs = 3_600_000
function watch(newestFootageMs?: number) {
  const clock = new ManualClock()
  let belief: ClockBelief | undefined
  const look = () => {
    belief = lookAtClock(belief, { wallMs: clock.nowMs(), monotonicMs: clock.monotonicMs(), newestFootageMs })
    return isBelieved(belief, newestFootageMs)
  }
  /** Another process: what it knows of the one before is what was stored. */
  const restart = () => {
    if (belief) belief = { ...belief, monotonicMs: undefined }
  }
  const problem = () => belief && clockProblem(belief, newestFootageMs)
  return { clock, look, restart, problem }
}

test('a clock that runs, and one that is corrected by less than an hour, is believed', () => {
  const { clock, look } = watch()
  expect(look()).toBe(true)
  clock.advance(30 * hourMs)
  clock.step(-0.9 * hourMs)
  expect(look()).toBe(true)
})

test.each([2, -2, 24 * 3650])(
  'after a step of %i hours it is believed again when a day has passed without another',
  (hours) => {
    const { clock, look } = watch()
    look()
    clock.step(hours * hourMs)
    expect(look()).toBe(false)
    clock.advance(23 * hourMs)
    expect(look()).toBe(false)
    clock.advance(2 * hourMs)
    expect(look()).toBe(true)
  },
)

test('R33 a restart does not make a stepped clock believed', () => {
  const { clock, look, restart } = watch()
  look()
  clock.step(24 * 3650 * hourMs)
  expect(look()).toBe(false)
  restart()
  expect(look()).toBe(false)
  clock.advance(20 * hourMs)
  expect(look()).toBe(false)
})

test('after a night switched off it is believed within an hour, after a start in the past not for a day', () => {
  const night = watch()
  night.look()
  night.clock.advance(8 * hourMs)
  night.restart()
  expect(night.look()).toBe(false)
  expect(night.problem()).toBeUndefined()
  night.clock.advance(hourMs)
  expect(night.look()).toBe(true)

  const past = watch()
  past.look()
  past.clock.step(-5 * hourMs)
  past.restart()
  past.look()
  past.clock.advance(5 * hourMs)
  expect(past.look()).toBe(false)
})

test('a clock before the newest footage is not believed', () => {
  const { clock, look, problem } = watch(Date.UTC(2026, 0, 1, 5))
  expect(look()).toBe(false)
  expect(problem()).toMatch(/before the newest footage/)
  clock.advance(5 * hourMs)
  expect(look()).toBe(true)
})
