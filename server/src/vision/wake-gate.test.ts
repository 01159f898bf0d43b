import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { WakeGate } from './wake-gate.ts'

interface Frame {
  readonly isKey: boolean
  readonly bytes: number
  readonly atMs: number
  readonly moves: boolean
}
interface Visit {
  readonly fromS: number
  readonly toS: number
}
interface Stream {
  readonly seconds: number
  readonly gopFrames: number
  readonly visits?: readonly Visit[]
  /** Bytes of a packet that is no key frame. */
  readonly bytes?: (moves: boolean, index: number) => number
}

const fps = 10

function framesOf({ seconds, gopFrames, visits = [], bytes = () => 1000 }: Stream): Frame[] {
  return Array.from({ length: seconds * fps }, (_, index) => {
    const atS = index / fps
    const moves = visits.some(({ fromS, toS }) => atS >= fromS && atS < toS)
    const isKey = index % gopFrames === 0
    return { isKey, bytes: isKey ? 20_000 : bytes(moves, index), atMs: atS * 1000, moves }
  })
}

/** Does with the gate what WatchCamera does; gives which frames were judged. */
function watch(frames: readonly Frame[]): { judged: boolean[]; wakes: number } {
  const gate = new WakeGate()
  const judged = frames.map(() => false)
  let held: number[] = []
  let moved = false
  const judge = (index: number) => {
    const frame = frames[index]
    if (!frame) return
    judged[index] = true
    if (frame.moves && !moved) gate.began(frame.atMs)
    moved = frame.moves
    gate.saw({ atMs: frame.atMs, stirs: frame.moves, moving: frame.moves })
  }
  for (const [index, frame] of frames.entries()) {
    const decision = gate.decide(frame)
    const isReplay = decision === 'replay' || (decision === 'peek' && gate.peeked(frame.atMs, frame.moves))
    if (isReplay) for (const before of held) judge(before)
    if (decision === 'hold') held.push(index)
    else {
      judge(index)
      held = []
    }
  }
  return { judged, wakes: gate.wakes }
}

const share = (judged: readonly boolean[]) => judged.filter((j) => j).length / judged.length
/** A visit every `everyS`, `lastingS` long, at odd times. */
const visitsEvery = (everyS: number, lastingS: number, untilS: number): Visit[] =>
  Array.from({ length: Math.floor(untilS / everyS) - 1 }, (_, i) => {
    const fromS = (i + 1) * everyS + ((i * 7) % 19) / 10
    return { fromS, toS: fromS + lastingS }
  })
/** Within `spread` of `middle`, without a beat. */
const about = (middle: number, spread: number, index: number) =>
  middle * (1 + spread * Math.sin(index * 12.9898) * Math.cos(index * 78.233))

describe('a camera with a key frame every two seconds', () => {
  test('decodes key frames only while nothing happens', () => {
    const { judged } = watch(framesOf({ seconds: 600, gopFrames: 20 }))
    expect(share(judged)).toBeLessThan(0.08)
    expect(share(judged)).toBeGreaterThanOrEqual(0.05)
  })

  test('sees every frame of every visit that a key frame meets, whatever the sizes say', () => {
    const visit = fc.record({ fromS: fc.nat({ max: 180 }), lastingS: fc.integer({ min: 3, max: 20 }) })
    const noisySize = fc.infiniteStream(fc.integer({ min: 1, max: 50_000 }))
    fc.assert(
      fc.property(fc.array(visit, { maxLength: 8 }), noisySize, (drawn, sizes) => {
        const visits = drawn.map(({ fromS, lastingS }) => ({ fromS, toS: fromS + lastingS }))
        const frames = framesOf({ seconds: 210, gopFrames: 20, visits, bytes: () => sizes.next().value ?? 1 })
        const { judged } = watch(frames)
        expect(frames.filter((frame, index) => frame.moves && !judged[index])).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  test('decodes everything for a while when spot checks find what key frames miss', () => {
    const visits = Array.from({ length: 400 }, (_, i) => ({ fromS: 60 + i * 2 + 0.4, toS: 60 + i * 2 + 1.4 }))
    const { judged } = watch(framesOf({ seconds: 860, gopFrames: 20, visits }))
    expect(share(judged.slice(600, 1200))).toBeLessThan(0.1)
    expect(share(judged.slice(4000))).toBe(1)
  })

  test('does not wake and sleep all the time where something always happens', () => {
    const visits = visitsEvery(5, 2.2, 600)
    const { judged, wakes } = watch(framesOf({ seconds: 600, gopFrames: 20, visits }))
    expect(wakes).toBeLessThan(40)
    expect(share(judged)).toBeGreaterThan(0.6)
  })
})

describe('a camera with a key frame every ten seconds', () => {
  const seconds = 3000
  const visits = visitsEvery(60, 6, seconds)

  test('is decoded as a whole while its sizes say nothing', () => {
    const { judged, wakes } = watch(
      framesOf({ seconds, gopFrames: 100, visits, bytes: (_, index) => about(4000, 0.3, index) }),
    )
    expect(share(judged)).toBe(1)
    expect(wakes).toBe(0)
  })

  test('sleeps once its sizes were seen to tell, and sees every visit begin within half a second', () => {
    const bytes = (moves: boolean, index: number) => about(moves ? 2500 : 700, 0.25, index)
    const frames = framesOf({ seconds, gopFrames: 100, visits, bytes })
    const { judged } = watch(frames)
    expect(share(judged.slice(0, 6000))).toBe(1)
    expect(share(judged.slice(15_000))).toBeLessThan(0.35)
    for (const { fromS } of visits) {
      const first = judged.findIndex((seen, index) => seen && index >= fromS * fps)
      expect(first / fps - fromS).toBeLessThanOrEqual(0.5)
    }
  })

  test('is decoded again as a whole when its sizes stop telling', () => {
    const told = 1500
    const bytes = (moves: boolean, index: number) => about(moves && index < told * fps ? 2500 : 700, 0.25, index)
    const { judged } = watch(framesOf({ seconds: 4000, gopFrames: 100, visits: visitsEvery(60, 12, 4000), bytes }))
    expect(share(judged.slice(12_000, 15_000))).toBeLessThan(0.6)
    expect(share(judged.slice(20_000))).toBe(1)
  })
})

test('a stream of key frames only is looked at about once a second', () => {
  const frames = framesOf({ seconds: 300, gopFrames: 1, visits: [{ fromS: 200, toS: 205 }] })
  const { judged } = watch(frames)
  expect(share(judged.slice(100, 1900))).toBeLessThan(0.15)
  expect(frames.filter((frame, index) => frame.moves && !judged[index])).toEqual([])
})

test('what cannot be held is decoded up to the next key frame', () => {
  const gate = new WakeGate()
  const frames = framesOf({ seconds: 20, gopFrames: 20 })
  const decisions = frames.map((frame, index) => {
    const decision = gate.decide(frame)
    if (decision === 'peek') gate.peeked(frame.atMs, false)
    if (decision === 'decode' || decision === 'peek') gate.saw({ atMs: frame.atMs, stirs: false, moving: false })
    if (index === 105) gate.stayAwake(frame.atMs)
    return decision
  })
  expect(decisions[104]).toBe('hold')
  expect(new Set(decisions.slice(106, 121))).toEqual(new Set(['decode']))
  expect(decisions.slice(125)).toContain('hold')
})
