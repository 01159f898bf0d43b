import { expect, onTestFinished, test, vi } from 'vitest'
import { ManualClock } from './lib/clock.ts'
import { openLog } from './lib/log.ts'
import { RecorderSuccession } from './recorder-succession.ts'

/** A busy machine turns the clock slowly. */
const until = (holds: () => void) => vi.waitFor(holds, { timeout: 60_000, interval: 5 })
const orphan = { pid: 4_194_303, startTicks: '1' }

/** A database that answers, refuses or hangs, and a recorder; what happens to them, in order. */
function house(database: 'answers' | 'refuses' | 'hangs') {
  const clock = new ManualClock()
  const state = {
    database,
    isUnreadable: false,
    happened: [] as string[],
    said: 0,
    indexing: 0,
    mostIndexing: 0,
    waiting: 0 as number | undefined,
  }
  let release = () => {}
  const succession = new RecorderSuccession({
    clock,
    log: openLog('test', 'info', [() => void state.said++]),
    left: {
      find: () => {},
      closeFiles: async () => {
        state.happened.push('files')
        if (state.isUnreadable) throw new Error('EIO')
      },
      intoIndex: async () => {
        state.mostIndexing = Math.max(state.mostIndexing, ++state.indexing)
        try {
          if (state.database === 'refuses') throw new Error('the database is away')
          if (state.database === 'hangs') await new Promise<void>((resolve) => (release = resolve))
          state.happened.push('index')
        } finally {
          state.indexing -= 1
        }
      },
    },
    configure: async () => void state.happened.push('record'),
    waiting: () => state.waiting,
    endOrphan: async () => void state.happened.push('orphan ends'),
  })
  const passing = setInterval(() => clock.advance(100), 1)
  onTestFinished(async () => {
    release()
    await succession.close()
    clearInterval(passing)
  })
  return { clock, state, succession, release: () => release() }
}

test.each(['refuses', 'hangs'] as const)('recording goes on although the database %s in a take-over', async (how) => {
  const { state, succession } = house(how)
  succession.begin(orphan, 'ours')
  await until(() => expect(state.happened).toContain('record'))
  expect(state.happened.slice(0, 3)).toEqual(['orphan ends', 'files', 'record'])
  expect(succession.isStandby).toBe(false)
  expect(succession.goneMs).toBeTypeOf('number')
})

test.each(['refuses', 'hangs'] as const)('and although it %s when a recorder dies', async (how) => {
  const { state, succession } = house('answers')
  succession.begin(undefined, 'ours')
  await succession.settled()
  state.database = how
  succession.recorderGone()
  expect(succession.isStandby).toBe(true)
  await until(() => expect(succession.isStandby).toBe(false))
  expect(state.happened.slice(0, 5)).toEqual(['files', 'index', 'record', 'files', 'record'])
})

test('an orphan is left to record while ours was told of no camera', async () => {
  const { clock, state, succession } = house('answers')
  state.waiting = undefined
  succession.begin(orphan, 'ours')
  await until(() => expect(clock.monotonicMs()).toBeGreaterThan(20_000))
  expect(state.happened).toEqual([])
  state.waiting = 0
  await until(() => expect(state.happened).toEqual(['orphan ends', 'files', 'index', 'record']))
})

test('a camera that sends nothing holds a take-over up for 6 s, no longer', async () => {
  const { clock, state, succession } = house('answers')
  state.waiting = 1
  succession.begin(orphan, 'ours')
  await until(() => expect(state.happened).toContain('record'))
  expect(clock.monotonicMs()).toBeGreaterThanOrEqual(6000)
})

test('recorders that end one after the other are settled one at a time', async () => {
  const { clock, state, succession, release } = house('hangs')
  succession.begin(undefined, 'ours')
  for (let times = 1; times <= 4; times++) {
    await until(() => expect(state.happened.filter((what) => what === 'record')).toHaveLength(times))
    succession.recorderGone()
  }
  await until(() => expect(clock.monotonicMs()).toBeGreaterThan(20_000))
  expect(state.mostIndexing).toBe(1)
  state.database = 'answers'
  release()
  await succession.settled()
  expect(state.happened.at(-1)).toBe('index')
  expect(succession.isStandby).toBe(false)
})

test('one that ends while another’s notes are read records only when its own files are closed', async () => {
  const { state, succession, release } = house('hangs')
  succession.begin(undefined, 'ours')
  await until(() => expect(succession.isStandby).toBe(false))
  await until(() => expect(state.indexing).toBe(1))
  const before = state.happened.length
  succession.recorderGone()
  state.database = 'answers'
  release()
  await succession.settled()
  const afterwards = state.happened.slice(before)
  expect(afterwards).toContain('files')
  expect(afterwards.indexOf('files')).toBeLessThan(afterwards.indexOf('record'))
})

test('a file that cannot be read holds up neither the index, nor recording, nor a start for more than 6 s', async () => {
  const { clock, state, succession } = house('answers')
  state.isUnreadable = true
  succession.begin(undefined, 'ours')
  let isSettled = false
  void succession.settled().then(() => {
    isSettled = true
  })
  await succession.settledSoon()
  expect(clock.monotonicMs()).toBeLessThan(10_000)
  expect(isSettled).toBe(false)
  expect(succession.isStandby).toBe(false)
  expect(state.happened.slice(0, 3)).toEqual(['files', 'index', 'record'])
  await until(() => expect(state.happened.filter((what) => what === 'files').length).toBeGreaterThan(5))
  expect(state.said, 'said once, not each time').toBe(1)
  clock.advance(600_000)
  await until(() => expect(state.said).toBe(2))
  state.isUnreadable = false
  await until(() => expect(isSettled).toBe(true))
})
