import { type LiveMetadata, liveMetadata } from '@vedette/shared/live.ts'
import { liveClose, liveType, readLiveFrame } from '@vedette/shared/live-frame.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ManualClock } from '../lib/clock.ts'
import { type LiveLimits, LiveSession, type LiveSocket, liveLimits } from './live-session.ts'
import { liveUnit } from './live-unit.ts'

/** A socket whose other side reads when told to; keeps what arrived. */
class FakeSocket implements LiveSocket {
  arrived: Buffer[] = []
  closedWith: number | undefined
  isTerminated = false
  pings = 0
  #waiting: { bytes: Buffer; onSent: () => void }[] = []
  get bufferedAmount() {
    return this.#waiting.reduce((sum, { bytes }) => sum + bytes.length, 0)
  }
  send(bytes: Buffer, onSent: () => void) {
    this.#waiting.push({ bytes, onSent })
  }
  ping() {
    this.pings += 1
  }
  close(code: number) {
    this.closedWith ??= code
  }
  terminate() {
    this.isTerminated = true
  }
  /** The network takes `count` messages. */
  take(count = Number.POSITIVE_INFINITY) {
    for (let taken = 0; taken < count; taken++) {
      const next = this.#waiting.shift()
      if (!next) return
      this.arrived.push(next.bytes)
      next.onSent()
    }
  }
  /** What arrived, short: K3 and P4 are pictures with their number, d5 five dropped ones, f a format, a sound. */
  get story(): string[] {
    return this.arrived.map((bytes) => {
      const frame = readLiveFrame(bytes)
      if (!frame) throw new Error('not a live frame')
      if (frame.type === liveType.video) return `${frame.isKey ? 'K' : 'P'}${frame.payload[0]}`
      if (frame.type === liveType.audio) return 'a'
      if (frame.type === liveType.clock) return 'c'
      const metadata = liveMetadata.parse(JSON.parse(Buffer.from(frame.payload).toString()))
      return metadata.kind === 'dropped' ? `d${metadata.frames}` : metadata.kind.charAt(0)
    })
  }
}

const format: LiveMetadata = { kind: 'format', codec: 'avc1.640028', width: 640, height: 360, audioCodec: null }
const key = (n: number, sizeBytes = 100) => liveUnit('video', true, n, Buffer.alloc(sizeBytes, n))
const picture = (n: number, sizeBytes = 100) => liveUnit('video', false, n, Buffer.alloc(sizeBytes, n))
const sound = () => liveUnit('audio', true, 0, Buffer.alloc(10))

function watch(limits: Partial<LiveLimits> = {}, withAudio = false) {
  const socket = new FakeSocket()
  const clock = new ManualClock()
  const session = new LiveSession({ socket, clock, withAudio, limits: { ...liveLimits, ...limits } })
  return { socket, clock, session }
}

describe('live session', () => {
  test('begins with the format and a key frame', () => {
    const { socket, session } = watch()
    session.tell(format)
    for (const unit of [picture(1), sound(), key(2), picture(3)]) session.push(unit)
    socket.take()
    expect(socket.story).toEqual(['f', 'K2', 'P3'])
    expect(session.dropped).toBe(0)
  })

  test('waits for a key frame after a new format', () => {
    const { socket, session } = watch()
    session.tell(format)
    for (const unit of [key(1), picture(2)]) session.push(unit)
    session.tell(format)
    for (const unit of [picture(3), key(4)]) session.push(unit)
    socket.take()
    expect(socket.story).toEqual(['f', 'K1', 'P2', 'f', 'd1', 'K4'])
  })

  test('gives sound only to those who may hear it, and does not name it to others', () => {
    const deaf = watch()
    const hearing = watch({}, true)
    for (const { session, socket } of [deaf, hearing]) {
      session.tell({
        ...format,
        audioCodec: 'opus',
        audio: { codec: 'opus', sampleRate: 48_000, channels: 2, config: '' },
      })
      for (const unit of [key(1), sound()]) session.push(unit)
      socket.take()
    }
    expect(deaf.socket.story).toEqual(['f', 'K1'])
    expect(hearing.socket.story).toEqual(['f', 'K1', 'a'])
    expect(deaf.socket.arrived[0]?.toString()).not.toContain('opus')
  })

  test('drops to the next key frame when the queue is full, and tells how many frames', () => {
    const { socket, session } = watch({ socketBytes: 1, queueFrames: 3 })
    session.tell(format)
    for (const unit of [key(1), picture(2), picture(3), picture(4), picture(5), key(6), picture(7)]) session.push(unit)
    socket.take()
    // The format is with the socket; 1 to 3 wait, 4 is too much; 5 cannot be decoded without them.
    expect(socket.story).toEqual(['f', 'd5', 'K6', 'P7'])
    expect(session.dropped).toBe(5)
  })

  test('goes on at the newest key frame that already waits', () => {
    const { socket, session } = watch({ socketBytes: 1, queueFrames: 3 })
    session.push(key(1))
    for (const unit of [picture(2), key(3), picture(4), picture(5)]) session.push(unit)
    socket.take()
    expect(socket.story).toEqual(['K1', 'd1', 'K3', 'P4', 'P5'])
  })

  test('gives up pictures that waited too long', () => {
    const { socket, clock, session } = watch({ socketBytes: 1 })
    for (const unit of [key(1), picture(2)]) session.push(unit)
    clock.advance(liveLimits.lateMs + 1)
    for (const unit of [picture(3), key(4)]) session.push(unit)
    socket.take()
    expect(socket.story).toEqual(['K1', 'd2', 'K4'])
  })

  test('holds no more than its bounds, and what arrives can be decoded, whatever the reader does', () => {
    const step = fc.record({ isKey: fc.boolean(), sizeBytes: fc.integer({ min: 1, max: 400 }), taken: fc.nat(3) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const { socket, clock, session } = watch({ socketBytes: 300, queueBytes: 1500, queueFrames: 10, lateMs: 1000 })
        session.tell(format)
        for (const [i, { isKey, sizeBytes, taken }] of steps.entries()) {
          session.push(isKey ? key(i % 256, sizeBytes) : picture(i % 256, sizeBytes))
          expect(session.queuedBytes).toBeLessThanOrEqual(1500 + 410)
          expect(socket.bufferedAmount).toBeLessThanOrEqual(300 + 410)
          clock.advance(40)
          socket.take(taken)
        }
        const sentFrames = steps.length
        socket.take()
        const story = socket.story.filter((s) => s !== 'f')
        const pictures = story.filter((s) => !s.startsWith('d'))
        for (const [i, s] of story.entries()) if (s.startsWith('d')) expect(story[i + 1] ?? 'none').toMatch(/^K/)
        expect(pictures[0] ?? 'K').toMatch(/^K/)
        for (const [i, s] of pictures.entries()) {
          const before = Number(pictures[i - 1]?.slice(1) ?? 0)
          if (s.startsWith('P')) expect(Number(s.slice(1))).toBe((before + 1) % 256)
        }
        expect(pictures.length + session.dropped).toBeLessThanOrEqual(sentFrames)
      }),
    )
  })

  test('answers a clock question past the queue', () => {
    const { socket, clock, session } = watch()
    const question = Buffer.alloc(10)
    question[0] = liveType.clock
    question.writeDoubleLE(1234.5, 2)
    session.receive(question)
    socket.take()
    const answer = readLiveFrame(socket.arrived[0] ?? Buffer.alloc(0))
    expect(answer?.type).toBe(liveType.clock)
    expect(answer?.captureS).toBe(clock.nowMs() / 1000)
    expect(Buffer.from(answer?.payload ?? []).readDoubleLE(0)).toBe(1234.5)
  })

  test.each([
    ['a message that is too long', Buffer.alloc(65, 3), liveClose.tooLarge],
    ['a picture', Buffer.alloc(20), liveClose.badMessage],
    ['a short message', Buffer.alloc(9, 3), liveClose.badMessage],
    ['an unknown type', Buffer.alloc(10, 9), liveClose.badMessage],
  ])('closes after %s', (_, message, code) => {
    const { socket, session } = watch()
    session.receive(message)
    expect(socket.closedWith).toBe(code)
  })

  test('closes a client that asks too often, not one that asks steadily', () => {
    const question = Buffer.alloc(10)
    question[0] = liveType.clock
    const steady = watch()
    for (let i = 0; i < 100; i++) {
      steady.session.receive(question)
      steady.clock.advance(100)
    }
    expect(steady.socket.closedWith).toBeUndefined()
    const flood = watch()
    for (let i = 0; i < 100; i++) flood.session.receive(question)
    expect(flood.socket.closedWith).toBe(liveClose.badMessage)
  })

  test('closes a client that takes nothing for 10 s, and tears the connection down', () => {
    const { socket, clock, session } = watch({ socketBytes: 1 })
    session.push(key(1))
    for (let s = 0; s < 10; s++) {
      clock.advance(1000)
      session.heard()
      session.checkHealth()
    }
    expect(socket.closedWith).toBeUndefined()
    clock.advance(1000)
    session.checkHealth()
    expect(socket.closedWith).toBe(liveClose.tooSlow)
    expect(socket.isTerminated).toBe(true)
    session.push(key(2))
    expect(session.queuedBytes).toBe(0)
  })

  test('asks a silent client for a sign of life and closes it when none comes', () => {
    const { socket, clock, session } = watch()
    for (let s = 0; s < 25; s++) {
      clock.advance(1000)
      session.checkHealth()
    }
    expect(socket.pings).toBeGreaterThan(0)
    session.heard()
    for (let s = 0; s < 29; s++) {
      clock.advance(1000)
      session.checkHealth()
    }
    expect(socket.isTerminated).toBe(false)
    clock.advance(2000)
    session.checkHealth()
    expect(socket.isTerminated).toBe(true)
  })
})
