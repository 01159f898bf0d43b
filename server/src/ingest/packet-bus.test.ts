import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aacFormat, packet } from '../../../test/support/packet.ts'
import { ManualClock } from '../lib/clock.ts'
import type { Packet } from '../lib/packet.ts'
import { PacketBus } from './packet-bus.ts'

const bounds = { name: 'test', maxBytes: 1000, maxPackets: 100 }

/** Publishes video frames 40 ms apart, numbered by pts; a key frame every `gop`. */
function camera(bus: PacketBus, clock: ManualClock, gop = 5) {
  let frame = 0
  return (frames: number, change: Partial<Packet> & { bytes?: number } = {}) => {
    for (let i = 0; i < frames; i++, frame++) {
      bus.publish(packet({ pts: frame, isKey: frame % gop === 0, ...change }))
      clock.advance(40)
    }
  }
}

function setUp(gop = 5, limits = {}) {
  const clock = new ManualClock()
  const bus = new PacketBus(clock, limits)
  return { clock, bus, publish: camera(bus, clock, gop) }
}

/** What is queued, without waiting for more. */
async function take(subscription: AsyncIterableIterator<Packet> & { queuedPackets: number }): Promise<number[]> {
  const taken: number[] = []
  while (subscription.queuedPackets > 0) {
    const { value } = await subscription.next()
    if (value) taken.push(value.pts)
  }
  return taken
}

describe('a subscription', () => {
  test('begins at the next key frame', async () => {
    const { bus, publish } = setUp()
    publish(2)
    const subscription = bus.subscribe(bounds)
    publish(5)
    expect(await take(subscription)).toEqual([5, 6])
    expect(subscription.droppedFrames).toBe(0)
  })

  test('begins with the current GOP when asked to', async () => {
    const { bus, publish } = setUp()
    publish(8)
    const subscription = bus.subscribe({ ...bounds, startAt: 'last-key' })
    publish(1)
    expect(await take(subscription)).toEqual([5, 6, 7, 8])
  })

  test('begins at a key frame at least as long ago as asked', async () => {
    const { bus, publish } = setUp()
    publish(18) // 720 ms: key frames began 720, 520, 320 and 120 ms ago.
    expect(await take(bus.subscribe({ ...bounds, startAt: { msAgo: 400 } }))).toEqual([
      5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17,
    ])
    expect((await take(bus.subscribe({ ...bounds, startAt: { msAgo: 60_000 } })))[0]).toBe(0)
  })

  test('wakes a receiver that waits', async () => {
    const { bus, publish } = setUp()
    const subscription = bus.subscribe(bounds)
    const next = subscription.next()
    publish(1)
    expect((await next).value?.pts).toBe(0)
  })

  test('loses the oldest GOPs when its receiver is slow, and counts them', async () => {
    const { bus, publish } = setUp()
    const subscription = bus.subscribe({ ...bounds, maxBytes: 120 })
    publish(13) // 130 bytes: the first GOP goes.
    expect(await take(subscription)).toEqual([5, 6, 7, 8, 9, 10, 11, 12])
    expect([subscription.droppedFrames, subscription.droppedTimes]).toEqual([5, 1])
    expect(bus.counters().droppedFrames).toBe(5)
  })

  test('waits for the next key frame when a GOP alone is too long for it', async () => {
    const { bus, publish } = setUp(20)
    const subscription = bus.subscribe({ ...bounds, maxPackets: 10 })
    publish(21)
    expect(await take(subscription)).toEqual([20])
    expect(subscription.droppedFrames).toBe(20)
  })

  test('takes sound only with pictures, and drops it with them', async () => {
    const { bus, publish } = setUp()
    const subscription = bus.subscribe({ ...bounds, maxPackets: 6 })
    bus.publish(packet({ format: aacFormat, isKey: true, pts: -1 }))
    publish(1)
    bus.publish(packet({ format: aacFormat, isKey: true, pts: -2 }))
    publish(5)
    expect(await take(subscription)).toEqual([5])
    expect(subscription.droppedFrames).toBe(5)
  })

  test('gets what is queued when the bus closes, then the end', async () => {
    const { bus, publish } = setUp()
    const subscription = bus.subscribe(bounds)
    publish(3)
    bus.close()
    const got: number[] = []
    for await (const p of subscription) got.push(p.pts)
    expect(got).toEqual([0, 1, 2])
    expect(bus.counters()).toMatchObject({ receivers: 0, keptBytes: 0, queuedBytes: 0 })
  })

  test('ends at once when aborted, whether it waits or not', async () => {
    const { bus, publish } = setUp()
    const abort = new AbortController()
    const waiting = bus.subscribe({ ...bounds, signal: abort.signal })
    const next = waiting.next()
    const full = bus.subscribe({ ...bounds, signal: abort.signal })
    abort.abort()
    publish(5)
    expect(await next).toEqual({ done: true, value: undefined })
    expect(await full.next()).toEqual({ done: true, value: undefined })
    expect((await bus.subscribe({ ...bounds, signal: abort.signal }).next()).done).toBe(true)
    expect(bus.counters().receivers).toBe(0)
  })

  test('is let go when the loop over it is left', async () => {
    const { bus, publish } = setUp()
    publish(3)
    for await (const _ of bus.subscribe({ ...bounds, startAt: 'last-key' })) break
    expect(bus.counters().receivers).toBe(0)
  })

  test('continues at a key frame after an interruption, and counts no loss', async () => {
    const { bus, publish } = setUp()
    const subscription = bus.subscribe(bounds)
    publish(3)
    bus.interrupt()
    publish(3)
    expect(await take(subscription)).toEqual([0, 1, 2, 5])
    expect(subscription.droppedFrames).toBe(0)
  })
})

describe('a tap', () => {
  test('gets the pre-roll and everything after it, in order', () => {
    const { bus, publish } = setUp()
    publish(8)
    const got: number[] = []
    const end = bus.tap((p) => got.push(p.pts), { msAgo: 0 })
    publish(2)
    end()
    publish(1)
    expect(got).toEqual([5, 6, 7, 8, 9])
  })

  test('begins at a key frame, also after an interruption', () => {
    const { bus, publish } = setUp()
    publish(3)
    const got: number[] = []
    bus.tap((p) => got.push(p.pts))
    publish(3)
    bus.interrupt()
    publish(6)
    expect(got).toEqual([5, 10, 11])
  })
})

describe('what a bus keeps', () => {
  test('covers keepMs and begins at a key frame', () => {
    const { bus, publish } = setUp(5, { keepMs: 400 })
    publish(100)
    // 100 frames: key frames began 200, 400 … ms ago; 400 ms need the one that began 400 ms ago.
    expect(bus.counters().keptPackets).toBe(15)
  })

  test('is bounded in bytes and packets, whatever the camera does', () => {
    const { bus, publish } = setUp(1000, { keepMs: 60_000, keepBytes: 500 })
    publish(40)
    expect(bus.counters().keptBytes).toBe(400)
    publish(20) // One GOP alone is over the bound: it goes, and nothing is kept until the next key frame.
    expect(bus.counters()).toMatchObject({ keptBytes: 0, keptPackets: 0 })
    const few = setUp(1, { keepMs: 60_000, keepPackets: 20 })
    few.publish(100)
    expect(few.bus.counters().keptPackets).toBe(20)
  })

  test('stays for pre-roll when the camera drops, but is not continued', async () => {
    const { bus, publish } = setUp()
    publish(7)
    bus.interrupt()
    const past = bus.subscribe({ ...bounds, startAt: { msAgo: 0 } })
    expect(await take(bus.subscribe({ ...bounds, startAt: 'last-key' }))).toEqual([])
    publish(4)
    expect(await take(past)).toEqual([5, 6, 10])
  })
})

test('whatever is published and taken, a receiver can decode all it gets and the counts add up', async () => {
  const step = fc.oneof(
    fc.record({ key: fc.boolean(), bytes: fc.integer({ min: 1, max: 60 }), sound: fc.boolean() }),
    fc.constant('take' as const),
    fc.constant('interrupt' as const),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 120 }), fc.integer({ min: 20, max: 200 }), async (steps, maxBytes) => {
      const bus = new PacketBus(new ManualClock(), { keepBytes: 300, keepPackets: 12 })
      const subscription = bus.subscribe({ name: 'p', maxBytes, maxPackets: 7 })
      const got: Packet[] = []
      const takeOne = async () => {
        const { value } = await subscription.next()
        if (value) got.push(value)
      }
      // `pts` counts video frames; `run` counts interruptions.
      let frames = 0
      let run = 0
      for (const s of steps) {
        if (s === 'interrupt') {
          bus.interrupt()
          run++
        } else if (s === 'take') {
          if (subscription.queuedPackets > 0) await takeOne()
        } else if (s.sound) bus.publish(packet({ format: aacFormat, isKey: true, bytes: s.bytes, run }))
        else bus.publish(packet({ isKey: s.key, bytes: s.bytes, pts: frames++, run }))
        expect(subscription.queuedBytes).toBeLessThanOrEqual(maxBytes)
        expect(subscription.queuedPackets).toBeLessThanOrEqual(7)
        expect(bus.counters().keptBytes).toBeLessThanOrEqual(300)
        expect(bus.counters().keptPackets).toBeLessThanOrEqual(12)
      }
      while (subscription.queuedPackets > 0) await takeOne()
      const video = got.filter((p) => p.format.kind === 'video')
      expect(got[0]?.format.kind ?? 'video').toBe('video')
      video.forEach((p, i) => {
        const before = video[i - 1]
        const continues = before && before.pts + 1 === p.pts && before.run === p.run
        expect(p.isKey || continues).toBe(true)
      })
    }),
    { numRuns: 300 },
  )
})
