import type { EventView } from '@vedette/shared/event.ts'
import { expect, test, vi } from 'vitest'
import { onBothDatabases } from '../../../test/support/databases.ts'
import type { Db } from '../db/database.ts'
import { ManualClock } from '../lib/clock.ts'
import { silentLog as log } from '../lib/log.ts'
import { newId } from '../lib/new-id.ts'
import { closeLeftOpen, findEvent } from './event-store.ts'
import { RecordByHand } from './record-by-hand.ts'

const yard = newId(1)
const minute = 60_000
const bornMs = 1_700_000_000_000

function byHandOn(db: Db, clock: ManualClock) {
  const wanted = new Map<string, number>()
  const told: EventView[] = []
  const byHand = new RecordByHand({
    ...{ db, clock, log },
    onChange: (cameraId, untilMs) => wanted.set(cameraId, untilMs),
    onEvent: (event) => told.push(event),
    takePicture: () => Promise.reject(new Error('no picture')),
  })
  return { byHand, wanted, told }
}

onBothDatabases('recording by hand', (open) => {
  test('is an event that lasts until its end, which the recorder is told', async () => {
    const clock = new ManualClock(bornMs)
    const db = await open()
    const { byHand, wanted, told } = byHandOn(db, clock)
    const end = new AbortController()
    const running = byHand.run(end.signal)
    const event = await byHand.start(yard, 5 * minute)
    expect(event).toMatchObject({ kind: 'manual', startMs: bornMs, endMs: null, hasPicture: false })
    expect(wanted.get(yard)).toBe(bornMs + 5 * minute)
    expect(byHand.untilMs(yard)).toBe(bornMs + 5 * minute)

    clock.advance(5 * minute + 400)
    await vi.waitFor(() => expect(byHand.untilMs(yard)).toBeNull())
    expect(told.at(-1)).toMatchObject({ id: event.id, endMs: bornMs + 5 * minute })
    end.abort()
    await running
  })

  test('a second press sets another end, and stop ends it now', async () => {
    const clock = new ManualClock(bornMs)
    const { byHand, wanted, told } = byHandOn(await open(), clock)
    const first = await byHand.start(yard, 5 * minute)
    clock.advance(minute)
    const [second] = await Promise.all([byHand.start(yard, 15 * minute), byHand.start(yard, 15 * minute)])
    expect(second?.id).toBe(first.id)
    expect(wanted.get(yard)).toBe(bornMs + 16 * minute)
    clock.advance(minute)
    await byHand.stop(yard)
    expect(wanted.get(yard)).toBe(bornMs + 2 * minute)
    expect(told.at(-1)?.endMs).toBe(bornMs + 2 * minute)
    expect(await byHand.stop(yard)).toBeUndefined()
  })

  test('a new end that is set in its last moment counts', async () => {
    const clock = new ManualClock(bornMs)
    const { byHand, wanted } = byHandOn(await open(), clock)
    const end = new AbortController()
    const running = byHand.run(end.signal)
    await byHand.start(yard, minute)
    clock.advance(minute)
    await byHand.start(yard, 5 * minute) // Its turn comes before that of the end, which is due.
    await byHand.stop(newId(3)) // Comes after whatever was due.
    expect(byHand.untilMs(yard)).toBe(bornMs + 6 * minute)
    expect(wanted.get(yard)).toBe(bornMs + 6 * minute)
    end.abort()
    await running
  })

  test('goes on after a restart of control, and what ended meanwhile is closed', async () => {
    const clock = new ManualClock(bornMs)
    const db = await open()
    const before = byHandOn(db, clock).byHand
    const short = await before.start(yard, minute)
    const garage = newId(2)
    const long = await before.start(garage, 30 * minute)
    clock.advance(10 * minute)

    await closeLeftOpen(db, clock.nowMs())
    const after = byHandOn(db, clock).byHand
    await after.resume()
    expect(after.untilMs(yard)).toBeNull()
    expect(after.untilMs(garage)).toBe(bornMs + 30 * minute)
    expect((await findEvent(db, short.id))?.endMs).toBeLessThanOrEqual(bornMs + minute)
    expect((await findEvent(db, long.id))?.endMs).toBeNull()
  })
})
