import { type MotionSettings, motionSettings } from '@vedette/shared/camera.ts'
import { describe, expect, test } from 'vitest'
import { drawGray, nextRandom, type SceneChange, type Thing } from '../../../test/support/gray-scene.ts'
import { accept, judge, newMotionModel, thresholdOf, type Verdict } from './motion.ts'
import { type GateState, quietGate, stepGate } from './motion-gate.ts'

/** Shows frames one after the other; ten a second unless told otherwise. */
function show(frames: readonly SceneChange[], settings: Partial<MotionSettings> = {}, frameMs = 100): Verdict[] {
  const model = newMotionModel(motionSettings.parse(settings))
  return frames.map((frame, index) => {
    const gray = drawGray(frame)
    const verdict = judge(model, gray, index * frameMs)
    accept(model, gray, verdict)
    return verdict
  })
}
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i))
const moving = (verdicts: readonly Verdict[]) => verdicts.filter((v) => v.moving).length
const empty = times(20, () => ({}))
const walker = (x: number, luma = 190): Thing => ({ x, y: 40, width: 8, height: 20, luma })
const walk = (frames: number, luma?: number) => times(frames, (i) => ({ things: [walker(10 + i * 2, luma)] }))

describe('motion', () => {
  test('finds a walker at once, and where he is', () => {
    const verdicts = show([...empty, ...walk(40)])
    expect(moving(verdicts.slice(0, 20))).toBe(0)
    expect(verdicts.findIndex((v) => v.moving)).toBeLessThanOrEqual(21)
    expect(moving(verdicts.slice(22))).toBe(38)
    const [left = 0, top = 0, width = 0, height = 0] = verdicts[45]?.boxes[0] ?? []
    const x = (10 + 25 * 2) / 160
    expect(left).toBeLessThanOrEqual(x)
    expect(left + width).toBeGreaterThanOrEqual(x + 8 / 160)
    expect(top).toBeLessThanOrEqual(40 / 90)
    expect(top + height).toBeGreaterThanOrEqual(60 / 90)
    expect(width).toBeLessThan(0.25)
    expect(verdicts[45]?.score).toBeGreaterThan(0.005)
    expect(verdicts[45]?.score).toBeLessThan(0.05)
  })

  test.each([40, 67, 100, 200, 500])('finds him at a frame every %i ms', (frameMs) => {
    const speed = (frameMs / 1000) * 20
    const frames = times(Math.round(4000 / frameMs), (i) => ({ things: [walker(10 + i * speed)] }))
    const before = times(Math.round(2000 / frameMs), () => ({}))
    const verdicts = show([...before, ...frames], {}, frameMs)
    expect(moving(verdicts.slice(0, before.length))).toBe(0)
    expect(moving(verdicts.slice(before.length + 2))).toBeGreaterThanOrEqual(frames.length - 3)
  })

  test('sees nothing in noise', () => {
    expect(moving(show(times(200, () => ({ noise: 12 }))))).toBe(0)
  })

  test('is not moved by a camera that shakes in the wind', () => {
    const verdicts = show(times(200, () => ({ shake: 0.8 * nextRandom() })))
    expect(moving(verdicts.slice(10))).toBe(0)
  })

  test.each([
    ['a lamp is switched on', { light: 60 }],
    ['a lamp is switched off', { light: -50 }],
    ['the camera goes over to infrared', { negative: true }],
  ])('says nothing when %s, and sees a walker soon after', (_, change) => {
    const after = times(20, () => change)
    const verdicts = show([...empty, ...after, ...walk(20).map((frame) => ({ ...frame, ...change }))])
    expect(moving(verdicts.slice(0, 40))).toBe(0)
    expect(moving(verdicts.slice(42))).toBeGreaterThanOrEqual(15)
  })

  test('follows the exposure as it drifts', () => {
    expect(moving(show(times(100, (i) => ({ light: Math.min(40, i) }))))).toBe(0)
  })

  test('forgets the mark of a thing that left', () => {
    const parked = { x: 100, y: 20, width: 24, height: 16, luma: 200 }
    const leaves = times(30, (i) => ({ things: [{ ...parked, x: 100 + i * 3 }] }))
    const verdicts = show([...times(20, () => ({ things: [parked] })), ...leaves, ...times(60, () => ({}))])
    expect(moving(verdicts.slice(20, 50))).toBeGreaterThan(10)
    expect(moving(verdicts.slice(55))).toBe(0)
  })

  test('takes a visitor who stands still for part of the scene, and sees him go', () => {
    const stands = times(300, () => ({ things: [walker(48)] }))
    const goes = times(20, (i) => ({ things: [walker(48 + i * 2)] }))
    const verdicts = show([...empty, ...walk(20), ...stands, ...goes])
    expect(moving(verdicts.slice(50, 340))).toBe(0)
    expect(moving(verdicts.slice(342))).toBeGreaterThan(15)
  })

  test('an animal that fills the picture little by little is motion, not a switched lamp', () => {
    const verdicts = show([
      ...empty,
      ...times(30, (i) => ({ things: [{ x: 0, y: 0, width: 10 + i * 5, height: 90, luma: 30 }] })),
    ])
    expect(moving(verdicts.slice(21))).toBeGreaterThan(15)
  })

  test('a more sensitive camera sees fainter things', () => {
    const faint = [...empty, ...walk(30, 118)]
    expect(moving(show(faint, { sensitivity: 10 }))).toBe(0)
    expect(moving(show(faint, { sensitivity: 95 }))).toBeGreaterThan(10)
    expect([1, 50, 100].map((s) => Math.round(thresholdOf(s)))).toEqual([47, 14, 4])
  })

  test('leaves out what is smaller than the least area', () => {
    const mouse = (i: number) => ({ things: [{ x: 10 + i * 2, y: 40, width: 5, height: 5, luma: 250 }] })
    const frames = [...empty, ...times(30, mouse)]
    expect(moving(show(frames, { minArea: 0.02 }))).toBe(0)
    expect(moving(show(frames, { minArea: 0 }))).toBeGreaterThan(20)
  })

  test('the clock that the camera draws makes no motion, and lets it sleep after a while', () => {
    const digits = (second: number): Thing[] => [
      { x: 8, y: 4, width: 4, height: 6, luma: second % 2 ? 235 : 30 },
      { x: 3, y: 4, width: 4, height: 6, luma: Math.floor(second / 10) % 2 ? 235 : 30 },
    ]
    const clock = times(2000, (i) => ({ things: digits(Math.floor(i / 10)) }))
    const passes = walk(30).map(({ things }) => ({ things: things.map((t) => ({ ...t, y: 2, x: t.x - 10 })) }))
    const verdicts = show([...clock, ...passes])
    let gate: GateState = quietGate
    const said = verdicts.slice(0, 2000).flatMap((verdict) => {
      const step = stepGate(gate, verdict, { minFrames: 2, quietMs: 5000 })
      gate = step.next
      return step.said ? [step.said] : []
    })
    expect(said).toEqual([])
    expect(verdicts.slice(100, 300).filter((v) => v.stirs).length).toBeGreaterThan(20)
    expect(verdicts.slice(1500, 2000).filter((v) => v.stirs).length).toBeLessThan(25)
    expect(moving(verdicts.slice(2002))).toBeGreaterThan(22)
  })

  test('looking twice gives the same and changes nothing', () => {
    const model = newMotionModel(motionSettings.parse({}))
    for (const [index, frame] of [...empty, ...walk(5)].entries()) {
      const gray = drawGray(frame)
      const first = judge(model, gray, index * 100)
      expect(judge(model, gray, index * 100)).toEqual(first)
      accept(model, gray, first)
    }
  })
})

describe('zones', () => {
  const square = (left: number, top: number, right: number, bottom: number) =>
    [
      [left, top],
      [right, top],
      [right, bottom],
      [left, bottom],
    ].map(([x = 0, y = 0]) => ({ x, y }))
  const sways = (luma: number) =>
    times(60, (i) => ({ things: [{ x: 100 + (i % 4) * 4, y: 5, width: 30, height: 20, luma }] }))
  const tree = sways(30)
  const sky = { name: 'tree', kind: 'exclude' as const, points: square(0.5, 0, 1, 0.4) }

  test('a swaying tree outside does not count', () => {
    expect(moving(show([...empty, ...tree]))).toBeGreaterThan(20)
    expect(moving(show([...empty, ...tree], { zones: [sky] }))).toBe(0)
  })

  test('a bush that never rests becomes quiet, and a walker in front of the rest is still seen', () => {
    const bush = sways(106)
    const always = times(1800, (i) => bush[i % 60] ?? {})
    const before = walk(20).map((frame, i) => ({ things: [...frame.things, ...(bush[i]?.things ?? [])] }))
    const verdicts = show([...always, ...before], {}, 300)
    expect(moving(verdicts.slice(2, 50))).toBeGreaterThan(10)
    expect(moving(verdicts.slice(1700, 1800))).toBe(0)
    expect(moving(verdicts.slice(1802))).toBeGreaterThan(14)
  })

  test('names the zones in which something moves, and is quiet outside of all', () => {
    const path = { name: 'path', kind: 'include' as const, points: square(0, 0.4, 0.3, 0.8) }
    const gate = { name: 'gate', kind: 'include' as const, points: square(0.6, 0.4, 1, 0.8) }
    const verdicts = show([...empty, ...walk(65)], { zones: [path, gate] })
    expect(verdicts[30]?.zones).toEqual(['path'])
    expect(verdicts[50]?.moving).toBe(false)
    expect(verdicts[75]?.zones).toEqual(['gate'])
  })

  test('a picture that is excluded as a whole never moves', () => {
    const all = { name: 'all', kind: 'exclude' as const, points: square(0, 0, 1, 1) }
    expect(moving(show([...empty, ...walk(20)], { zones: [all] }))).toBe(0)
  })
})
