import { describe, expect, test, vi } from 'vitest'
import { AppError } from '../lib/app-error.ts'
import { ManualClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import { type Attempt, type ConnectionState, keepConnected } from './keep-connected.ts'

const lost = () => new AppError('camera_unreachable', 'The camera is gone.')

/** A camera whose attempts end when the test says so. */
function setUp() {
  const clock = new ManualClock(1_000_000)
  const states: ConnectionState[] = []
  const stop = new AbortController()
  const attempts: { online: () => void; fail: (error: unknown) => void; signal: AbortSignal }[] = []
  const attempt: Attempt = (signal, online) =>
    new Promise((_, reject) => {
      attempts.push({ online, fail: reject, signal })
      signal.addEventListener('abort', () => reject(signal.reason))
    })
  const running = keepConnected({ attempt, clock, log: silentLog, signal: stop.signal, onState: (s) => states.push(s) })
  /** The attempt that is under way. */
  const current = async (number: number) => {
    await vi.waitFor(() => expect(attempts.length).toBe(number))
    const last = attempts.at(-1)
    if (!last) throw new Error('no attempt')
    return last
  }
  const failed = async (number: number) => {
    await vi.waitFor(() => expect(states.filter((s) => s.nextTryMs !== null).length).toBe(number))
    const { nextTryMs, ...state } = states.at(-1) ?? { nextTryMs: null }
    return { ...state, waitS: ((nextTryMs ?? 0) - clock.nowMs()) / 1000 }
  }
  return { clock, states, stop, running, current, failed }
}

describe('keeping a camera connected', () => {
  test('tries again, each time later, and says when', async () => {
    const { clock, current, failed, stop, running } = setUp()
    const waits: number[] = []
    for (let n = 1; n <= 7; n++) {
      ;(await current(n)).fail(lost())
      const { waitS } = await failed(n)
      waits.push(waitS)
      clock.advance(waitS * 1000)
    }
    expect(waits).toEqual([1, 2, 5, 10, 30, 60, 60])
    stop.abort()
    await running
  })

  test('says since when it is lost and why, through all attempts until pictures come', async () => {
    const { clock, states, current, failed, stop, running } = setUp()
    ;(await current(1)).fail(lost())
    await failed(1)
    clock.advance(1000)
    ;(await current(2)).fail(new AppError('camera_unreachable', 'Nobody answers.'))
    await failed(2)
    clock.advance(2000)
    ;(await current(3)).online()
    expect(states.map(({ state, sinceMs, problem }) => [state, sinceMs - 1_000_000, problem])).toEqual([
      ['connecting', 0, null],
      ['unreachable', 0, 'The camera is gone.'],
      ['unreachable', 0, 'The camera is gone.'],
      ['unreachable', 0, 'Nobody answers.'],
      ['unreachable', 0, 'Nobody answers.'],
      ['online', 3000, null],
    ])
    stop.abort()
    await running
  })

  test('begins with short waits again only after the camera held for a while', async () => {
    const { clock, current, failed, stop, running } = setUp()
    ;(await current(1)).fail(lost())
    await failed(1)
    clock.advance(1000)
    const second = await current(2)
    second.online()
    clock.advance(5000) // Too short to count.
    second.fail(lost())
    expect((await failed(2)).waitS).toBe(2)
    clock.advance(2000)
    const third = await current(3)
    third.online()
    clock.advance(30_000)
    third.fail(lost())
    expect((await failed(3)).waitS).toBe(1)
    stop.abort()
    await running
  })

  test('waits five minutes after a refused password', async () => {
    const { current, failed, stop, running } = setUp()
    ;(await current(1)).fail(new AppError('camera_unauthorized', 'Wrong password.'))
    expect(await failed(1)).toMatchObject({ state: 'unauthorized', waitS: 300, problem: 'Wrong password.' })
    stop.abort()
    await running
  })

  test('survives a bug in an attempt, without showing it to people', async () => {
    const { clock, current, failed, stop, running } = setUp()
    ;(await current(1)).fail(new TypeError('secret detail'))
    const state = await failed(1)
    expect(state).toMatchObject({ state: 'unreachable' })
    expect(JSON.stringify(state)).not.toContain('secret detail')
    clock.advance(1000)
    await current(2)
    stop.abort()
    await running
  })

  test('stops at once, in an attempt or between two, and reports nothing more', async () => {
    const during = setUp()
    await during.current(1)
    during.stop.abort()
    await during.running
    const between = setUp()
    ;(await between.current(1)).fail(lost())
    await between.failed(1)
    const reported = between.states.length
    between.stop.abort()
    await between.running
    expect([during.states.length, between.states.length]).toEqual([1, reported])
  })
})
