import { expect, test } from 'vitest'
import { closeSilent, type EventState, type Observed, observe } from './event-machine.ts'

const seen = (change: Partial<Observed>): Observed => ({
  cameraId: 'yard',
  kind: 'motion',
  state: 'started',
  startMs: 1000,
  lastMs: 1000,
  score: 0.1,
  zones: [],
  jpeg: null,
  ...change,
})

/** Feeds observations one after the other; gives the writes as short texts. */
function run(observations: readonly Observed[]) {
  let state: EventState = new Map()
  let ids = 0
  const said = observations.flatMap((observation, index) => {
    const step = observe(state, observation, index * 1000, () => `e${++ids}`)
    state = step.state
    return step.writes.map((w) => (w.write === 'close' ? `close ${w.event.id} ${w.endMs}` : `${w.write} ${w.event.id}`))
  })
  return { said, state }
}

test('one event from the start to the last moving frame', () => {
  const { said, state } = run([
    seen({}),
    seen({ state: 'ongoing', lastMs: 3000 }),
    seen({ state: 'ended', lastMs: 4000 }),
  ])
  expect(said).toEqual(['open e1', 'close e1 4000'])
  expect(state.size).toBe(0)
})

test('remembers the greatest score, all zones and each better picture', () => {
  const jpeg = new Uint8Array([1])
  const { said, state } = run([
    seen({ zones: ['door'] }),
    seen({ state: 'ongoing', score: 0.4, zones: ['path'], jpeg }),
    seen({ state: 'ongoing', score: 0.2 }),
  ])
  expect(said).toEqual(['open e1', 'picture e1', 'update e1'])
  expect(state.get('yard')).toMatchObject({ score: 0.4, zones: ['door', 'path'] })
})

test('an event goes on when control was restarted in the middle of it, and an end alone opens nothing', () => {
  expect(run([seen({ state: 'ongoing', startMs: 500, lastMs: 2000 })]).said).toEqual(['open e1'])
  expect(run([seen({ state: 'ended' })]).said).toEqual([])
})

test('a new start closes what a lost vision left open', () => {
  const { said } = run([seen({}), seen({ startMs: 19_000, lastMs: 19_000 })])
  expect(said).toEqual(['open e1', 'close e1 1000', 'open e2'])
})

test('a vision that is back soon goes on with the same event', () => {
  const { said } = run([
    seen({ lastMs: 4000 }),
    seen({ startMs: 7000, lastMs: 7200 }),
    seen({ state: 'ended', startMs: 7000, lastMs: 9000 }),
  ])
  expect(said).toEqual(['open e1', 'close e1 9000'])
})

test('closes events of which nothing is heard', () => {
  const { state } = run([seen({ lastMs: 1500 })])
  expect(closeSilent(state, 9_000, 15_000).writes).toEqual([])
  expect(closeSilent(state, 20_000, 15_000).writes).toMatchObject([{ write: 'close', endMs: 1500 }])
})
