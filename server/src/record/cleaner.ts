/**
 * Carries out what retention plans: marks rows, unlinks files, deletes rows with receipts, in that order, and finishes
 * after a crash what was marked.
 * In: volumes that are there (their marker is right), the index, the clock. Out: space, receipts, problems to show.
 * Not here: what may go (retention.ts), files without rows (reconcile.ts).
 * Invariant: nothing is deleted while the index is not trusted, by age while the clock is not believed, ever when kept.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Db } from '../db/database.ts'
import type { Clock } from '../lib/clock.ts'
import { startOfHour } from '../lib/hour-minutes.ts'
import type { Log } from '../lib/log.ts'
import {
  listCamerasToEmpty,
  readClockBelief,
  readIndexState,
  removeCameraToEmpty,
  writeClockBelief,
} from './cleaner-state-store.ts'
import { type ClockBelief, clockProblem, isBelieved, lookAtClock } from './clock-belief.ts'
import {
  type DoomedSegment,
  emptiedHours,
  forgetPictures,
  forgetSegments,
  keptEventsIn,
  listMarked,
  markSegments,
} from './deletion-store.ts'
import {
  type Candidate,
  type Deletion,
  keptBy,
  oldestAllowedMs,
  planAged,
  planSpace,
  type Shortage,
  shortageOf,
  type VolumeSpace,
} from './retention.ts'
import {
  type CameraRules,
  cameraRules,
  candidatesPerPage,
  dropOldNotes,
  footageBytesOn,
  keptAround,
  newestFootageMs,
  nextSegmentsBytes,
  oldestOfCamera,
  oldestOfVolume,
} from './retention-store.ts'
import { tidyHour, unlinkSegments } from './unlink-footage.ts'

/** A volume whose marker was just found to be its own. */
export interface CleanableVolume {
  readonly id: string
  readonly path: string
  readonly quotaBytes: number | null
  readonly reserveShare: number
  readonly totalBytes: number
  readonly freeBytes: number
}

export interface CleanerDeps {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  /** Those that may be deleted from now; a missing, swapped or read-only one is not among them. */
  readonly volumes: () => Promise<readonly CleanableVolume[]>
  /** What speaks against deleting by this database, e.g. that its file is damaged or not checked yet; null: nothing. */
  readonly doubt?: () => string | null
  /** Sentences for the status page; an empty list when all is well. */
  readonly onProblems: (problems: readonly string[]) => void
}

const untrusted = {
  building: 'The index of footage is not complete. Nothing is deleted until it is rebuilt.',
  seeded: 'This installation holds synthetic rows without files. Nothing is deleted from it.',
}
const spaceEveryMs = 5000
const ageEveryMs = 60_000
const filesPerTurn = 200
const rowsPerMark = 500

export class Cleaner {
  readonly #deps: CleanerDeps
  #belief: ClockBelief | undefined
  #agedMs = Number.NEGATIVE_INFINITY
  #last: Promise<void> = Promise.resolve()
  /** The round that has not begun. */
  #waiting: Promise<void> | undefined

  constructor(deps: CleanerDeps) {
    this.#deps = deps
  }

  /** Looks after all volumes until aborted. A failing disk or database is told and tried again. */
  async run(signal: AbortSignal): Promise<void> {
    const { log, onProblems } = this.#deps
    while (!signal.aborted) {
      try {
        await this.sweep(signal)
      } catch (error) {
        // The database is away: without it nothing may be deleted, and the recorder goes on without us.
        log.error({ err: error }, 'the cleaner could not work')
        onProblems(['Footage cannot be deleted: the database does not answer.'])
      }
      await this.#deps.clock.sleep(spaceEveryMs, signal).catch(() => {})
    }
  }

  /**
   * One round: what was marked or is of a deleted camera, then what is too old (once a minute), then space for the next segments. Rounds come one
   * after the other; however many are asked for meanwhile, one more follows.
   */
  sweep(signal: AbortSignal): Promise<void> {
    this.#waiting ??= this.#last.then(() => {
      this.#waiting = undefined
      return this.#sweep(signal)
    })
    this.#last = this.#waiting.catch(() => {})
    return this.#waiting
  }

  async #sweep(signal: AbortSignal): Promise<void> {
    const { db, clock, log, onProblems } = this.#deps
    const index = await readIndexState(db)
    const doubt = this.#deps.doubt?.() ?? (index === 'trusted' ? null : untrusted[index ?? 'building'])
    if (doubt !== null) {
      onProblems([doubt])
      return
    }
    const problems: string[] = []
    const cameras = await cameraRules(db)
    const isAgeTurn = clock.monotonicMs() - this.#agedMs >= ageEveryMs
    if (isAgeTurn) {
      this.#agedMs = clock.monotonicMs()
      await dropOldNotes(db, clock.nowMs())
    }
    await this.#emptyCameras(isAgeTurn, signal)
    const clockLook = await this.#lookAtClock(isAgeTurn)
    problems.push(...clockLook.problems)
    if (isAgeTurn && clockLook.isBelieved) await this.#endAged(cameras, signal)
    for (const volume of await this.#deps.volumes()) {
      if (signal.aborted) return
      try {
        const freedBytes = await this.#removeMarked(volume, signal)
        const now = { ...volume, freeBytes: volume.freeBytes + freedBytes }
        problems.push(...(await this.#makeSpace(now, cameras, signal)))
      } catch (error) {
        // One volume's failure never touches another; it is tried again with the next round.
        log.error({ err: error, volume: volume.id }, 'footage could not be deleted')
        problems.push(`Footage on ${volume.path} could not be deleted: ${error instanceof Error ? error.message : ''}`)
      }
    }
    onProblems(problems)
  }

  async #lookAtClock(isStored: boolean): Promise<{ isBelieved: boolean; problems: readonly string[] }> {
    const { db, clock } = this.#deps
    const newestMs = await newestFootageMs(db)
    const before = this.#belief ?? (await readClockBelief(db))
    const belief = lookAtClock(before, {
      wallMs: clock.nowMs(),
      monotonicMs: clock.monotonicMs(),
      newestFootageMs: newestMs,
    })
    // A step must be stored before anything acts on it; a quiet clock once a minute.
    if (isStored || belief.distrustMs > (before?.distrustMs ?? 0)) await writeClockBelief(db, belief)
    this.#belief = belief
    const problem = clockProblem(belief, newestMs)
    return { isBelieved: isBelieved(belief, newestMs), problems: problem === undefined ? [] : [problem] }
  }

  async #endAged(cameras: readonly CameraRules[], signal: AbortSignal): Promise<void> {
    const { db, clock } = this.#deps
    for (const camera of cameras) {
      const { cameraId, keepDays } = camera
      if (keepDays === null) continue
      const beforeMs = oldestAllowedMs(clock.nowMs(), keepDays)
      for (const stream of ['main', 'sub'] as const) {
        const pages = this.#pages(signal, (after) => oldestOfCamera(db, { cameraId, stream, beforeMs }, after))
        for await (const page of pages)
          await this.#mark(planAged(beforeMs, page, keptBy(await keptAround(db, page, cameras))))
      }
    }
  }

  /**
   * Marks everything of cameras that were deleted together with their footage, at once; forgets such a camera at a later
   * age turn that finds nothing, because its last segment is closed a moment after it was deleted.
   */
  async #emptyCameras(isAgeTurn: boolean, signal: AbortSignal): Promise<void> {
    const { db } = this.#deps
    for (const cameraId of await listCamerasToEmpty(db)) {
      let found = 0
      for (const stream of ['main', 'sub'] as const) {
        const all = { cameraId, stream, beforeMs: Number.MAX_SAFE_INTEGER }
        for await (const page of this.#pages(signal, (after) => oldestOfCamera(db, all, after))) {
          found += page.length
          await this.#mark(page.map(({ id }) => ({ segmentId: id, rule: 'camera_deleted' })))
        }
      }
      if (isAgeTurn && found === 0 && !signal.aborted) await removeCameraToEmpty(db, cameraId)
    }
  }

  /** Problems, where kept footage leaves no room. */
  async #makeSpace(volume: CleanableVolume, cameras: readonly CameraRules[], signal: AbortSignal): Promise<string[]> {
    const { db, clock } = this.#deps
    const space: VolumeSpace = { ...volume, footageBytes: await footageBytesOn(db, volume.id) }
    let shortage = shortageOf(space, await nextSegmentsBytes(db, volume.id, clock.nowMs()))
    if (isEnough(shortage)) return []
    for await (const page of this.#pages(signal, (after) => oldestOfVolume(db, volume.id, after))) {
      const plan = planSpace(shortage, page, keptBy(await keptAround(db, page, cameras)))
      await this.#mark(plan.deletions)
      await this.#removeMarked(volume, signal)
      shortage = plan.shortage
      if (isEnough(shortage)) return []
    }
    if (signal.aborted) return []
    return [
      `${volume.path} has too little space, and everything on it is kept or in use. Let go of kept footage, raise the quota or free space.`,
    ]
  }

  async #mark(deletions: readonly Deletion[]): Promise<void> {
    for (let at = 0; at < deletions.length; at += rowsPerMark)
      await markSegments(this.#deps.db, deletions.slice(at, at + rowsPerMark))
  }

  /** Unlinks and forgets all that is marked on the volume; gives the bytes that this freed. */
  async #removeMarked(volume: CleanableVolume, signal: AbortSignal): Promise<number> {
    const { db, clock, log } = this.#deps
    let freedBytes = 0
    while (!signal.aborted) {
      const doomed = await listMarked(db, volume.id, { limit: filesPerTurn })
      if (doomed.length === 0) break
      await unlinkSegments(volume.path, doomed)
      await forgetSegments(db, doomed, clock.nowMs())
      await this.#tidy(volume, doomed)
      log.info({ volume: volume.id, segments: doomed.length }, 'footage reached its end')
      freedBytes += doomed.reduce((sum, segment) => sum + segment.sizeBytes, 0)
      await nextTurn()
    }
    return freedBytes
  }

  async #tidy(volume: CleanableVolume, gone: readonly DoomedSegment[]): Promise<void> {
    const { db } = this.#deps
    const hours = new Map(
      gone.map(({ cameraId, fileMs }) => [
        `${cameraId} ${startOfHour(fileMs)}`,
        { cameraId, hourMs: startOfHour(fileMs) },
      ]),
    )
    for (const hour of await emptiedHours(db, volume.id, [...hours.values()])) {
      const kept = await keptEventsIn(db, hour.cameraId, hour.hourMs)
      await forgetPictures(db, await tidyHour(volume.path, hour, kept))
    }
  }

  /** Pages of candidates with other work in between, until there are no more. */
  async *#pages(
    signal: AbortSignal,
    read: (after: Candidate | undefined) => Promise<Candidate[]>,
  ): AsyncGenerator<readonly Candidate[]> {
    let after: Candidate | undefined
    while (!signal.aborted) {
      const page = await read(after)
      if (page.length === 0) return
      yield page
      if (page.length < candidatesPerPage) return
      after = page.at(-1)
      await nextTurn()
    }
  }
}

function isEnough(shortage: Shortage): boolean {
  return shortage.quotaBytes === 0 && shortage.reserveBytes === 0
}
