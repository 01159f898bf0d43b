import { describe, expect, test, vi } from 'vitest'
import { aacFormat, packet } from '../../../test/support/packet.ts'
import { AppError } from '../lib/app-error.ts'
import { ManualClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import { CameraSource, type OpenSession, type SessionStart } from './camera-source.ts'
import type { ConnectionState } from './keep-connected.ts'
import { WallClock } from './wall-clock.ts'

interface FakeSession {
  readonly start: SessionStart
  readonly signal: AbortSignal
  readonly end: (reason?: AppError) => void
  isClosed: boolean
  /** What close() waits for. */
  goodbye: Promise<void>
  rtpLost: number
  readEveryMs: number
}

/** A camera that connects at once; the test plays its part. */
function setUp(keepMs = 5000) {
  const clock = new ManualClock()
  const wall = new WallClock(clock)
  const states: ConnectionState[] = []
  const sessions: FakeSession[] = []
  const openSession: OpenSession = async (start, signal) => {
    const { promise: ended, resolve: end } = Promise.withResolvers<AppError | undefined>()
    const fake: FakeSession = {
      start,
      signal,
      end: (reason) => end(reason),
      isClosed: false,
      goodbye: Promise.resolve(),
      rtpLost: 0,
      readEveryMs: -1,
    }
    sessions.push(fake)
    signal.addEventListener('abort', () => end(undefined))
    return {
      ended,
      facts: () => ({ rtpLost: fake.rtpLost, nextRun: start.firstRun + 1 }),
      setReadEvery: (ms) => {
        fake.readEveryMs = ms
      },
      close: async () => {
        await fake.goodbye
        fake.isClosed = true
      },
    }
  }
  const source = new CameraSource({
    openSession,
    clock,
    wall,
    log: silentLog,
    onState: (state) => states.push(state),
    keepMs,
  })
  source.start()
  const session = async (number: number) => {
    await vi.waitFor(() => expect(sessions.length).toBe(number))
    await settle() // The source has to take the session that openSession gave.
    const last = sessions.at(-1)
    if (!last) throw new Error('no session')
    return last
  }
  /** Seconds pass one by one, as the watch sees them. */
  const pass = async (seconds: number, eachSecond: () => void = () => {}) => {
    for (let s = 0; s < seconds; s++) {
      await settle()
      eachSecond()
      clock.advance(1000)
      await settle()
    }
  }
  return { clock, wall, states, sessions, source, session, pass }
}

/** Lets promises that are settled run their continuations. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve))
const lastState = (states: readonly ConnectionState[]) => states.at(-1)?.state

describe('a camera source', () => {
  test('is online with the first key frame, and hands its packets on', async () => {
    const { states, source, session } = setUp()
    const { start } = await session(1)
    const got: number[] = []
    source.bus.tap((p) => got.push(p.pts))
    start.onPacket(packet({ pts: 1 }))
    expect(lastState(states)).toBe('connecting')
    start.onPacket(packet({ pts: 2, isKey: true }))
    start.onPacket(packet({ pts: 3, format: aacFormat, isKey: true }))
    expect(lastState(states)).toBe('online')
    expect(got).toEqual([2, 3])
    expect(source.audioFormat).toBe(aacFormat)
    await source.close()
  })

  test('says why a session ended, as the session says it', async () => {
    const { states, source, session, pass } = setUp()
    const first = await session(1)
    first.start.onPacket(packet({ isKey: true }))
    first.end(new AppError('camera_stalled', 'No picture.'))
    await pass(1)
    expect(states.at(-1)).toMatchObject({ state: 'stalled', problem: 'No picture.' })
    expect(first.isClosed).toBe(true)
    await session(2)
    await source.close()
  })

  test('does not wait for ever for a first key frame', async () => {
    const { states, source, session, pass } = setUp()
    const first = await session(1)
    await pass(60, () => first.start.onPacket(packet()))
    expect(states.at(-1)).toMatchObject({ state: 'unsupported', problem: expect.stringContaining('no key frame') })
    await source.close()
  })

  test('leaves a camera alone that sends one key frame and refreshes its picture bit by bit', async () => {
    const { states, source, session, pass } = setUp()
    const first = await session(1)
    first.start.onPacket(packet({ isKey: true }))
    await pass(200, () => first.start.onPacket(packet()))
    expect(lastState(states)).toBe('online')
    await source.close()
  })

  test('does not connect again before the old connection is closed', async () => {
    const { sessions, source, session, pass } = setUp()
    const first = await session(1)
    const goodbye = Promise.withResolvers<void>()
    first.goodbye = goodbye.promise
    await pass(70) // No key frame: given up after a minute.
    expect([first.signal.aborted, sessions.length]).toEqual([true, 1])
    goodbye.resolve()
    await pass(1)
    await session(2)
    await source.close()
  })

  test('numbers runs on, and keeps its reading pace, over sessions', async () => {
    const { source, session, pass } = setUp()
    source.setReadEvery(100)
    const first = await session(1)
    expect([first.start.firstRun, first.readEveryMs]).toEqual([0, 100])
    source.setReadEvery(0)
    expect(first.readEveryMs).toBe(0)
    first.end()
    await pass(1)
    const second = await session(2)
    expect([second.start.firstRun, second.readEveryMs]).toEqual([1, 0])
    await source.close()
  })

  test('never has two connections, and closes each', async () => {
    const { sessions, source, session, pass } = setUp()
    for (let n = 1; n <= 3; n++) {
      const current = await session(n)
      expect(sessions.filter((s) => !s.isClosed)).toEqual([current])
      current.end(new AppError('camera_unreachable', 'Gone.'))
      await pass(5)
    }
    await source.close()
    expect(sessions.every((s) => s.isClosed && s.signal.aborted)).toBe(true)
  })

  test('takes an end without a reason for a lost camera', async () => {
    const { states, source, session } = setUp()
    ;(await session(1)).end()
    await vi.waitFor(() => expect(lastState(states)).toBe('unreachable'))
    await source.close()
  })

  test('keeps what came before a loss for pre-roll, and begins anew at a key frame', async () => {
    const { source, session, pass } = setUp()
    const first = await session(1)
    first.start.onPacket(packet({ pts: 1, isKey: true }))
    first.end(new AppError('camera_unreachable', 'Gone.'))
    await pass(1)
    const second = await session(2)
    first.start.onPacket(packet({ pts: 2, isKey: true })) // A late one of the lost connection.
    second.start.onPacket(packet({ pts: 3, run: 1 }))
    second.start.onPacket(packet({ pts: 4, run: 1, isKey: true }))
    const got: number[] = []
    source.bus.tap((p) => got.push(p.pts), { msAgo: 5000 })
    expect(got).toEqual([1, 4])
    await source.close()
  })

  test('forgets its pre-roll when our clock is set', async () => {
    const { clock, source, session, wall } = setUp()
    const { start } = await session(1)
    start.onPacket(packet({ pts: 1, isKey: true }))
    clock.step(-3_600_000)
    clock.advance(1000)
    wall.nowMs() // As any camera's next packet asks it.
    start.onPacket(packet({ pts: 2 }))
    start.onPacket(packet({ pts: 3, isKey: true }))
    const got: number[] = []
    source.bus.tap((p) => got.push(p.pts), { msAgo: 5000 })
    expect(got).toEqual([3])
    await source.close()
  })

  test('counts losses over all its sessions', async () => {
    const { source, session, pass } = setUp()
    const first = await session(1)
    expect(source.facts()).toBeNull()
    first.start.onPacket(packet({ isKey: true }))
    first.rtpLost = 3
    first.end(new AppError('camera_unreachable', 'Gone.'))
    await pass(1)
    const second = await session(2)
    second.rtpLost = 4
    expect(source.facts()).toMatchObject({ packetsLost: 7, framesReceived: 1 })
    await source.close()
  })

  test('closes twice, and its receivers end', async () => {
    const { source, session } = setUp()
    await session(1)
    const next = source.bus.subscribe({ name: 'x', maxBytes: 10 }).next()
    await Promise.all([source.close(), source.close()])
    expect((await next).done).toBe(true)
  })
})
