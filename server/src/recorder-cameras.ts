/**
 * The cameras as the recorder is told about them: from the database, or, while that does not answer, as they were read last, with
 * the ends of footage and ledger that recorders noted since.
 */
import { join } from 'node:path'
import { trustedKeys } from './cameras/camera-key-store.ts'
import { listCameras, readPassword } from './cameras/camera-store.ts'
import type { Db } from './db/database.ts'
import type { Clock } from './lib/clock.ts'
import { clockEpochToBegin } from './record/clock-epoch.ts'
import { coveredUntil } from './record/coverage-store.ts'
import { isNewer, type LedgerEnds } from './record/ledger-ends.ts'
import { openSegmentFile, readFrom, readSegmentHead } from './record/read-segment.ts'
import { segmentPath } from './record/segment-path.ts'
import { lastSegment, newestClockEpoch, type Segment } from './record/segment-store.ts'
import type { RecordedCamera } from './recorder-messages.ts'
import { readTimeZone } from './system/time-zone-store.ts'

export interface RecorderCamerasOptions {
  readonly db: Db
  readonly key: Buffer
  readonly clock: Clock
  readonly volumePath: string
  readonly ends: LedgerEnds
}

export interface ToldCameras {
  readonly cameras: readonly RecordedCamera[]
  readonly clockEpoch: number
}

export class RecorderCameras {
  readonly #o: RecorderCamerasOptions
  /** Cameras that were enabled when they were read last. */
  #enabled: ReadonlySet<string> | undefined
  #read: ToldCameras | undefined

  constructor(options: RecorderCamerasOptions) {
    this.#o = options
  }

  /** Those that are switched on; undefined: they were never read. */
  get enabled(): ReadonlySet<string> | undefined {
    return this.#enabled
  }

  /**
   * As they are in the database now; notes that it has not taken yet count, too. `signal`: nobody will tell the recorder any more, so
   * that it is as if nothing had been read, but for the first time.
   */
  async read(signal?: AbortSignal): Promise<ToldCameras> {
    const { db, key, clock, ends } = this.#o
    const cameras: RecordedCamera[] = []
    const enabled = new Set<string>()
    const switchedOn: string[] = []
    const zone = await readTimeZone(db)
    for (const camera of await listCameras(db, 'all')) {
      const { location: _, liveMode: _2, keepDays: _3, order: _4, schedule: week, ...settings } = camera.settings
      if (settings.enabled) enabled.add(camera.id)
      // A camera that was switched on just now owes nothing for the time before.
      const owesThePast = this.#enabled?.has(camera.id) ?? true
      if (!owesThePast) switchedOn.push(camera.id)
      const read = {
        ...settings,
        schedule: settings.mode === 'scheduled' ? { week, timeZone: zone } : null,
        id: camera.id,
        byHandUntilMs: null,
        password: (await readPassword(db, key, camera.id)) ?? '',
        keys: await trustedKeys(db, camera.id),
        last: await this.#chainEnd(await lastSegment(db, camera.id, 'main')),
        coveredUntilMs: owesThePast ? await coveredUntil(db, camera.id, clock.nowMs()) : null,
      }
      cameras.push(owesThePast ? await this.#asNoted(read, null) : read)
      this.#throwIfLate(signal)
    }
    const clockEpoch = this.#epochToBegin(await newestClockEpoch(db), cameras)
    this.#throwIfLate(signal)
    for (const cameraId of switchedOn) ends.forget(cameraId)
    this.#enabled = enabled
    this.#read = { cameras, clockEpoch }
    return this.#read
  }

  /** The first time all cameras owe what is before, whenever that is known; and it is better known late than never. */
  #throwIfLate(signal: AbortSignal | undefined): void {
    if (this.#enabled) signal?.throwIfAborted()
  }

  /** Without the database; undefined: they were never read. `goneMs`: when the recorder before ended, for a camera without a ledger. */
  async remember(goneMs: number | undefined): Promise<ToldCameras | undefined> {
    if (!this.#read) return undefined
    const { clockEpoch } = this.#read
    const cameras = await Promise.all(this.#read.cameras.map((camera) => this.#asNoted(camera, goneMs ?? null)))
    const epochs = cameras.map(({ last }) => last?.clockEpoch ?? 0)
    return { cameras, clockEpoch: this.#epochToBegin(Math.max(clockEpoch, ...epochs), cameras) }
  }

  async #asNoted(camera: RecordedCamera, elseMs: number | null): Promise<RecordedCamera> {
    const noted = this.#o.ends.of(camera.id)
    const isNews = noted?.last && (!camera.last || isNewer(noted.last, camera.last))
    const last = isNews ? await this.#chainEnd(noted.last) : camera.last
    const untilMs = Math.max(noted?.coveredUntilMs ?? 0, camera.coveredUntilMs ?? 0)
    const coveredUntilMs = untilMs > 0 ? Math.min(untilMs, this.#o.clock.nowMs()) : elseMs
    return { ...camera, last, coveredUntilMs }
  }

  #epochToBegin(known: number, cameras: readonly RecordedCamera[]): number {
    const newest = cameras.map(({ last }) => last)
    return clockEpochToBegin(known, newest, this.#o.clock.nowMs())
  }

  /** Where a stream's chain goes on; its place in the chain stands in the last file only. */
  async #chainEnd(last: Omit<Segment, 'id'> | undefined): Promise<RecordedCamera['last']> {
    if (!last) return null
    const { sha256, endMs, clockEpoch } = last
    try {
      await using file = await openSegmentFile(join(this.#o.volumePath, segmentPath(last)))
      const found = await readSegmentHead(readFrom(file), last.sizeBytes)
      return { sha256, endMs, clockEpoch, seq: found?.head.seq ?? 0 }
    } catch {
      return { sha256, endMs, clockEpoch, seq: 0 } // Its disk is away or it was deleted: the hash still links.
    }
  }
}
