/**
 * Verifies footage: every file is hashed again and held to its row, and each segment to the one before it in its chain.
 * In: the index with its volumes, or volumes alone. Out: findings as they come, a summary at the end.
 * What it cannot see: footage whose files, rows and successors were all removed by somebody who may write to both disk and
 * database; only a copy of the last hashes elsewhere can.
 */
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { StreamName } from '@vedette/shared/camera.ts'
import type { Db } from '../db/database.ts'
import type { VolumePlace } from './describe-file.ts'
import { type SegmentPlace, segmentPath } from './segment-path.ts'
import type { Segment } from './segment-store.ts'
import { type ChainState, checkLink, newChain } from './verify-chain.ts'
import { type FindingKind, type Link, stillOpen, type Trouble, verifyFile } from './verify-file.ts'
import { chainOf, hasReceipts, listLanes, wasDeletedBetween } from './verify-store.ts'
import { walkFootage } from './walk-footage.ts'

export interface Finding extends Trouble {
  readonly path: string
  readonly cameraId: string
  readonly stream: StreamName
  readonly startMs: number
  /** The start where the file does not tell its end. */
  readonly endMs: number
}

export interface VerifySummary {
  readonly segments: number
  readonly sizeBytes: number
  readonly findings: Readonly<Record<FindingKind, number>>
  /** Chains that begin without a predecessor: one for each stream, and one more wherever a chain was begun anew. */
  readonly chainStarts: number
}

export interface VerifyOptions {
  readonly signal: AbortSignal
  readonly cameraId?: string | undefined
  /** Heads, tails, rows and chain only: the bytes between are not read. */
  readonly isFast?: boolean
  readonly nowMs: number
}

/** Every row of the index against its file and its predecessor. Rows on volumes that are not among `volumes` are missing. */
export async function* verifyIndex(
  db: Db,
  volumes: readonly VolumePlace[],
  options: VerifyOptions,
): AsyncGenerator<Finding, VerifySummary> {
  const roots = new Map(volumes.map((volume) => [volume.id, volume.path]))
  const sum = new Sum()
  for (const lane of await listLanes(db, options.cameraId)) {
    const chain = newChain(await hasReceipts(db, lane.cameraId))
    for await (const row of chainOf(db, lane)) {
      if (options.signal.aborted) return sum.summary
      const root = roots.get(row.volumeId)
      const path = join(root ?? `(volume ${row.volumeId})`, segmentPath(row))
      const isFast = options.isFast ?? false
      const found = root
        ? await verifyFile(path, row, { expected: row, isFast, nowMs: options.nowMs })
        : ({ kind: 'missing', why: 'its volume is not there' } as const)
      if (found === stillOpen) continue
      // A file in trouble still has its row, so its successor is not in trouble as well.
      const link = 'kind' in found ? row : found
      const wasDeleted = (fromMs: number | undefined) =>
        wasDeletedBetween(db, lane, { fromMs, toMs: row.startMs }, options.nowMs)
      yield* sum.add(row, path, found, await checkLink(chain, link, wasDeleted))
      await nextTurn()
    }
    sum.end(chain)
  }
  return sum.summary
}

/** Every segment file under the volumes, by what the files say of themselves; no database is needed. */
export async function* verifyFiles(
  volumes: readonly VolumePlace[],
  options: VerifyOptions,
): AsyncGenerator<Finding, VerifySummary> {
  const sum = new Sum()
  for (const volume of volumes) {
    let chains = new Map<string, ChainState>()
    let cameraId = ''
    for await (const hour of walkFootage(volume.path, options)) {
      if (hour.cameraId !== cameraId) {
        for (const chain of chains.values()) sum.end(chain)
        chains = new Map()
        cameraId = hour.cameraId
      }
      for (const place of hour.segments) {
        const path = join(volume.path, segmentPath(place))
        const found = await verifyFile(path, place, { isFast: options.isFast ?? false, nowMs: options.nowMs })
        if (found === stillOpen) continue
        const key = 'kind' in found ? '' : `${place.stream} ${found.clockEpoch}`
        const chain = chains.get(key) ?? newChain(false)
        chains.set(key, chain)
        const broken = 'kind' in found ? undefined : await checkLink(chain, found, async () => false)
        yield* sum.add(
          { ...place, startMs: place.fileMs, endMs: place.fileMs, sizeBytes: 0, ...found },
          path,
          found,
          broken,
        )
      }
    }
    for (const chain of chains.values()) sum.end(chain)
  }
  return sum.summary
}

/** Counts, and puts findings together. */
class Sum {
  #segments = 0
  #sizeBytes = 0
  #chainStarts = 0
  readonly #findings: Record<FindingKind, number> = { changed: 0, missing: 0, reordered: 0, unreadable: 0 }

  get summary(): VerifySummary {
    const findings = { ...this.#findings }
    return { segments: this.#segments, sizeBytes: this.#sizeBytes, findings, chainStarts: this.#chainStarts }
  }

  *add(
    segment: SegmentPlace & Pick<Segment, 'startMs' | 'endMs' | 'sizeBytes'>,
    path: string,
    found: Trouble | Link,
    broken: Trouble | undefined,
  ): Generator<Finding> {
    this.#segments++
    this.#sizeBytes += 'kind' in found ? 0 : found.sizeBytes
    for (const trouble of ['kind' in found ? found : undefined, broken]) {
      if (!trouble) continue
      this.#findings[trouble.kind]++
      const { cameraId, stream, startMs, endMs } = segment
      yield { kind: trouble.kind, why: trouble.why, path, cameraId, stream, startMs, endMs }
    }
  }

  end(chain: ChainState): void {
    this.#chainStarts += chain.starts
  }
}
