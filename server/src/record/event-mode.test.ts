import { describe, expect, test } from 'vitest'
import {
  decide,
  endsBeforeKey,
  endsNow,
  type Now,
  nothingWanted,
  override,
  preRollAgoMs,
  trigger,
} from './event-mode.ts'

const settings = { mode: 'event', preRollMs: 5000, postRollMs: 10_000 } as const
/** A clock whose wall time is `aheadMs` before its monotonic time. */
const at = (ms: number, aheadMs = 1_000_000): Now => ({ wallMs: ms + aheadMs, monotonicMs: ms })
const wall = (ms: number) => at(ms).wallMs

describe('mode event', () => {
  test('wants nothing until something happens', () => {
    expect(decide(nothingWanted, settings, at(0))).toEqual({ isWanted: false, cause: 'event' })
  })

  test('wants footage until the post-roll after the last trigger', () => {
    let state = trigger(nothingWanted, settings, wall(0), at(500))
    state = trigger(state, settings, wall(4000), at(4500))
    state = trigger(state, settings, wall(1000), at(5000)) // A late word about the past shortens nothing.
    expect(decide(state, settings, at(13_999)).isWanted).toBe(true)
    expect(decide(state, settings, at(14_000))).toEqual({ isWanted: false, cause: 'event' })
  })

  test('ends at a key frame captured after the post-roll, so that pictures which come late are not cut off', () => {
    const state = trigger(nothingWanted, settings, wall(0), at(0))
    // At 11 s the camera, two seconds late, sends what it saw at 9 s.
    expect(endsBeforeKey(state, settings, wall(9000), at(11_000))).toBe(false)
    expect(endsBeforeKey(state, settings, wall(10_000), at(12_000))).toBe(true)
    expect(endsNow(state, settings, at(12_000))).toBe(false)
  })

  test('ends without a key frame when none comes', () => {
    const state = trigger(nothingWanted, settings, wall(0), at(0))
    expect(endsNow(state, settings, at(39_999))).toBe(false)
    expect(endsNow(state, settings, at(40_000))).toBe(true)
  })

  test('a clock set forward in mid-event does not cut the post-roll, one set back does not stretch it', () => {
    const state = trigger(nothingWanted, settings, wall(0), at(0))
    const [hourLater, hourEarlier] = [3_600_000, -3_600_000]
    expect(decide(state, settings, at(9000, 1_000_000 + hourLater)).isWanted).toBe(true)
    const after = at(41_000, 1_000_000 + hourEarlier)
    expect(decide(state, settings, after).isWanted).toBe(false)
    expect(endsBeforeKey(state, settings, after.wallMs, after)).toBe(true)
  })

  test('the pre-roll counts from the trigger, however late it is told, within reason', () => {
    expect(preRollAgoMs(settings, wall(0), at(800))).toBe(5800)
    expect(preRollAgoMs(settings, wall(2000), at(800))).toBe(5000)
    expect(preRollAgoMs(settings, 0, at(800))).toBe(35_000)
  })
})

describe('mode scheduled', () => {
  const eightToNoon = '-'.repeat(16) + 'cc'.repeat(2) + 'ee'.repeat(2) + '-'.repeat(24)
  const week = Array.from({ length: 7 }, () => eightToNoon)
  const scheduled = { ...settings, mode: 'scheduled', schedule: { week, timeZone: 'Europe/Rome' } } as const
  const midnightMs = Date.parse('2026-11-23T00:00:00+01:00')
  const oClock = (hour: number): Now => ({ wallMs: midnightMs + hour * 3_600_000, monotonicMs: hour * 3_600_000 })

  test('is what the week says of the hour', () => {
    expect(decide(nothingWanted, scheduled, oClock(7.99))).toEqual({ isWanted: false, cause: 'schedule' })
    expect(decide(nothingWanted, scheduled, oClock(8))).toEqual({ isWanted: true, by: 'mode' })
    expect(decide(nothingWanted, scheduled, oClock(10))).toEqual({ isWanted: false, cause: 'event' })
    expect(decide(nothingWanted, scheduled, oClock(12))).toEqual({ isWanted: false, cause: 'schedule' })
  })

  test('outside its times nothing that happens is wanted, and what goes on ends at once', () => {
    const state = trigger(nothingWanted, scheduled, oClock(12).wallMs - 1000, oClock(12))
    expect(decide(state, scheduled, oClock(12))).toEqual({ isWanted: false, cause: 'schedule' })
    expect(endsNow(state, scheduled, oClock(12))).toBe(true)
  })

  test('what happens while an event range begins is recorded in it', () => {
    const state = trigger(nothingWanted, scheduled, oClock(10).wallMs - 2000, oClock(10))
    expect(decide(state, scheduled, oClock(10))).toEqual({ isWanted: true, by: 'event' })
  })

  test('a hand records outside its times', () => {
    const state = override(nothingWanted, true, 60_000, oClock(13))
    expect(decide(state, scheduled, oClock(13)).isWanted).toBe(true)
  })
})

describe('by hand', () => {
  test('stops what the mode wants, until its end', () => {
    const state = override(nothingWanted, false, 60_000, at(0))
    const continuous = { ...settings, mode: 'continuous' } as const
    expect(decide(state, continuous, at(59_999))).toEqual({ isWanted: false, cause: 'stopped' })
    expect(endsNow(state, continuous, at(0))).toBe(true)
    expect(decide(state, continuous, at(60_000)).isWanted).toBe(true)
  })

  test('records what the mode does not want, until taken back', () => {
    const off = { ...settings, mode: 'off' } as const
    let state = override(nothingWanted, true, 60_000, at(0))
    expect(decide(state, off, at(1000))).toEqual({ isWanted: true, by: 'hand' })
    state = override(state, true, 0, at(2000))
    expect(decide(state, off, at(2000))).toEqual({ isWanted: false, cause: 'off' })
  })
})
