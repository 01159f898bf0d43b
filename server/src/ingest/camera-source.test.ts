import { describe, expect, test, vi } from 'vitest'
import { aacFormat, packet } from '../../../test/support/packet.ts'
import { AppError } from '../lib/app-error.ts'
import { ManualClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import { CameraSource, type OpenSession, type Session, type SessionHandlers } from './camera-source.ts'
import type { ConnectionState } from './keep-connected.ts'
import { WallClock } from './wall-clock.ts'

interface FakeSession {
  readonly handlers: SessionHandlers
  readonly signal: AbortSignal
  readonly fail: (error: unknown) => void
  readonly end: () => void
  isClosed: boolean
  packetsLost: number
  bytesReceived: number
}

/** A camera that connects at once; the test plays its part. */
function setUp(keepMs = 5000) {
  const clock = new ManualClock()
  const states: ConnectionState[] = []
  const sessions: FakeSession[] = []
  const openSession: OpenSession = async (handlers, signal) => {
    const { promise: ended, resolve: end, reject: fail } = Promise.withResolvers<void>()
    const fake: FakeSession = { handlers, signal, fail, end, isClosed: false, packetsLost: 0, bytesReceived: 0 }
    sessions.push(fake)
    signal.addEventListener('abort', () => fail(signal.reason))
    const session: Session = {
      ended,
      get packetsLost() {
        return fake.packetsLost
      },
      get bytesReceived() {
        return fake.bytesReceived
      },
      close: async () => {
        fake.isClosed = true
      },
    }
    return session
  }
  const source = new CameraSource({
    openSession,
    clock,
    wall: new WallClock(clock),
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
  return { clock, states, sessions, source, session, pass }
}

/** Lets promises that are settled run their continuations. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve))
const lastState = (states: readonly ConnectionState[]) => states.at(-1)?.state

describe('a camera source', () => {
  test('is online with the first key frame, and hands its packets on', async () => {
    const { states, source, session } = setUp()
    const { handlers } = await session(1)
    const got: number[] = []
    source.bus.tap((p) => got.push(p.pts))
    handlers.onPacket(packet({ pts: 1 }))
    expect(lastState(states)).toBe('connecting')
    handlers.onPacket(packet({ pts: 2, isKey: true }))
    handlers.onPacket(packet({ pts: 3, format: aacFormat, isKey: true }))
    expect(lastState(states)).toBe('online')
    expect(got).toEqual([2, 3])
    expect(source.audioFormat).toBe(aacFormat)
    await source.close()
  })

  test('calls a camera stalled that sends sound and reports but no picture for 10 s', async () => {
    const { states, source, session, pass } = setUp()
    const first = await session(1)
    first.handlers.onPacket(packet({ isKey: true }))
    await pass(9, () => first.handlers.onPacket(packet({ format: aacFormat, isKey: true })))
    expect(lastState(states)).toBe('online')
    await pass(1)
    expect(states.at(-1)).toMatchObject({ state: 'stalled', problem: expect.stringContaining('no picture for 10 s') })
    expect(first.isClosed).toBe(true)
    await pass(1)
    await session(2)
    await source.close()
  })

  test('gives a camera 20 s for its first picture', async () => {
    const { states, source, session, pass } = setUp()
    await session(1)
    await pass(19)
    expect(lastState(states)).toBe('connecting')
    await pass(1)
    expect(lastState(states)).toBe('stalled')
    await source.close()
  })

  test('never has two connections, and closes each', async () => {
    const { sessions, source, session, pass } = setUp()
    for (let n = 1; n <= 3; n++) {
      const current = await session(n)
      expect(sessions.filter((s) => !s.isClosed)).toEqual([current])
      current.fail(new AppError('camera_unreachable', 'Gone.'))
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

  test('refuses a camera that floods', async () => {
    const { states, source, session, pass } = setUp()
    const first = await session(1)
    await pass(12, () => {
      first.handlers.onPacket(packet({ isKey: true }))
      first.bytesReceived += 30_000_000
    })
    expect(states.at(-1)).toMatchObject({ state: 'unsupported', problem: expect.stringContaining('240 Mbit/s') })
    await source.close()
  })

  test('keeps what came before a loss for pre-roll, and begins anew at a key frame', async () => {
    const { source, session, pass } = setUp()
    const first = await session(1)
    first.handlers.onPacket(packet({ pts: 1, isKey: true }))
    first.fail(new AppError('camera_unreachable', 'Gone.'))
    await pass(1)
    const second = await session(2)
    first.handlers.onPacket(packet({ pts: 2 })) // A late one of the lost connection.
    second.handlers.onPacket(packet({ pts: 3, run: 1 }))
    second.handlers.onPacket(packet({ pts: 4, run: 1, isKey: true }))
    const got: number[] = []
    source.bus.tap((p) => got.push(p.pts), { msAgo: 5000 })
    expect(got).toEqual([1, 4])
    await source.close()
  })

  test('counts losses over all its sessions', async () => {
    const { source, session, pass } = setUp()
    const first = await session(1)
    expect(source.facts()).toBeNull()
    first.handlers.onPacket(packet({ isKey: true }))
    first.packetsLost = 3
    first.fail(new AppError('camera_unreachable', 'Gone.'))
    await pass(1)
    const second = await session(2)
    second.packetsLost = 4
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
