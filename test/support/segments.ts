/** Builders with defaults for rows of footage, notes and events. */
import type { Db } from '../../server/src/db/database.ts'
import type { EventTable } from '../../server/src/db/tables.ts'
import { newId } from '../../server/src/lib/new-id.ts'
import { insertSegments } from '../../server/src/record/segment-index-store.ts'
import type { Segment } from '../../server/src/record/segment-store.ts'

/** 1 January 2026, a midnight. */
export const newYearMs = Date.UTC(2026, 0, 1)
export const cameraA = '01K00000000000000000000CAA'
export const cameraB = '01K00000000000000000000CBB'
export const volumeV = '01K00000000000000000000VVV'

/** A minute of camera A from `startMs` on. */
export function segment(given: Partial<Segment> & { readonly startMs: number }): Segment {
  return {
    id: newId(given.startMs),
    cameraId: cameraA,
    stream: 'main',
    volumeId: volumeV,
    fileMs: given.startMs,
    clockEpoch: 0,
    endMs: given.startMs + 60_000,
    sizeBytes: 1000,
    frames: 1500,
    sha256: 'a'.repeat(64),
    prevSha256: '',
    codec: 'avc1.640028',
    width: 1920,
    height: 1080,
    hasAudio: false,
    ...given,
  }
}

/** `count` minutes one after the other. */
export function minutes(startMs: number, count: number, given: Partial<Segment> = {}): Segment[] {
  return Array.from({ length: count }, (_, i) => segment({ ...given, startMs: startMs + i * 60_000 }))
}

export async function insertAll(db: Db, segments: readonly Segment[]): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { refused } = await insertSegments(trx, segments)
    if (refused[0]) throw new Error(`refused: ${refused[0].why}`)
  })
}

export function eventRow(given: Partial<EventTable> & { readonly start_ms: number }): EventTable {
  return {
    id: newId(given.start_ms),
    camera_id: cameraA,
    kind: 'motion',
    end_ms: given.start_ms + 20_000,
    zones: '[]',
    score: 0.1,
    has_picture: 0,
    kept: 0,
    until_ms: null,
    ...given,
  }
}

export async function insertCamera(db: Db, id: string, settings: Record<string, unknown> = {}): Promise<void> {
  const stored = { name: `Camera ${id.slice(-3)}`, keepDays: null, preRollMs: 5000, postRollMs: 10_000, ...settings }
  await db
    .insertInto('camera')
    .values({ id, settings: JSON.stringify(stored), password_sealed: null, created_ms: 0, deleted_ms: null })
    .execute()
}
