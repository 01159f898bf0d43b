/**
 * Control's end of recording: keeps a recorder running with the cameras of the database, takes its notes into the index,
 * its pictures to viewers, its states to pages.
 * Not here: how one recorder follows another (recorder-succession.ts), what it is told of a camera (recorder-cameras.ts).
 */
import { join } from 'node:path'
import type { ProcessName } from '@vedette/shared/sandbox.ts'
import type { VolumeState } from '@vedette/shared/storage.ts'
import type { CameraStatuses } from './cameras/camera-statuses.ts'
import { plainProblem } from './cameras/shown-status.ts'
import { recorderLauncher } from './child-launchers.ts'
import type { Config } from './config.ts'
import type { Db } from './db/database.ts'
import type { Clock } from './lib/clock.ts'
import type { Log } from './lib/log.ts'
import { within } from './lib/within.ts'
import { FeedPipe } from './live/feed-pipe.ts'
import { LiveHub } from './live/live-hub.ts'
import { LedgerEnds } from './record/ledger-ends.ts'
import { LeftJournals } from './record/left-journals.ts'
import { readJournal } from './record/read-journal.ts'
import type { Segment } from './record/segment-store.ts'
import { RecorderCameras, type ToldCameras } from './recorder-cameras.ts'
import type { FromRecorder } from './recorder-messages.ts'
import { endOrphan, findOrphan } from './recorder-orphan.ts'
import { RecorderProcess } from './recorder-process.ts'
import { patienceMs, RecorderSuccession } from './recorder-succession.ts'
import { endLeftBoxes } from './sandbox/end-left-boxes.ts'
import type { Launcher } from './sandbox/launcher.ts'
import { processWithin } from './sandbox/process-facts.ts'
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

const retryMs = 2000
const leftBoxMs = 5000

type VisionFacts = Extract<FromRecorder, { say: 'vision' }>
type Tried = Extract<FromRecorder, { say: 'tried' }>

export class RecordingLink {
  readonly recorder: RecorderProcess
  readonly hub: LiveHub
  readonly notes: TakeNotes
  readonly #options: RecordingLinkOptions
  readonly #feeds: FeedPipe
  readonly #launcher: Launcher
  readonly #ends = new LedgerEnds()
  readonly #cameras: RecorderCameras
  readonly #succession: RecorderSuccession
  #vision: VisionFacts = { say: 'vision', state: 'starting', pid: null, restarts: 0, givenUp: [] }
  readonly #tried = new Map<ProcessName, Tried>()
  #disk: { readonly state: VolumeState; readonly problem: string | null } | undefined
  #indexProblem: string | null = null
  #foreignRecorder: string | null = null
  readonly #closing = new AbortController()
  #hasStarted = false
  #isToldLater = false
  #isReadLate = false
  #configuring: Promise<void> = Promise.resolve()

  constructor(options: RecordingLinkOptions) {
    this.#options = options
    const { config, clock, log, statuses } = options
    this.#launcher = recorderLauncher(config, [options.volume.path], log)
    const { db, key, volume } = options
    const folder = join(config.dataDir, 'journal')
    const ends = this.#ends
    this.#cameras = new RecorderCameras({ db, key, clock, volumePath: volume.path, ends })
    this.#succession = new RecorderSuccession({
      clock,
      log,
      left: new LeftJournals({ folder, volumePath: volume.path, db, log, onNote: (note) => ends.take(note) }),
      configure: () => this.configure(),
      waiting: () => this.#waiting(),
      endOrphan: (orphan, signal) =>
        endOrphan({
          ...{ dataDir: config.dataDir, orphan, clock, log, signal },
          onForeign: (problem) => {
            this.#foreignRecorder = problem
          },
        }),
    })
    this.recorder = new RecorderProcess({
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
      db,
      clock,
      log,
      acknowledge: (n) => this.recorder.send({ do: 'ack', n }),
      onAdded: options.onRecorded,
      onRefused: (why) => {
        this.#indexProblem = `A segment was not added to the index: ${why}`
      },
      readJournal: () => readJournal(folder, this.recorder.runId ?? ''),
    })
  }

  /** Starts a recorder; it takes over from an orphan in its own time (`settled`), and from journals in some seconds at most. */
  async start(): Promise<void> {
    this.recorder.start()
    await this.recorder.ready()
    this.#hasStarted = true
    const orphan = await findOrphan(this.#options.config.dataDir)
    if (orphan) await this.configure()
    this.#succession.begin(orphan, this.recorder.runId)
    void this.#endLeftBoxes()
    if (!orphan) await this.#succession.settledSoon()
  }

  /** Resolves when nothing that an earlier recorder wrote can change any more, and all of it is in the index. */
  settled(): Promise<void> {
    return this.#succession.settled()
  }

  /** The recorder takes over the cameras as they are in the database now. One after the other, the last one wins. */
  configure(): Promise<void> {
    this.#configuring = this.#configuring.then(() => this.#configure())
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
    return [this.#disk?.problem ?? null, this.#indexProblem, this.#foreignRecorder].filter(
      (problem) => problem !== null,
    )
  }

  async close(): Promise<void> {
    this.#closing.abort()
    const settled = this.#succession.close()
    this.hub.close()
    await this.recorder.close()
    await this.notes.close()
    await settled
  }

  #receive(message: FromRecorder): void {
    const { statuses, onObservation, onOpened, onKey } = this.#options
    switch (message.say) {
      case 'notes':
        for (const note of message.notes) this.#ends.take(note)
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
        this.#vision = { ...message, pid: message.pid === null ? null : processWithin(message.pid) }
        break
      default:
    }
  }

  #recorderGone(): void {
    this.notes.recorderGone()
    this.#options.statuses.clear()
    this.#vision = { say: 'vision', state: 'stopped', pid: null, restarts: 0, givenUp: [] }
    this.#succession.recorderGone()
    void this.#endLeftBoxes()
  }

  /** What a recorder that was killed while it started vision left behind, when it has had time to end by itself. */
  async #endLeftBoxes(): Promise<void> {
    await this.#options.clock.sleep(leftBoxMs, this.#closing.signal).catch(() => {})
    if (this.#closing.signal.aborted) return
    const ended = await endLeftBoxes()
    if (ended.length > 0) this.#options.log.warn({ ended }, 'an earlier recorder left half a sandbox; it was ended')
  }

  async #configure(): Promise<void> {
    const { clock, log } = this.#options
    const { isStandby, goneMs } = this.#succession
    const known = await this.#cameras.remember(goneMs)
    // In standby what was told last is good enough, and quicker than a database in trouble.
    if (isStandby && known) return this.#tell(known)
    const late = new AbortController()
    // One that was late once may need more; until then the recorder works as it was told before.
    const limitMs = this.#isReadLate ? 2 * patienceMs : patienceMs
    try {
      this.#tell(await within(clock, limitMs, this.#cameras.read(late.signal)))
      this.#isReadLate = false
    } catch (error) {
      late.abort()
      this.#isReadLate = true
      log.error({ err: error }, 'the recorder could not be told about the cameras; it is tried again')
      if (known) this.#tell(known)
      void this.#configureLater()
    }
  }

  #tell({ cameras: told, clockEpoch }: ToldCameras): void {
    // Of now: it may have been taken back while the cameras were read.
    const cameras = told.map((one) => ({ ...one, byHandUntilMs: this.#options.byHandUntilMs(one.id) }))
    const { id, path } = this.#options.volume
    const { isStandby } = this.#succession
    const endsWithControl = this.#options.config.isThrowAway
    const epoch = isStandby ? 0 : clockEpoch
    this.recorder.send({
      do: 'configure',
      cameras,
      volume: { id, path },
      clockEpoch: epoch,
      isStandby,
      endsWithControl,
    })
  }

  async #configureLater(): Promise<void> {
    if (this.#isToldLater) return
    this.#isToldLater = true
    await this.#options.clock.sleep(retryMs, this.#closing.signal).catch(() => {})
    this.#isToldLater = false
    if (!this.#closing.signal.aborted) await this.configure()
  }

  /** How many cameras of ours have sent no picture yet; and vision, without which an event would be missed. */
  #waiting(): number | undefined {
    const { statuses, clock } = this.#options
    const { enabled } = this.#cameras
    if (!enabled) return undefined
    const isConnecting = (id: string) => statuses.get(id, true, clock.nowMs()).state === 'connecting'
    return [...enabled].filter(isConnecting).length + (this.#vision.state === 'starting' ? 1 : 0)
  }
}
