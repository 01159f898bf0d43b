/** Invariants T1–T7 of docs/design/time.md; their numbers stand before the tests' names. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ManualClock } from '../lib/clock.ts'
import { openCaptureClock } from './capture-clock.ts'
import { WallClock } from './wall-clock.ts'

const timescale = 90_000
const frameMs = 40

interface Wire {
  /** Milliseconds from capture to arrival of frame i. */
  readonly delayMs: (i: number) => number
  /** The camera's crystal: its milliseconds per one of ours. */
  readonly pace?: number
  /** A sender report every 5 s, the camera's clock off by so much. */
  readonly cameraOffMs?: (i: number) => number
}

/** Sends frames at 25 fps and gives, per frame, how much later than the truth captureMs says it was. */
function play(
  frames: number,
  { delayMs, pace = 1, cameraOffMs }: Wire,
  before?: (i: number, clock: ManualClock) => void,
) {
  const clock = new ManualClock()
  const wall = new WallClock(clock)
  const capture = openCaptureClock(wall)
  const startMs = clock.nowMs()
  let arrivedMs = 0
  const answers = []
  for (let i = 0; i < frames; i++) {
    before?.(i, clock)
    const trueMs = i * frameMs
    // TCP keeps the order: nothing overtakes.
    arrivedMs = Math.max(arrivedMs, trueMs + delayMs(i))
    clock.advance(arrivedMs - clock.monotonicMs())
    const pts = 1_000_000 + trueMs * 90 * pace
    const captureMs = capture.captureMs('video', pts, timescale, arrivedMs)
    if (cameraOffMs && i % 125 === 3)
      capture.onSenderReport('video', startMs + trueMs + cameraOffMs(i), pts, timescale, arrivedMs)
    answers.push({
      captureMs,
      lateMs: captureMs - startMs - trueMs,
      beforeArrivalMs: wall.wallMs(arrivedMs) - captureMs,
    })
  }
  return { answers, capture, wall, clock }
}

/** Repeatable noise, 0..1. */
const noise = (i: number) => ((Math.imul(i + 1, 2654435761) >>> 8) % 10_000) / 10_000

describe('capture time', () => {
  test('T1 T2 is never after the arrival and never goes back, whatever the network and the camera do', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 2, maxLength: 300 }),
        fc.double({ min: 0.9, max: 1.1, noNaN: true }),
        fc.option(fc.integer({ min: -20_000, max: 20_000 }), { nil: undefined }),
        (delays, pace, off) => {
          const wire = { delayMs: (i: number) => delays[i] ?? 0, pace }
          const { answers } = play(delays.length, off === undefined ? wire : { ...wire, cameraOffMs: () => off })
          answers.forEach(({ captureMs, beforeArrivalMs }, i) => {
            expect(beforeArrivalMs).toBeGreaterThanOrEqual(-1e-6)
            expect(captureMs).toBeGreaterThanOrEqual(answers[i - 1]?.captureMs ?? 0)
          })
        },
      ),
    )
  })

  test('T3 has the spacing of the camera’s time stamps: network jitter does not move it', () => {
    const { answers } = play(1000, { delayMs: (i) => 30 + 70 * noise(i) })
    const settled = answers.slice(100)
    settled.slice(1).forEach(({ captureMs }, i) => {
      expect(Math.abs(captureMs - (settled[i]?.captureMs ?? 0) - frameMs)).toBeLessThan(0.5)
    })
    // All that is left is the shortest delay that was seen.
    expect(settled.every(({ lateMs }) => lateMs > 29 && lateMs < 33)).toBe(true)
  })

  test('T3 survives a stall of the network: the frames that come late in a heap keep their times', () => {
    const stall = (i: number) => (i >= 500 && i < 600 ? (600 - i) * frameMs : 0)
    const { answers } = play(1000, { delayMs: (i) => 20 + stall(i) })
    expect(Math.max(...answers.slice(100).map(({ lateMs }) => Math.abs(lateMs - 20)))).toBeLessThan(5)
  })

  test.each([1.0002, 0.9998])('T4 follows a camera whose crystal runs at %s of ours', (pace) => {
    const { answers } = play(25 * 600, { delayMs: (i) => 20 + 10 * noise(i), pace })
    const worst = Math.max(...answers.slice(1000).map(({ lateMs }) => Math.abs(lateMs - 20)))
    expect(worst).toBeLessThan(15) // In ten minutes the crystals part by 120 ms.
  })

  // Cameras that count frames instead of time do this when they see too little light for their frame rate.
  test.each([0.9, 0.5, 2])('T4 does not run away with time stamps that run at %s of real time', (pace) => {
    const { answers } = play(25 * 120, { delayMs: () => 20, pace })
    expect(Math.max(...answers.map(({ beforeArrivalMs }) => beforeArrivalMs))).toBeLessThan(8100)
  })

  test('T5 takes the camera’s word when its clock agrees: the delay of encoder and network goes away', () => {
    const { answers, capture } = play(25 * 120, { delayMs: (i) => 400 + 50 * noise(i), cameraOffMs: () => 0 })
    expect(answers[0]?.lateMs).toBeGreaterThan(390)
    expect(Math.abs(answers.at(-1)?.lateMs ?? 999)).toBeLessThan(5)
    expect(capture.clockOffsetMs()).toBeGreaterThan(-460)
    expect(capture.clockOffsetMs()).toBeLessThan(-390)
  })

  test('T5 never lets a camera’s fast clock put a frame after its arrival', () => {
    const { answers } = play(25 * 60, { delayMs: (i) => 50 + 30 * noise(i), cameraOffMs: () => 3000 })
    expect(Math.max(...answers.slice(100).map(({ lateMs }) => Math.abs(lateMs - 50)))).toBeLessThan(2)
  })

  test.each([3_600_000, -3_600_000, 5200, -5200])(
    'T6 reports a camera clock that is %s ms off and does not believe it',
    (off) => {
      const { answers, capture } = play(25 * 60, { delayMs: () => 50, cameraOffMs: () => off })
      expect(Math.abs((capture.clockOffsetMs() ?? 0) - off)).toBeLessThan(60)
      expect(Math.max(...answers.map(({ lateMs }) => Math.abs(lateMs - 50)))).toBeLessThan(1)
    },
  )

  test('T6 is not moved by a camera whose clock jumps while it plays', () => {
    const jump = (i: number) => (i > 1000 ? -86_400_000 : 0)
    const { answers } = play(25 * 80, { delayMs: () => 50, cameraOffMs: jump })
    const spacing = answers.slice(1).map(({ captureMs }, i) => captureMs - (answers[i]?.captureMs ?? 0))
    expect(Math.max(...spacing)).toBeLessThan(41)
    expect(Math.min(...spacing)).toBeGreaterThan(39)
  })

  test('T7 follows our own clock when it is set, forward and back', () => {
    const hour = 3_600_000
    const set = (i: number, clock: ManualClock) => {
      if (i === 500) clock.step(hour)
      if (i === 1000) clock.step(-2 * hour)
    }
    const { answers, wall } = play(1500, { delayMs: () => 20 }, set)
    expect(
      answers.map(({ lateMs }) => Math.round((lateMs - 20) / hour)).filter((l, i, all) => l !== all[i - 1]),
    ).toEqual([0, 1, -1])
    expect(wall.clockEpoch).toBe(1)
  })

  test('a new run starts its own time line and does not go back', () => {
    const clock = new ManualClock()
    const capture = openCaptureClock(new WallClock(clock))
    clock.advance(1000)
    const before = capture.captureMs('video', 5_000_000, timescale, 1000)
    capture.onNewRun('video')
    clock.advance(40)
    const after = capture.captureMs('video', 5_000_000 + 3600 - 90_000, timescale, 1040)
    expect(after - before).toBeCloseTo(40)
  })

  test('sound and pictures are timed each by their own stamps', () => {
    const clock = new ManualClock()
    const capture = openCaptureClock(new WallClock(clock))
    clock.advance(1000)
    const video = capture.captureMs('video', 900_000_000, timescale, 1000)
    const audio = capture.captureMs('audio', 7, 16_000, 1000)
    expect(audio).toBe(video)
    expect(capture.clockOffsetMs()).toBeNull()
  })
})
