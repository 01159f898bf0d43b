/** event_hour follows every way in which events change. */
import { expect, test } from 'vitest'
import { onBothDatabases } from '../../../test/support/databases.ts'
import type { Db } from './database.ts'

const hour = 3_600_000
const event = (id: string, cameraId: string, startMs: number) => ({
  id,
  camera_id: cameraId,
  kind: 'motion' as const,
  start_ms: startMs,
  end_ms: null,
  zones: '[]',
  score: 0,
  has_picture: 0,
  kept: 0,
})
const counts = async (db: Db) =>
  (
    await db
      .selectFrom('event_hour')
      .selectAll()
      .where('events', '<>', 0)
      .orderBy('camera_id')
      .orderBy('hour_ms')
      .execute()
  ).map((row) => [row.camera_id, row.hour_ms / hour, row.events])

onBothDatabases('event_hour', (open) => {
  test('counts events by the hour in which they begin, through insert, update and delete', async () => {
    const db = await open()
    await db
      .insertInto('event')
      .values([event('1', 'a', 5), event('2', 'a', hour - 1), event('3', 'a', hour), event('4', 'b', 7 * hour + 1)])
      .execute()
    expect(await counts(db)).toEqual([
      ['a', 0, 2],
      ['a', 1, 1],
      ['b', 7, 1],
    ])

    await db.updateTable('event').set({ end_ms: 99, kept: 1 }).execute()
    expect(await counts(db)).toEqual([
      ['a', 0, 2],
      ['a', 1, 1],
      ['b', 7, 1],
    ])

    await db
      .updateTable('event')
      .set({ start_ms: 2 * hour })
      .where('id', '=', '1')
      .execute()
    expect(await counts(db)).toEqual([
      ['a', 0, 1],
      ['a', 1, 1],
      ['a', 2, 1],
      ['b', 7, 1],
    ])

    await db.deleteFrom('event').where('camera_id', '=', 'a').execute()
    expect(await counts(db)).toEqual([['b', 7, 1]])
  })
})
