import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Verdict } from './motion.ts'
import { endGate, type GateState, quietGate, type Said, stepGate } from './motion-gate.ts'
import { observationEveryMs } from './observation.ts'

const verdict = (atMs: number, moving: boolean, score = moving ? 0.02 : 0): Verdict => ({
  atMs,
  moving,
  stirs: moving,
  score,
  boxes: moving ? [[0.1, 0.2, 0.3, 0.4]] : [],
  zones: moving ? ['gate'] : [],
  global: false,
  cells: new Uint8Array(),
  small: new Uint8Array(),
})

function run(verdicts: readonly Verdict[], settings = { minFrames: 2, quietMs: 3000 }) {
  let gate: GateState = quietGate
  const said: Said[] = []
  const best: number[] = []
  for (const one of verdicts) {
    const step = stepGate(gate, one, settings)
    gate = step.next
    if (step.said) said.push(step.said)
    if (step.isBest) best.push(one.atMs)
  }
  return { said, best, gate }
}
/** Ten frames a second; '1' moves. */
const frames = (pattern: string) => [...pattern].map((c, i) => verdict(i * 100, c === '1'))

describe('motion gate', () => {
  test('begins at the first moving frame and ends at the last, after the quiet time', () => {
    const { said } = run(frames(`000${'1'.repeat(20)}${'0'.repeat(40)}`))
    expect(said.at(0)).toMatchObject({ state: 'started', startMs: 300, lastMs: 600, atMs: 600, zones: ['gate'] })
    expect(said.at(-1)).toMatchObject({ state: 'ended', startMs: 300, lastMs: 2200, atMs: 5200, boxes: [] })
  })

  test('a single moving frame is a speck; specks far apart do not add up', () => {
    expect(run(frames(`0010000000001000000000100`)).said).toEqual([])
    expect(run(frames('00101010')).said.map((s) => s.state)).toEqual(['started', 'ongoing'])
  })

  test('a step that is over at once is no movement, unless a single frame is enough', () => {
    expect(run(frames('00110000001100000011')).said).toEqual([])
    expect(run(frames('00110'), { minFrames: 1, quietMs: 1000 }).said).not.toEqual([])
  })

  test('asks for as many frames as set', () => {
    expect(run(frames('0111100'), { minFrames: 5, quietMs: 1000 }).said).toEqual([])
    expect(run(frames('0111110'), { minFrames: 5, quietMs: 1000 }).said[0]).toMatchObject({ startMs: 100, atMs: 500 })
    expect(run(frames('010'), { minFrames: 1, quietMs: 1000 }).said[0]).toMatchObject({ startMs: 100, atMs: 100 })
  })

  test('movement within the quiet time goes on with the same motion', () => {
    const { said } = run(frames(`1111${'0'.repeat(27)}11${'0'.repeat(40)}`))
    expect(said.filter((s) => s.state === 'started')).toHaveLength(1)
    expect(said.at(-1)).toMatchObject({ state: 'ended', startMs: 0, lastMs: 3200 })
  })

  test('takes the boxes away when movement stops, and gives a sign of life until the end', () => {
    const { said } = run(frames(`1111${'0'.repeat(300)}`), { minFrames: 2, quietMs: 20_000 })
    expect(said.find((s) => s.boxes.length === 0)?.atMs).toBe(400)
    const gaps = said.slice(1).map((s, i) => s.atMs - (said[i]?.atMs ?? 0))
    expect(Math.max(...gaps)).toBeLessThan(observationEveryMs)
  })

  test('the best picture is the one that shows clearly more', () => {
    const scores = [0.01, 0.01, 0.01, 0.02, 0.021, 0.05, 0.055, 0.04, 0.2]
    const { best } = run(scores.map((score, i) => verdict(i * 100, true, score)))
    expect(best).toEqual([300, 500, 800])
  })

  test('can be ended from outside', () => {
    const { gate } = run(frames('01111'))
    expect(endGate(gate)).toMatchObject({ state: 'ended', startMs: 100, lastMs: 400 })
    expect(endGate(quietGate)).toBeUndefined()
  })

  test('whatever moves: started and ended take turns, times only grow, nothing begins before it moved', () => {
    const frame = fc.record({
      stepMs: fc.integer({ min: 1, max: 4000 }),
      moving: fc.boolean(),
      score: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    const settings = fc.record({
      minFrames: fc.integer({ min: 1, max: 6 }),
      quietMs: fc.integer({ min: 1000, max: 9000 }),
    })
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 120 }), settings, (drawn, chosen) => {
        let atMs = 0
        const verdicts = drawn.map(({ stepMs, moving, score }) => {
          atMs += stepMs
          return verdict(atMs, moving, moving ? score : 0)
        })
        const { said, gate } = run(verdicts, chosen)
        const moved = new Set(verdicts.filter((v) => v.moving).map((v) => v.atMs))
        let open = false
        let lastEndMs = -1
        for (const one of said) {
          expect(one.state === 'started').toBe(!open)
          open = one.state !== 'ended'
          expect(moved.has(one.startMs) && moved.has(one.lastMs)).toBe(true)
          expect(one.startMs).toBeLessThanOrEqual(one.lastMs)
          expect(one.lastMs).toBeLessThanOrEqual(one.atMs)
          expect(one.startMs).toBeGreaterThan(lastEndMs)
          if (one.state === 'ended') {
            expect(one.atMs - one.lastMs).toBeGreaterThanOrEqual(chosen.quietMs)
            lastEndMs = one.lastMs
          }
        }
        expect(gate.mode === 'moving').toBe(open)
      }),
      { numRuns: 300 },
    )
  })
})
