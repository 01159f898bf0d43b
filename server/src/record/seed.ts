/**
 * A synthetic installation: cameras with footage back to back up to now, a hole now and then, and events strewn over it.
 * For benches, tests and `vedette seed`; a million segments and a million events take well under a minute.
 * The cameras are disabled. Without `writeFile` the rows have no files, and the index is marked so that nobody cleans up.
 */
import { randomBytes } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { cameraSettings } from '@vedette/shared/camera.ts'
import type { Db } from '../db/database.ts'
import type { EventTable } from '../db/tables.ts'
import { newId } from '../lib/new-id.ts'
import { writeIndexState } from './cleaner-state-store.ts'
import { changeDays } from './coverage-store.ts'
import { type Gap, recordGap } from './gap-store.ts'
import { analyzeTables, insertMany } from './seed-store.ts'
import { type Segment, toRow } from './segment-store.ts'
import { addToSums } from './sum-store.ts'

export interface SeedOptions {
  readonly cameras: number
  /** Of all cameras together. */
  readonly segments: number
  readonly events: number
  readonly volumeId: string
  /** The newest footage ends here. */
  readonly nowMs: number
  /** Makes the file and returns the segment as it became (size, hash); none: rows only. */
  readonly writeFile?: (segment: Segment) => Promise<Segment>
}

export interface Seeded {
  readonly cameraIds: readonly string[]
  /** Of the oldest footage. */
  readonly fromMs: number
}

const minuteMs = 60_000
const rowsPerTurn = 5000
/** After so many minutes all cameras were away for one. */
const minutesPerGap = 500

/** Rows are written in the order of time, as they really come: ten times faster than camera by camera. */
export async function seed(db: Db, options: SeedOptions): Promise<Seeded> {
  const perCamera = Math.ceil(options.segments / Math.max(1, options.cameras))
  const totalMinutes = perCamera + Math.floor(perCamera / (minutesPerGap - 1))
  const newestMs = options.nowMs - (options.nowMs % minuteMs)
  const fromMs = newestMs - totalMinutes * minuteMs
  const cameraIds: string[] = []
  for (let i = 0; i < options.cameras; i++) cameraIds.push(await seedCamera(db, i, options.nowMs))
  await seedFootage(db, { ...options, cameraIds, fromMs })
  await seedEvents(db, { cameraIds, fromMs, toMs: newestMs, events: options.events })
  if (!options.writeFile) await writeIndexState(db, 'seeded')
  await analyzeTables(db)
  return { cameraIds, fromMs }
}

async function seedCamera(db: Db, index: number, nowMs: number): Promise<string> {
  const settings = cameraSettings.parse({
    name: `Seeded camera ${index + 1}`,
    location: '',
    enabled: false,
    address: 'rtsp://seeded.invalid/',
    subAddress: null,
    username: '',
    transport: 'tcp',
    liveMode: 'auto',
    mode: 'continuous',
    preRollMs: 5000,
    postRollMs: 10_000,
    recordAudio: false,
    keepDays: null,
    motion: {},
    order: index,
  })
  const id = newId(nowMs)
  await insertMany(db, 'camera', [
    { id, settings: JSON.stringify(settings), password_sealed: null, created_ms: nowMs, deleted_ms: null },
  ])
  return id
}

interface Footage extends SeedOptions, Seeded {}

async function seedFootage(db: Db, footage: Footage): Promise<void> {
  const lastHashes = new Map<string, string>()
  let batch: Segment[] = []
  let gaps: Gap[] = []
  let left = footage.segments
  for (let minute = 1; left > 0; minute++) {
    const startMs = footage.fromMs + (minute - 1) * minuteMs
    for (const cameraId of footage.cameraIds) {
      if (minute % minutesPerGap === 0)
        gaps.push({ cameraId, kind: 'missing', cause: 'unreachable', startMs, endMs: startMs + minuteMs })
      else if (left-- > 0) {
        const segment = await seedSegment(footage, cameraId, startMs, lastHashes.get(cameraId) ?? '')
        lastHashes.set(cameraId, segment.sha256)
        batch.push(segment)
      }
    }
    if (batch.length < rowsPerTurn && left > 0) continue
    await insertBatch(db, batch, gaps)
    batch = []
    gaps = []
    await nextTurn()
  }
}

async function insertBatch(db: Db, batch: readonly Segment[], gaps: readonly Gap[]): Promise<void> {
  await insertMany(db, 'segment', batch.map(toRow))
  await db.transaction().execute(async (trx) => {
    await addToSums(trx, batch)
    for (const [cameraId, footage] of Map.groupBy(batch, (segment) => segment.cameraId))
      await changeDays(trx, cameraId, 'recorded_ms', footage, 1)
    for (const gap of gaps) await recordGap(trx, gap)
  })
}

async function seedSegment(footage: Footage, cameraId: string, startMs: number, prevSha256: string): Promise<Segment> {
  const segment: Segment = {
    id: newId(startMs),
    cameraId,
    stream: 'main',
    volumeId: footage.volumeId,
    fileMs: startMs,
    startMs,
    endMs: startMs + minuteMs,
    clockEpoch: 0,
    // 4 Mbit/s, give or take a tenth.
    sizeBytes: 27_000_000 + (startMs % 7919) * 758,
    frames: 1500,
    sha256: randomBytes(32).toString('hex'),
    prevSha256,
    codec: 'avc1.640028',
    width: 1920,
    height: 1080,
    hasAudio: false,
  }
  return footage.writeFile ? footage.writeFile(segment) : segment
}

interface Events extends Seeded {
  readonly toMs: number
  readonly events: number
}

async function seedEvents(db: Db, { cameraIds, fromMs, toMs, events }: Events): Promise<void> {
  const eventAt = (n: number): EventTable => {
    const startMs = fromMs + Math.floor(((n + Math.random()) / events) * (toMs - fromMs))
    return {
      id: newId(startMs),
      camera_id: cameraIds[n % cameraIds.length] ?? '',
      kind: 'motion',
      start_ms: startMs,
      end_ms: startMs + 5000 + Math.floor(Math.random() * 30_000),
      zones: '[]',
      score: Math.random() / 4,
      has_picture: 0,
      kept: 0,
      until_ms: null,
    }
  }
  for (let done = 0; done < events; done += rowsPerTurn) {
    const rows = Array.from({ length: Math.min(rowsPerTurn, events - done) }, (_, i) => eventAt(done + i))
    await insertMany(db, 'event', rows)
    await nextTurn()
  }
}
