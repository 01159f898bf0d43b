import { expect, test } from 'vitest'
import { type InStep, PlayTogether, type TogetherState } from './play-together.ts'
import type { PlayerState } from './player.ts'

/** A player whose footage is there when the test says so. */
class FakePlayer implements InStep {
  state: PlayerState = { kind: 'ready' }
  atMs: number | undefined
  isPlaying = false
  rate = 1
  seek(ms: number) {
    this.atMs = ms
    const { state } = this
    if (state.kind === 'gap' && state.untilMs !== null && ms >= state.untilMs) this.state = { kind: 'ready' }
  }
  setPlaying(isPlaying: boolean, rate: number) {
    this.isPlaying = isPlaying
    this.rate = rate
  }
  step(direction: 1 | -1) {
    this.atMs = (this.atMs ?? 0) + 40 * direction
  }
  tick() {}
}

function together(count: number) {
  let nowMs = 0
  const states: TogetherState[] = []
  const play = new PlayTogether(
    (state) => states.push(state),
    () => nowMs,
  )
  const players = Array.from({ length: count }, () => new FakePlayer())
  play.setPlayers(players)
  const [a = new FakePlayer(), b = new FakePlayer()] = players
  return { play, a, b, players, states, pass: (ms: number) => (nowMs += ms) }
}

test('all go where the user points and play together', () => {
  const { play, a, b } = together(2)
  play.seek(1000)
  play.setPlaying(true, 2)
  expect([a.atMs, b.atMs]).toEqual([1000, 1000])
  expect([a.isPlaying, b.isPlaying, a.rate, b.rate]).toEqual([true, true, 2, 2])
})

test('a camera that falls behind is hurried, one far behind is moved', () => {
  const { play, a, b } = together(2)
  play.seek(1000)
  play.setPlaying(true, 1)
  a.atMs = 5000
  b.atMs = 4800
  play.tick()
  expect(b.rate).toBeGreaterThan(1)
  a.atMs = 9000
  play.tick()
  expect(b.atMs).toBe(9000)
})

test('everybody waits for a camera whose bytes are late, but not for ever', () => {
  const { play, a, b, pass } = together(2)
  play.seek(1000)
  play.setPlaying(true, 1)
  b.state = { kind: 'loading' }
  play.tick()
  expect(a.isPlaying).toBe(false)
  expect(play.state.isWaiting).toBe(true)
  pass(5000)
  play.tick()
  expect(a.isPlaying).toBe(true)
})

test('one camera’s gap does not stop the others; it joins when its footage begins', () => {
  const { play, a, b } = together(2)
  play.seek(1000)
  play.setPlaying(true, 1)
  a.state = { kind: 'gap', untilMs: 8000 }
  b.atMs = 2000
  play.tick()
  expect(b.isPlaying).toBe(true)
  expect(play.state.atMs).toBe(2000)
  b.atMs = 8100
  play.tick()
  expect(a.atMs).toBe(8100)
})

test('a gap that all share is jumped over, and told', () => {
  const { play, a, b } = together(2)
  play.seek(1000)
  play.setPlaying(true, 1)
  a.state = { kind: 'gap', untilMs: 9000 }
  b.state = { kind: 'gap', untilMs: 7000 }
  play.tick()
  expect(play.state.skipped).toEqual({ fromMs: 1000, untilMs: 7000 })
  expect([a.atMs, b.atMs]).toEqual([7000, 7000])
})

test('standing still in a gap jumps nowhere', () => {
  const { play, a } = together(1)
  play.seek(1000)
  a.state = { kind: 'gap', untilMs: 9000 }
  play.tick()
  expect(a.atMs).toBe(1000)
  expect(play.state.skipped).toBeUndefined()
})

test('says when there is nothing later', () => {
  const { play, a } = together(1)
  play.seek(1000)
  play.setPlaying(true, 1)
  a.state = { kind: 'gap', untilMs: null }
  play.tick()
  expect(play.state.isAtEnd).toBe(true)
})

test('a step of the leader takes the others along', () => {
  const { play, a, b } = together(2)
  play.seek(1000)
  play.step(1)
  expect([a.atMs, b.atMs, play.state.atMs, play.state.isPlaying]).toEqual([1040, 1040, 1040, false])
})

test('who comes later goes where the others are', () => {
  const { play, players } = together(1)
  play.seek(5000)
  const late = new FakePlayer()
  play.setPlayers([...players, late])
  expect(late.atMs).toBe(5000)
})
