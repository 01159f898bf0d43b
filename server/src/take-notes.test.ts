import { expect, test, vi } from 'vitest'
import { openDatabase } from './db/database.ts'
import { systemClock } from './lib/clock.ts'
import { silentLog } from './lib/log.ts'
import { newId } from './lib/new-id.ts'
import type { NumberedNote } from './record/note.ts'
import { TakeNotes } from './take-notes.ts'

const cameraId = newId(1)
const noteNumber = (n: number): NumberedNote => ({
  n,
  note: 'gap',
  cameraId,
  kind: 'missing',
  cause: 'disk',
  startMs: n * 1000,
  endMs: n * 1000 + 500,
})

/** A database that is away until `isThere`; keeps the numbers of the notes that it took. */
async function notebook() {
  const state = { isThere: false, taken: [] as number[], acknowledged: 0, journal: [] as NumberedNote[] }
  const notes = new TakeNotes({
    db: await openDatabase({ kind: 'sqlite', path: ':memory:' }),
    clock: { ...systemClock, sleep: () => new Promise((resolve) => setImmediate(resolve)) },
    log: silentLog,
    acknowledge: (n) => {
      state.acknowledged = n
    },
    onAdded: () => {},
    onRefused: () => {},
    readJournal: async function* () {
      yield* state.journal
    },
    apply: async (_db, batch) => {
      if (!state.isThere) throw new Error('the database is away')
      state.taken.push(...batch.map(({ n }) => n))
      return { lastN: Math.max(...batch.map(({ n }) => n)), added: [], refused: [], gaveWay: [] }
    },
  })
  const send = (from: number, to: number) => {
    const sent = Array.from({ length: to - from + 1 }, (_, i) => noteNumber(from + i))
    state.journal.push(...sent)
    notes.receive(sent)
  }
  return { state, notes, send }
}

test('however long the database is away, every note arrives once and in order', async () => {
  const { state, send, notes } = await notebook()
  for (let n = 1; n <= 50_000; n += 5000) send(n, n + 4999)
  expect(state.acknowledged).toBe(0)
  state.isThere = true
  send(50_001, 50_010)
  await vi.waitFor(() => expect(state.acknowledged).toBe(50_010))
  send(50_011, 50_012)
  await vi.waitFor(() => expect(state.acknowledged).toBe(50_012))
  expect(state.taken).toEqual(Array.from({ length: 50_012 }, (_, i) => i + 1))
  await notes.close()
})

test('what an ended recorder sent is not acknowledged to its successor', async () => {
  const { state, send, notes } = await notebook()
  send(1, 900)
  notes.recorderGone()
  state.journal = []
  state.isThere = true
  send(1, 3)
  await vi.waitFor(() => expect(state.acknowledged).toBe(3))
  expect(state.taken.at(-1)).toBe(3)
  await notes.close()
})
