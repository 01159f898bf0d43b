/**
 * Brings index and files of one volume together, in the background: files without rows are adopted, recovered or
 * quarantined; rows without files are dropped with a receipt.
 * In: a volume whose marker is right, after the recorder's journals were replayed. Out: a report.
 * Invariant: no file of footage is deleted here; an hour at a time, so nothing waits and an abort loses nothing.
 */
import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Db } from '../db/database.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { adoptSegments } from './adopt-files.ts'
import { readIndexState } from './cleaner-state-store.ts'
import { forgetSegments, markSegments } from './deletion-store.ts'
import { type Described, describeFile, type VolumePlace } from './describe-file.ts'
import { quarantine } from './quarantine.ts'
import { camerasOn, type IndexedHour, indexedHours, rowsOfHour } from './reconcile-store.ts'
import { recoverSegment } from './recover.ts'
import { type SegmentPlace, segmentPath } from './segment-path.ts'
import type { Segment } from './segment-store.ts'
import { isLeftover, tidyHour } from './unlink-footage.ts'
import { type FootageHour, walkFootage } from './walk-footage.ts'

export interface ReconcileDeps {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  /** Whether the recorder is writing this segment now. */
  readonly isOpen: (segmentId: string) => boolean
  /** Asked before rows are dropped: is the volume still the right one? */
  readonly isThere: () => Promise<boolean>
}

export interface ReconcileReport {
  readonly adopted: number
  readonly recovered: number
  /** Rows whose files were gone. */
  readonly dropped: number
  readonly quarantined: number
}

/** An unclosed file that changed lately may still be written by a recorder that we do not know of. */
const quietMs = 5 * 60_000
/** The recorder may be about to write into a folder of the last hours. */
const tidyAfterMs = 2 * 3_600_000
const hoursPerPage = 500

const nothing: ReconcileReport = { adopted: 0, recovered: 0, dropped: 0, quarantined: 0 }

/**
 * Ends early when aborted; what was done stays done and the next run goes on with the rest. An index that is not trusted
 * is left alone: its rows say nothing about files, nor files about rows.
 */
export async function reconcileVolume(
  deps: ReconcileDeps,
  volume: VolumePlace,
  signal: AbortSignal,
): Promise<ReconcileReport> {
  let report = nothing
  if ((await readIndexState(deps.db)) !== 'trusted') return report
  const seen = new Set<string>()
  for await (const hour of walkFootage(volume.path, { signal })) {
    report = add(report, await reconcileHour(deps, volume, hour))
    if (hour.hourMs !== undefined) seen.add(`${hour.cameraId} ${hour.hourMs}`)
    await nextTurn()
  }
  for (const cameraId of await camerasOn(deps.db, volume.id)) {
    let hours = [0]
    while (hours.length > 0 && !signal.aborted) {
      hours = await indexedHours(deps.db, volume.id, cameraId, hours.at(-1) ?? 0, hoursPerPage)
      for (const hourMs of hours.filter((ms) => !seen.has(`${cameraId} ${ms}`))) {
        const dropped = await dropLost(deps, volume, { cameraId, hourMs }, [])
        report = add(report, { ...nothing, dropped })
        await nextTurn()
      }
    }
  }
  return report
}

async function reconcileHour(deps: ReconcileDeps, volume: VolumePlace, hour: FootageHour): Promise<ReconcileReport> {
  const { cameraId, hourMs } = hour
  let quarantined = 0
  for (const name of hour.others) {
    if (hourMs !== undefined && isLeftover(name)) continue
    const isRest = name.endsWith('.mp4.damaged')
    const why = isRest ? 'recovery cut it off a damaged segment' : 'it is not a file of Vedette'
    await isolate(deps, volume, `${hour.folder}/${name}`, why)
    quarantined++
  }
  if (hourMs === undefined) return { ...nothing, quarantined }
  const rows = await rowsOfHour(deps.db, volume.id, { cameraId, hourMs })
  const known = new Set(rows.map(segmentPath))
  const found = { ...nothing, quarantined }
  const orphans: Segment[] = []
  let recovered = 0
  for (const place of hour.segments.filter((one) => !known.has(segmentPath(one)))) {
    const outcome = await closeOrphan(deps, volume, place)
    if (outcome === 'wait') continue
    if (outcome === 'quarantined') found.quarantined++
    else {
      orphans.push(outcome.segment)
      if (outcome.isRecovered) recovered++
    }
  }
  const { added, refused } = await adoptSegments(deps.db, orphans, deps.clock.nowMs())
  for (const { segment, why } of refused) await isolate(deps, volume, segmentPath(segment), why)
  const dropped = await dropLost(deps, volume, { cameraId, hourMs }, hour.segments)
  const isBare = rows.length === 0 && hour.segments.length === 0 && hourMs < deps.clock.nowMs() - tidyAfterMs
  if (isBare) await tidyHour(volume.path, { cameraId, hourMs }, new Set())
  return { ...found, adopted: added.length, recovered, dropped, quarantined: found.quarantined + refused.length }
}

type Outcome = 'wait' | 'quarantined' | { readonly segment: Segment; readonly isRecovered: boolean }

/** Makes a segment of a file that the index does not know, if it is one. */
async function closeOrphan(deps: ReconcileDeps, volume: VolumePlace, place: SegmentPlace): Promise<Outcome> {
  const described: Described = await describeFile(volume, place)
  if (described.is === 'gone') return 'wait'
  if (described.is === 'closed') return { segment: described.segment, isRecovered: false }
  if (described.is === 'foreign') {
    await isolate(deps, volume, segmentPath(place), described.why)
    return 'quarantined'
  }
  const isBusy = deps.isOpen(described.opened.id) || Math.abs(deps.clock.nowMs() - described.changedMs) < quietMs
  if (isBusy) return 'wait'
  const recovered = await recoverSegment(volume.path, described.opened)
  if (recovered.note === 'closed') {
    const { note: _note, runId: _runId, ...segment } = recovered
    return { segment, isRecovered: true }
  }
  if (!(await exists(join(volume.path, segmentPath(place))))) return 'wait'
  await isolate(deps, volume, segmentPath(place), recovered.reason)
  return 'quarantined'
}

/** Drops the hour's rows whose files are not there, having looked at each, and at the volume before and after. */
async function dropLost(
  deps: ReconcileDeps,
  volume: VolumePlace,
  hour: IndexedHour,
  files: readonly SegmentPlace[],
): Promise<number> {
  const there = new Set(files.map(segmentPath))
  const rows = await rowsOfHour(deps.db, volume.id, hour)
  const lost: Segment[] = []
  for (const row of rows.filter((one) => !one.isDoomed && !there.has(segmentPath(one))))
    if (!(await exists(join(volume.path, segmentPath(row))))) lost.push(row)
  if (lost.length === 0 || !(await deps.isThere())) return 0
  await markSegments(
    deps.db,
    lost.map((row) => ({ segmentId: row.id, rule: 'file_missing' as const })),
  )
  await forgetSegments(
    deps.db,
    lost.map((row) => ({ ...row, rule: 'file_missing' })),
    deps.clock.nowMs(),
  )
  deps.log.error(
    { camera: hour.cameraId, segments: lost.length, hour: new Date(hour.hourMs).toISOString() },
    'footage is gone from the disk',
  )
  return lost.length
}

async function isolate(deps: ReconcileDeps, volume: VolumePlace, from: string, why: string): Promise<void> {
  await quarantine(volume.path, from, why, deps.clock.nowMs())
  deps.log.warn({ volume: volume.id, file: from, why }, 'a file among the footage was put into quarantine')
}

/** Any failure but a clear "not there" counts as there. */
async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: unknown) => !(error instanceof Error && 'code' in error && error.code === 'ENOENT'),
  )
}

function add(a: ReconcileReport, b: ReconcileReport): ReconcileReport {
  return {
    adopted: a.adopted + b.adopted,
    recovered: a.recovered + b.recovered,
    dropped: a.dropped + b.dropped,
    quarantined: a.quarantined + b.quarantined,
  }
}
