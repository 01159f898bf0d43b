/**
 * Control's end of recording: keeps a recorder running with the cameras of the database, takes its notes into the index,
 * its pictures to viewers, its states to pages, and recovers what a recorder left unfinished.
 */
import { unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProcessName } from '@vedette/shared/sandbox.ts'
import type { VolumeState } from '@vedette/shared/storage.ts'
import { trustedKeys } from './cameras/camera-key-store.ts'
import type { CameraStatuses } from './cameras/camera-statuses.ts'
import { listCameras, readPassword } from './cameras/camera-store.ts'
import { plainProblem } from './cameras/shown-status.ts'
import { recorderLauncher } from './child-launchers.ts'
import type { Config } from './config.ts'
import type { Db } from './db/database.ts'
import type { Clock } from './lib/clock.ts'
import type { Log } from './lib/log.ts'
import { FeedPipe } from './live/feed-pipe.ts'
import { LiveHub } from './live/live-hub.ts'
import type { LockHolder } from './process-lock.ts'
import { applyNotes, notesPerBatch } from './record/apply-notes.ts'
import { clockEpochToBegin } from './record/clock-epoch.ts'
import { journalPath } from './record/journal.ts'
import type { NumberedNote } from './record/note.ts'
import { listJournals, readJournal, unfinishedSegments } from './record/read-journal.ts'
import { openSegmentFile, readFrom, readSegmentHead } from './record/read-segment.ts'
import { recoverSegment } from './record/recover.ts'
import { segmentPath } from './record/segment-path.ts'
import { lastSegment, newestClockEpoch, type Segment } from './record/segment-store.ts'
import type { FromRecorder, RecordedCamera } from './recorder-messages.ts'
import { RecorderProcess } from './recorder-process.ts'
import type { Launcher } from './sandbox/launcher.ts'
import { readTimeZone } from './system/time-zone-store.ts'
import type { ToldSandbox } from './system-report.ts'
import type { ProcessFacts } from './system-status.ts'
import { TakeNotes } from './take-notes.ts'
import type { Observation } from './vision/observation.ts'

export interface RecordingLinkOptions {
  readonly config: Config
  readonly db: Db
  readonly key: Buffer
  readonly clock: Clock
  readonly log: Log
  readonly volume: { readonly id: string; readonly path: string }
  readonly statuses: CameraStatuses
  readonly onRecorded: (segments: readonly Segment[]) => void
  /** A segment was opened: room for the next one is wanted. */
  readonly onOpened: () => void
  readonly onObservation: (observation: Observation) => void
  /** Somebody records by hand until then. */
  readonly byHandUntilMs: (cameraId: string) => number | null
  /** A camera showed a TLS key. */
  readonly onKey: (shown: Extract<FromRecorder, { say: 'key' }>) => void
}

/** For cameras to send a first picture to a recorder that takes over. */
const connectPatienceMs = 6000
const retryMs = 2000

type VisionFacts = Extract<FromRecorder, { say: 'vision' }>
type Tried = Extract<FromRecorder, { say: 'tried' }>

export class RecordingLink {
  readonly recorder: RecorderProcess
  readonly hub: LiveHub
  readonly notes: TakeNotes
  readonly #options: RecordingLinkOptions
  readonly #feeds: FeedPipe
  readonly #launcher: Launcher
  #vision: VisionFacts = { say: 'vision', state: 'starting', pid: null, restarts: 0, givenUp: [] }
  readonly #tried = new Map<ProcessName, Tried>()
  #disk: { readonly state: VolumeState; readonly problem: string | null } | undefined
  #indexProblem: string | null = null
  /** Cameras that were enabled when the recorder was last told. */
  #enabled: ReadonlySet<string> | undefined
  readonly #closing = new AbortController()
  #hasStarted = false
  /** What an earlier recorder left is not in the index yet: the one that runs now connects, and writes nothing. */
  #isStandby = true
  /** Cameras as the recorder was last told, for the next one while the database does not answer. */
  #told: RecordedCamera[] | undefined
  #goneMs: number | undefined
  #settling: Promise<void> = Promise.resolve()
  #configuring: Promise<void> = Promise.resolve()

  constructor(options: RecordingLinkOptions) {
    this.#options = options
    const { config, clock, log, statuses } = options
    this.#launcher = recorderLauncher(config, [options.volume.path], log)
    this.recorder = new RecorderProcess({
      config,
      launcher: this.#launcher,
      clock,
      log,
      onReady: (livePipe) => {
        this.#feeds.attach(livePipe)
        if (this.#hasStarted) void this.configure()
      },
      onMessage: (message) => this.#receive(message),
      onGone: () => this.#recorderGone(),
    })
    this.#feeds = new FeedPipe({
      ask: (request) => this.recorder.send({ do: 'live', request }),
      onNonsense: (error) => log.error({ err: error }, 'the recorder wrote nonsense into the live pipe'),
    })
    this.hub = new LiveHub((cameraId, stream, onFrame, onState) => {
      const feed = this.#feeds.open(cameraId, stream, onFrame)
      const tell = () => {
        const { state, sinceMs, problem, nextTryMs } = statuses.get(cameraId, true, clock.nowMs())
        // All viewers of a feed get the same: no sentence that names a host.
        onState({ kind: 'state', state, sinceMs, problem: problem && plainProblem(state), nextTryMs })
      }
      tell()
      const stopListening = statuses.onChange((changed) => changed === cameraId && tell())
      return {
        close: () => {
          stopListening()
          feed.close()
        },
      }
    })
    this.notes = new TakeNotes({
      db: options.db,
      clock,
      log,
      acknowledge: (n) => this.recorder.send({ do: 'ack', n }),
      onAdded: options.onRecorded,
      onRefused: (why) => {
        this.#indexProblem = `A segment was not added to the index: ${why}`
      },
      readJournal: () => readJournal(join(config.dataDir, 'journal'), this.recorder.runId ?? ''),
    })
  }

  /** Starts a recorder; it takes over from an orphan in its own time (`settled`). */
  async start(): Promise<void> {
    this.recorder.start()
    await this.recorder.ready()
    this.#hasStarted = true
    const orphan = await this.recorder.findOrphan()
    if (orphan) await this.configure()
    this.#settling = this.#settle(orphan && (() => this.#takeOver(orphan)))
    if (!orphan) await this.#settling
  }

  /** Resolves when nothing that an earlier recorder wrote can change any more, and all of it is in the index. */
  settled(): Promise<void> {
    return this.#settling
  }

  /** The recorder takes over the cameras as they are in the database now. One after the other, the last one wins. */
  configure(): Promise<void> {
    this.#configuring = this.#configuring
      .then(() => this.#configure())
      .catch((error: unknown) => {
        this.#options.log.error({ err: error }, 'the recorder could not be told about the cameras; it is tried again')
        void this.#configureLater()
      })
    return this.#configuring
  }

  get processes(): readonly ProcessFacts[] {
    const { state, pid, restarts } = this.#vision
    return [
      { name: 'recorder', pid: this.recorder.pid, state: this.recorder.state, restarts: this.recorder.restarts },
      { name: 'vision', pid, state, restarts },
    ]
  }

  /** What holds a child back as it found itself, and what it was started without. */
  told(process: ProcessName): ToldSandbox | undefined {
    const tried = this.#tried.get(process)
    return tried && (process === 'recorder' ? { ...tried, missing: this.#launcher.missing } : tried)
  }

  /** Cameras whose pictures ended vision too often. */
  get givenUp(): readonly string[] {
    return this.#vision.givenUp
  }

  /** What the recorder knows of the volume from its writes. */
  get disk(): { readonly state: VolumeState; readonly problem: string | null } | undefined {
    return this.#disk
  }

  get problems(): readonly string[] {
    return [this.#disk?.problem ?? null, this.#indexProblem].filter((problem) => problem !== null)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.hub.close()
    await this.recorder.close()
    await this.notes.close()
    await this.#settling
  }

  #receive(message: FromRecorder): void {
    const { statuses, onObservation, onOpened, onKey } = this.#options
    switch (message.say) {
      case 'notes':
        this.notes.receive(message.notes)
        if (message.notes.some(({ note }) => note === 'opened')) onOpened()
        break
      case 'camera':
        statuses.set(message.cameraId, message.status)
        break
      case 'key':
        onKey(message)
        break
      case 'observation':
        onObservation(message.observation)
        break
      case 'disk':
        this.#disk = { state: message.state, problem: message.problem }
        break
      case 'tried':
        this.#tried.set(message.process, message)
        break
      case 'vision':
        this.#vision = message
        break
      default:
    }
  }

  #recorderGone(): void {
    const { clock, statuses } = this.#options
    this.notes.recorderGone()
    statuses.clear()
    this.#vision = { say: 'vision', state: 'stopped', pid: null, restarts: 0, givenUp: [] }
    // One that dies in standby leaves nothing; the orphan whose place it was to take still writes.
    if (this.#isStandby || this.#closing.signal.aborted) return
    this.#isStandby = true
    this.#goneMs = clock.nowMs()
    this.#settling = this.#settle()
  }

  async #configure(): Promise<void> {
    const { db, clock } = this.#options
    // In standby what was told last is good enough, and quicker than a database in trouble.
    const cameras = (this.#isStandby && this.#told) || (await this.#readCameras())
    this.#told = cameras
    const newest = cameras.map(({ last }) => last)
    const clockEpoch = this.#isStandby ? 0 : clockEpochToBegin(await newestClockEpoch(db), newest, clock.nowMs())
    this.#tell(cameras, clockEpoch, this.#isStandby)
  }

  #tell(told: RecordedCamera[], clockEpoch: number, isStandby: boolean): void {
    // Of now: it may have been taken back while the cameras were read.
    const cameras = told.map((one) => ({ ...one, byHandUntilMs: this.#options.byHandUntilMs(one.id) }))
    const { id, path } = this.#options.volume
    const endsWithControl = this.#options.config.isThrowAway
    this.recorder.send({ do: 'configure', cameras, volume: { id, path }, clockEpoch, isStandby, endsWithControl })
  }

  async #readCameras(): Promise<RecordedCamera[]> {
    const { db, key, clock } = this.#options
    const cameras: RecordedCamera[] = []
    const enabled = new Set<string>()
    const zone = await readTimeZone(db)
    for (const camera of await listCameras(db, 'all')) {
      const { location: _, liveMode: _2, keepDays: _3, order: _4, schedule: week, ...settings } = camera.settings
      if (settings.enabled) enabled.add(camera.id)
      // A camera that was switched on just now owes nothing for the time before.
      const owesThePast = this.#enabled?.has(camera.id) ?? true
      cameras.push({
        ...settings,
        schedule: settings.mode === 'scheduled' ? { week, timeZone: zone } : null,
        id: camera.id,
        byHandUntilMs: null,
        password: (await readPassword(db, key, camera.id)) ?? '',
        keys: await trustedKeys(db, camera.id),
        last: await this.#readChainEnd(await lastSegment(db, camera.id, 'main')),
        coveredUntilMs: owesThePast ? await coveredUntil(db, camera.id, clock.nowMs()) : null,
      })
    }
    this.#enabled = enabled
    return cameras
  }

  /** The database does not answer: a recorder in standby records as it was last told, with a chain that begins anew. */
  async #configureLater(): Promise<void> {
    const { clock } = this.#options
    if (this.#goneMs !== undefined && this.#told) {
      const cameras = this.#told.map((camera) => ({ ...camera, last: null, coveredUntilMs: this.#goneMs ?? null }))
      this.#tell(cameras, 0, false)
    }
    await clock.sleep(retryMs, this.#closing.signal).catch(() => {})
    if (!this.#closing.signal.aborted) await this.configure()
  }

  /** Where a stream's chain goes on; its place in the chain stands in the last file only. */
  async #readChainEnd(last: Segment | undefined): Promise<RecordedCamera['last']> {
    if (!last) return null
    const { sha256, endMs, clockEpoch } = last
    try {
      await using file = await openSegmentFile(join(this.#options.volume.path, segmentPath(last)))
      const found = await readSegmentHead(readFrom(file), last.sizeBytes)
      return { sha256, endMs, clockEpoch, seq: found?.head.seq ?? 0 }
    } catch {
      return { sha256, endMs, clockEpoch, seq: 0 } // Its disk is away or it was deleted: the hash still links.
    }
  }

  /**
   * Brings what earlier recorders left into the index, then lets ours record: its first segments name the hashes of the
   * recovered ones. While the database is away it records all the same.
   */
  async #settle(first: () => Promise<void> = async () => {}): Promise<void> {
    const { clock, log } = this.#options
    await first()
    for (let isDone = false; !isDone && !this.#closing.signal.aborted; ) {
      try {
        await this.#settleJournals()
        isDone = true
      } catch (error) {
        log.error({ err: error }, 'an earlier recorder’s journal could not be taken over; it is tried again')
      }
      if (this.#isStandby) {
        this.#isStandby = false
        await this.configure()
      }
      if (!isDone) await clock.sleep(retryMs, this.#closing.signal).catch(() => {})
    }
  }

  /** Ours is connected, too, before the orphan is asked to end: nothing is lost but where a camera allows one connection. */
  async #takeOver(orphan: LockHolder): Promise<void> {
    const { clock, statuses } = this.#options
    const untilMs = clock.monotonicMs() + connectPatienceMs
    const isWaiting = () =>
      [...(this.#enabled ?? [])].some((id) => statuses.get(id, true, clock.nowMs()).state === 'connecting')
    while (isWaiting() && clock.monotonicMs() < untilMs && !this.#closing.signal.aborted)
      await clock.sleep(20, this.#closing.signal).catch(() => {})
    await this.recorder.endOrphan(orphan)
  }

  /** Journals of runs that are over: notes into the index, open files closed, journals deleted. */
  async #settleJournals(): Promise<void> {
    const { config, db, log, volume } = this.#options
    const folder = join(config.dataDir, 'journal')
    for (const runId of await listJournals(folder)) {
      if (runId === this.recorder.runId) continue
      let batch: NumberedNote[] = []
      for await (const note of readJournal(folder, runId)) {
        batch.push(note)
        if (batch.length < notesPerBatch) continue
        await applyNotes(db, batch, log)
        batch = []
      }
      await applyNotes(db, batch, log)
      let n = 0
      const recovered: NumberedNote[] = []
      for (const opened of await unfinishedSegments(readJournal(folder, runId)))
        recovered.push({ n: ++n, ...(await recoverSegment(volume.path, opened)) })
      await applyNotes(db, recovered, log)
      await unlink(journalPath(folder, runId))
      log.info({ runId, recovered: recovered.length }, 'the notes of an earlier recorder were taken over')
    }
  }
}

/**
 * End of the last footage or gap that the ledger has, up to now: what a clock that was days ahead left in the future says
 * nothing about the time until then.
 */
async function coveredUntil(db: Db, cameraId: string, nowMs: number): Promise<number | null> {
  const footage = await db
    .selectFrom('segment')
    .select('end_ms')
    .where('camera_id', '=', cameraId)
    .where('stream', '=', 'main')
    .where('start_ms', '<=', nowMs)
    .orderBy('start_ms', 'desc')
    .limit(1)
    .executeTakeFirst()
  const gap = await db
    .selectFrom('gap')
    .select('end_ms')
    .where('camera_id', '=', cameraId)
    .where('start_ms', '<=', nowMs)
    .orderBy('start_ms', 'desc')
    .limit(1)
    .executeTakeFirst()
  const ends = [footage?.end_ms, gap?.end_ms].filter((end) => end !== undefined)
  return ends.length > 0 ? Math.min(nowMs, Math.max(...ends)) : null
}
