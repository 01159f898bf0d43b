/**
 * Makes the index again from the files alone: heads and tails are read, segments that nobody closed are recovered.
 * In: a database that is new (the caller moved a damaged one aside) or has lost rows; volumes with the right marker.
 * Out: rows, sums, coverage of what is recorded. Gaps and events are not in the files and do not come back.
 * Invariant: from the first row to the last the index counts as not complete, so that nothing is deleted meanwhile.
 */
import type { Db } from '../db/database.ts'
import type { Clock } from '../lib/clock.ts'
import { adoptSegments } from './adopt-files.ts'
import { writeIndexState } from './cleaner-state-store.ts'
import { describeFile, type VolumePlace } from './describe-file.ts'
import { recoverSegment } from './recover.ts'
import { type SegmentPlace, segmentPath } from './segment-path.ts'
import type { Segment } from './segment-store.ts'
import { walkFootage } from './walk-footage.ts'

export interface RebuildDeps {
  readonly db: Db
  readonly clock: Clock
  /** After every batch. */
  readonly onProgress?: (report: RebuildReport) => void
}

export interface RebuildReport {
  /** Rows added. */
  readonly segments: number
  readonly sizeBytes: number
  /** Of them, those that had to be closed first. */
  readonly recovered: number
  /** Files that are no whole segments, or overlap others: they stay where they are; reconciling quarantines them. */
  readonly refused: readonly { readonly path: string; readonly why: string }[]
}

const rowsPerBatch = 500
const filesAtOnce = 8
const maxRefusedTold = 1000

/** Stops early when aborted: the index then stays "not complete" until a rebuild goes through. The recorder must not run. */
export async function rebuildIndex(
  { db, clock, onProgress }: RebuildDeps,
  volumes: readonly VolumePlace[],
  signal: AbortSignal,
): Promise<RebuildReport> {
  await writeIndexState(db, 'building')
  let report: RebuildReport = { segments: 0, sizeBytes: 0, recovered: 0, refused: [] }
  let batch: Segment[] = []
  const flush = async () => {
    const { added, refused } = await adoptSegments(db, batch, clock.nowMs())
    batch = []
    const sizeBytes = added.reduce((sum, segment) => sum + segment.sizeBytes, report.sizeBytes)
    const told = refused.map(({ segment, why }) => ({ path: segment.id, why }))
    report = { ...report, segments: report.segments + added.length, sizeBytes, refused: [...report.refused, ...told] }
    onProgress?.(report)
  }
  for (const volume of volumes)
    for await (const hour of walkFootage(volume.path, { signal })) {
      for (let at = 0; at < hour.segments.length; at += filesAtOnce) {
        const places = hour.segments.slice(at, at + filesAtOnce)
        for (const read of await Promise.all(places.map((place) => readPlace(volume, place)))) {
          if ('segment' in read) batch.push(read.segment)
          else if (report.refused.length < maxRefusedTold) report = { ...report, refused: [...report.refused, read] }
          if ('segment' in read && read.isRecovered) report = { ...report, recovered: report.recovered + 1 }
        }
      }
      if (batch.length >= rowsPerBatch) await flush()
    }
  await flush()
  signal.throwIfAborted()
  await writeIndexState(db, 'trusted')
  return report
}

type ReadPlace =
  | { readonly segment: Segment; readonly isRecovered: boolean }
  | { readonly path: string; readonly why: string }

async function readPlace(volume: VolumePlace, place: SegmentPlace): Promise<ReadPlace> {
  const path = `${volume.path}/${segmentPath(place)}`
  const described = await describeFile(volume, place)
  if (described.is === 'closed') return { segment: described.segment, isRecovered: false }
  if (described.is === 'gone') return { path, why: 'it went away meanwhile' }
  if (described.is === 'foreign') return { path, why: described.why }
  const recovered = await recoverSegment(volume.path, described.opened)
  if (recovered.note === 'abandoned') return { path, why: recovered.reason }
  const { note: _note, runId: _runId, ...segment } = recovered
  return { segment, isRecovered: true }
}
