/** Volumes in the database, and what lies on them. Not here: the disks themselves (volumes.ts). */
import type { Db } from '../db/database.ts'
import type { VolumeTable } from '../db/tables.ts'
import { dayMs, startOfHour } from '../lib/hour-minutes.ts'

export interface Volume {
  readonly id: string
  readonly name: string
  /** Canonical, absolute. */
  readonly path: string
  /** Id that the folder's marker file must hold. */
  readonly marker: string
  readonly quotaBytes: number | null
  readonly reserveShare: number
}

export const defaultReserveShare = 0.05

export async function listVolumes(db: Db): Promise<Volume[]> {
  const rows = await db.selectFrom('volume').selectAll().orderBy('created_ms').orderBy('id').execute()
  return rows.map(toVolume)
}

export async function findVolume(db: Db, volumeId: string): Promise<Volume | undefined> {
  const row = await db.selectFrom('volume').selectAll().where('id', '=', volumeId).executeTakeFirst()
  return row && toVolume(row)
}

export async function addVolume(db: Db, volume: Volume, nowMs: number): Promise<void> {
  await db
    .insertInto('volume')
    .values({
      id: volume.id,
      name: volume.name,
      path: volume.path,
      marker: volume.marker,
      quota_bytes: volume.quotaBytes,
      reserve_share: volume.reserveShare,
      created_ms: nowMs,
    })
    .execute()
}

export type VolumeRules = Pick<Volume, 'name' | 'quotaBytes' | 'reserveShare'>

export async function changeVolume(db: Db, volumeId: string, rules: VolumeRules): Promise<void> {
  await db
    .updateTable('volume')
    .set({ name: rules.name, quota_bytes: rules.quotaBytes, reserve_share: rules.reserveShare })
    .where('id', '=', volumeId)
    .execute()
}

export async function moveVolume(db: Db, volumeId: string, path: string): Promise<void> {
  await db.updateTable('volume').set({ path }).where('id', '=', volumeId).execute()
}

function toVolume(row: VolumeTable): Volume {
  return {
    id: row.id,
    name: row.name,
    path: row.path,
    marker: row.marker,
    quotaBytes: row.quota_bytes,
    reserveShare: row.reserve_share,
  }
}

export interface CameraUsage {
  readonly volumeId: string
  readonly cameraId: string
  readonly footageBytes: number
  /** Of the last week, or of the time since the first footage in it; 0 while that is too short to tell. */
  readonly bytesPerDay: number
  readonly oldestMs: number | null
}

const weekMs = 7 * dayMs
/** Less footage than this says nothing about a day. */
const minOutlookMs = 5 * 60_000

/** What each camera has on each volume, both streams together. */
export async function listUsage(db: Db, nowMs: number): Promise<CameraUsage[]> {
  const sums = await db
    .selectFrom('footage_sum as sum')
    .select((eb) => [
      'sum.camera_id',
      'sum.volume_id',
      'sum.size_bytes',
      eb
        .selectFrom('segment')
        .select('segment.start_ms')
        .whereRef('segment.camera_id', '=', 'sum.camera_id')
        .whereRef('segment.stream', '=', 'sum.stream')
        .whereRef('segment.volume_id', '=', 'sum.volume_id')
        .orderBy('segment.start_ms')
        .limit(1)
        .as('oldest_ms'),
    ])
    .where('sum.segments', '>', 0)
    .orderBy('sum.volume_id')
    .orderBy('sum.camera_id')
    .execute()
  const recent = await recentBytes(db, [...new Set(sums.map((sum) => sum.camera_id))], nowMs)
  const places = Map.groupBy(sums, (sum) => `${sum.camera_id} ${sum.volume_id}`)
  return [...places].flatMap(([place, streams]) => {
    const [first] = streams
    const oldest = streams.map((stream) => stream.oldest_ms).filter((ms) => ms !== null)
    const oldestMs = oldest.length > 0 ? Math.min(...oldest) : null
    return first === undefined
      ? []
      : {
          volumeId: first.volume_id,
          cameraId: first.camera_id,
          footageBytes: streams.reduce((sum, stream) => sum + stream.size_bytes, 0),
          bytesPerDay: perDay(recent.get(place), oldestMs ?? nowMs, nowMs),
          oldestMs,
        }
  })
}

interface RecentBytes {
  readonly bytes: number
  /** Start of the first hour that has some. */
  readonly hourMs: number
}

/** The first hour may be a short one: footage that began in its last minutes is not spread over all of it. */
function perDay(recent: RecentBytes | undefined, oldestMs: number, nowMs: number): number {
  if (!recent) return 0
  const lengthMs = nowMs - Math.max(recent.hourMs, oldestMs)
  return lengthMs < minOutlookMs ? 0 : recent.bytes / (lengthMs / dayMs)
}

/** What the last week recorded, keyed by camera and volume. */
async function recentBytes(db: Db, cameras: readonly string[], nowMs: number): Promise<Map<string, RecentBytes>> {
  if (cameras.length === 0) return new Map()
  const rows = await db
    .selectFrom('segment_hour')
    .select((eb) => [
      'camera_id',
      'volume_id',
      eb.fn.sum<number>('size_bytes').as('size_bytes'),
      eb.fn.min<number>('hour_ms').as('first_ms'),
    ])
    .where('camera_id', 'in', cameras)
    .where('stream', 'in', ['main', 'sub'])
    .where('hour_ms', '>=', startOfHour(Math.max(0, nowMs - weekMs)))
    .where('hour_ms', '<=', nowMs)
    .groupBy(['camera_id', 'volume_id'])
    .execute()
  return new Map(
    rows.map((row) => [`${row.camera_id} ${row.volume_id}`, { bytes: row.size_bytes, hourMs: row.first_ms }]),
  )
}
