import { expect, test } from 'vitest'
import { onBothDatabases } from '../../../test/support/databases.ts'
import { newId } from '../lib/new-id.ts'
import {
  closeLeftOpen,
  findEvent,
  keepEvent,
  listEvents,
  openEvent,
  setEventPicture,
  updateEvent,
} from './event-store.ts'

const yard = newId(1)
const door = newId(2)

onBothDatabases('events', (open) => {
  async function withEvents() {
    const db = await open()
    const ids: string[] = []
    for (let i = 0; i < 10; i++) {
      const id = newId(1000 + i)
      ids.push(id)
      // Two events share each start, so that paging must look at the id too.
      await openEvent(db, {
        id,
        cameraId: i % 2 ? door : yard,
        kind: 'motion',
        startMs: 1000 + (i >> 1) * 1000,
        zones: ['gate'],
        score: 0.1,
      })
    }
    return { db, ids }
  }

  test('lists newest first in pages, without a hole or a double', async () => {
    const { db, ids } = await withEvents()
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await listEvents(db, 'all', { limit: 3, ...(cursor ? { cursor } : {}) })
      seen.push(...page.events.map((event) => event.id))
      cursor = page.nextCursor ?? undefined
    } while (cursor)
    expect(seen.toSorted()).toEqual(ids.toSorted())
    expect(seen).toHaveLength(10)
  })

  test('R5 gives only events of the caller’s cameras', async () => {
    const { db } = await withEvents()
    const { events } = await listEvents(db, [door], { limit: 100 })
    expect(new Set(events.map((event) => event.cameraId))).toEqual(new Set([door]))
    expect((await listEvents(db, [], { limit: 100 })).events).toEqual([])
    expect((await listEvents(db, [door], { limit: 100, camera: yard })).events).toEqual([])
  })

  test('lists only what is kept, of the caller’s cameras, in pages', async () => {
    const { db, ids } = await withEvents()
    for (const id of [ids[0], ids[3], ids[4]]) await keepEvent(db, id ?? '', true)
    const first = await listEvents(db, 'all', { limit: 2, kept: 'true' })
    expect(first.events.map(({ id }) => id)).toEqual([ids[4], ids[3]])
    const rest = await listEvents(db, 'all', { limit: 2, kept: 'true', cursor: first.nextCursor ?? '' })
    expect(rest.events.map(({ id }) => id)).toEqual([ids[0]])
    expect((await listEvents(db, [door], { limit: 9, kept: 'true' })).events.map(({ id }) => id)).toEqual([ids[3]])
  })

  test('filters by time and refuses a made-up cursor', async () => {
    const { db } = await withEvents()
    const { events } = await listEvents(db, 'all', { limit: 100, sinceMs: 2000, untilMs: 4000 })
    expect(events.map((event) => event.startMs).toSorted()).toEqual([2000, 2000, 3000, 3000])
    await expect(listEvents(db, 'all', { limit: 1, cursor: "1' or '1" })).rejects.toThrow(/cursor/)
  })

  test('keeps what changes: end, score, zones, picture, kept', async () => {
    const { db, ids } = await withEvents()
    const id = ids[0] ?? ''
    await updateEvent(db, id, { zones: ['gate', 'path'], score: 0.6, endMs: 1900 })
    await setEventPicture(db, id)
    await keepEvent(db, id, true)
    expect(await findEvent(db, id)).toMatchObject({
      endMs: 1900,
      score: 0.6,
      zones: ['gate', 'path'],
      hasPicture: true,
      kept: true,
    })
  })

  test('closes what a crash left open, never before its start nor after now', async () => {
    const { db, ids } = await withEvents()
    await closeLeftOpen(db, 3000)
    const { events } = await listEvents(db, 'all', { limit: 100 })
    expect(events.every((event) => event.endMs !== null)).toBe(true)
    expect(await findEvent(db, ids[0] ?? '')).toMatchObject({ endMs: 1000 })
  })
})
