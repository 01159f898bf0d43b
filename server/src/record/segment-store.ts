/**
 * Reads the index of footage. Rows marked for deletion are not footage any more: nothing here returns them.
 * Not here: adding (segment-index-store.ts), deleting (deletion-store.ts).
 */
import type { StreamName } from '@vedette/shared/camera.ts'
import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import type { SegmentTable } from '../db/tables.ts'
import type { ClosedNote } from './note.ts'

/** A closed file of footage, as its row and its closing note describe it. */
export type Segment = Omit<ClosedNote, 'note' | 'runId'>

/**
 * No segment is longer: the recorder cuts at the first key frame after 60 s and splits a group of pictures that never
 * ends. Spans look back this far for a segment that began before them.
 */
export const longestSegmentMs = 600_000

export function toSegment(row: SegmentTable): Segment {
  return {
    id: row.id,
    cameraId: row.camera_id,
    stream: row.stream,
    volumeId: row.volume_id,
    fileMs: row.file_ms,
    startMs: row.start_ms,
    clockEpoch: row.clock_epoch,
    endMs: row.end_ms,
    sizeBytes: row.size_bytes,
    frames: row.frames,
    sha256: row.sha256,
    prevSha256: row.prev_sha256,
    codec: row.codec,
    width: row.width,
    height: row.height,
    hasAudio: row.has_audio === 1,
  }
}

export function toRow(segment: Segment): SegmentTable {
  return {
    id: segment.id,
    camera_id: segment.cameraId,
    stream: segment.stream,
    volume_id: segment.volumeId,
    start_ms: segment.startMs,
    end_ms: segment.endMs,
    clock_epoch: segment.clockEpoch,
    file_ms: segment.fileMs,
    size_bytes: segment.sizeBytes,
    frames: segment.frames,
    sha256: segment.sha256,
    prev_sha256: segment.prevSha256,
    codec: segment.codec,
    width: segment.width,
    height: segment.height,
    has_audio: segment.hasAudio ? 1 : 0,
    doomed_by: null,
  }
}

/** Undefined: no such segment, or it is being deleted. */
export async function findSegment(db: Db, id: string): Promise<Segment | undefined> {
  const row = await db
    .selectFrom('segment')
    .selectAll()
    .where('id', '=', id)
    .where('doomed_by', 'is', null)
    .executeTakeFirst()
  return row && toSegment(row)
}

export interface SegmentFilter {
  readonly cameraId: string
  readonly stream: StreamName
  /** Segments that overlap [fromMs, toMs). */
  readonly fromMs: number
  readonly toMs: number
  readonly limit: number
  /** The last segment of the page before. */
  readonly after?: Pick<Segment, 'startMs' | 'clockEpoch'>
}

/** Oldest first, by start; at the same start the older clock epoch first. */
export async function listSegments(db: Db, filter: SegmentFilter): Promise<Segment[]> {
  const { after } = filter
  const rows = await db
    .selectFrom('segment')
    .selectAll()
    .where('camera_id', '=', filter.cameraId)
    .where('stream', '=', filter.stream)
    .where('start_ms', '>=', after?.startMs ?? filter.fromMs - longestSegmentMs)
    .where('start_ms', '<', filter.toMs)
    .where('end_ms', '>', filter.fromMs)
    .where('doomed_by', 'is', null)
    .$if(after !== undefined, (query) =>
      query.where((eb) =>
        eb(eb.refTuple('start_ms', 'clock_epoch'), '>', eb.tuple(after?.startMs ?? 0, after?.clockEpoch ?? 0)),
      ),
    )
    .orderBy('start_ms')
    .orderBy('clock_epoch')
    .limit(filter.limit)
    .execute()
  return rows.map(toSegment)
}

/**
 * The one that was written last, where the chain of hashes goes on: of the highest clock epoch the newest. After the
 * clock was set back it is not the newest by capture time.
 */
export async function lastSegment(db: Db, cameraId: string, stream: StreamName): Promise<Segment | undefined> {
  const lane = db
    .selectFrom('segment')
    .selectAll()
    .where('camera_id', '=', cameraId)
    .where('stream', '=', stream)
    .where('doomed_by', 'is', null)
    .orderBy('clock_epoch', 'desc')
    .orderBy('start_ms', 'desc')
    .limit(1)
  // Two questions, each with an index of its own: hardly a clock was ever set back.
  const row =
    (await lane.where(afterSetBack).executeTakeFirst()) ?? (await lane.where('clock_epoch', '=', 0).executeTakeFirst())
  return row && toSegment(row)
}

/** The highest clock epoch of any segment; 0 where no clock was ever set back. */
export async function newestClockEpoch(db: Db): Promise<number> {
  const row = await db
    .selectFrom('segment')
    .select((eb) => eb.fn.max('clock_epoch').as('epoch'))
    .where(afterSetBack)
    .executeTakeFirst()
  return Number(row?.epoch ?? 0)
}

/** Written out, not bound: SQLite uses an index of some rows only where it reads the same condition in the statement. */
const afterSetBack = sql<boolean>`clock_epoch > 0`

/** The first that begins at or after `atMs`: where playback goes on behind a gap. */
export async function nextSegmentAfter(
  db: Db,
  cameraId: string,
  stream: StreamName,
  atMs: number,
): Promise<Segment | undefined> {
  const row = await db
    .selectFrom('segment')
    .selectAll()
    .where('camera_id', '=', cameraId)
    .where('stream', '=', stream)
    .where('start_ms', '>=', atMs)
    .where('doomed_by', 'is', null)
    .orderBy('start_ms')
    .orderBy('clock_epoch')
    .limit(1)
    .executeTakeFirst()
  return row && toSegment(row)
}

export interface FootageSum {
  readonly cameraId: string
  readonly stream: StreamName
  readonly volumeId: string
  readonly sizeBytes: number
  readonly segments: number
}

/** What every camera has on every volume. A few rows, kept current by each change of the index. */
export async function footageSums(db: Db): Promise<FootageSum[]> {
  const rows = await db.selectFrom('footage_sum').selectAll().where('segments', '>', 0).execute()
  return rows.map((row) => ({
    cameraId: row.camera_id,
    stream: row.stream,
    volumeId: row.volume_id,
    sizeBytes: row.size_bytes,
    segments: row.segments,
  }))
}
