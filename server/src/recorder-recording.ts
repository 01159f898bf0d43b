/** All cameras of a recorder process: makes and closes them as control says, and answers what it asks. */
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { isDeepStrictEqual } from 'node:util'
import { streamName } from '@vedette/shared/camera.ts'
import { visionLauncher } from './child-launchers.ts'
import type { Config } from './config.ts'
import { WallClock } from './ingest/wall-clock.ts'
import { AppError } from './lib/app-error.ts'
import type { Clock } from './lib/clock.ts'
import type { Log } from './lib/log.ts'
import { newId } from './lib/new-id.ts'
import { annexB, type VideoCodec } from './lib/packet.ts'
import { LiveFeeds } from './live/live-feed.ts'
import { PreviewWriter } from './live/preview-file.ts'
import { cameraConnect } from './net/connect.ts'
import { RecordingVolume } from './record/disk-health.ts'
import { Journal } from './record/journal.ts'
import type { NumberedNote } from './record/note.ts'
import { RecorderCamera } from './recorder-camera.ts'
import type { Failure, FromRecorder, RecordedCamera, ToRecorder } from './recorder-messages.ts'
import { probeRtsp } from './rtsp/probe-rtsp.ts'
import { splitAddress } from './rtsp/rtsp-address.ts'
import type { DeedsToTry } from './sandbox/try-deeds.ts'
import type { Observation } from './vision/observation.ts'
import { VisionProcess } from './vision/vision-process.ts'

export interface RecordingOptions {
  readonly config: Config
  readonly clock: Clock
  readonly log: Log
  readonly livePipe: Writable
  readonly send: (message: FromRecorder) => void
}

/** What neither recorder nor vision may be able to do. */
export function deedsOf({ keyPlace, database }: Config): DeedsToTry {
  return {
    keyPath: keyPlace.path,
    databasePath: database.kind === 'sqlite' ? database.path : null,
    programPath: join(import.meta.dirname, 'main.ts'),
    parentId: process.pid,
  }
}

interface Pictures {
  /** Whose they are; missing: a camera that is tried out. */
  readonly cameraId?: string
  readonly codec: VideoCodec
  readonly units: readonly Uint8Array[]
  readonly captureMs: number
}

/** Wide enough for the page that shows the probe's picture. */
const probeWidth = 640

type Configure = Extract<ToRecorder, { do: 'configure' }>
type Probe = Extract<ToRecorder, { do: 'probe' }>

export class Recording {
  readonly runId: string
  readonly #options: RecordingOptions
  readonly #journal: Journal
  readonly #feeds: LiveFeeds
  readonly #closing = new AbortController()
  readonly #vision: VisionProcess
  readonly #previews = new PreviewWriter()
  #notes: NumberedNote[]
  #wall: WallClock | undefined
  #volume: RecordingVolume | undefined
  #cameras = new Map<string, RecorderCamera>()
  readonly #chainEnds = new Map<string, RecordedCamera['last']>()
  /** The last word on recording by hand: it may come while a camera is being made anew. */
  readonly #byHandUntilMs = new Map<string, number | null>()
  #configuring: Promise<void> = Promise.resolve()

  private constructor(options: RecordingOptions, runId: string, journal: Journal, notes: NumberedNote[]) {
    this.#options = options
    this.runId = runId
    this.#journal = journal
    this.#notes = notes
    const { clock, log, send } = options
    this.#vision = new VisionProcess({
      program: join(import.meta.dirname, 'vision-main.ts'),
      launcher: visionLauncher(log),
      clock,
      log,
      onObservation: (observation) => this.#seen(observation),
      onPreview: (cameraId, atMs, jpeg) => void this.#keepPreview(cameraId, atMs, jpeg),
      onFacts: (facts) => send({ say: 'vision', ...facts, givenUp: [...facts.givenUp] }),
      deeds: deedsOf(options.config),
      onTried: ({ hasNodePermissions, tried, missing }) =>
        send({ say: 'tried', process: 'vision', hasNodePermissions, tried: [...tried], missing }),
    })
    this.#vision.start()
    this.#feeds = new LiveFeeds({
      pipe: options.livePipe,
      findSource: (cameraId, stream) => this.#cameras.get(cameraId)?.feedSource(stream),
    })
  }

  static async open(options: RecordingOptions): Promise<Recording> {
    const { clock, log, config, send } = options
    const runId = newId(clock.nowMs())
    // Notes of one turn of the event loop travel together.
    const notes: NumberedNote[] = []
    const journal = await Journal.open({
      folder: join(config.dataDir, 'journal'),
      runId,
      clock,
      log,
      send: (note) => {
        if (notes.push(note) === 1) setImmediate(() => send({ say: 'notes', notes: notes.splice(0) }))
      },
    })
    return new Recording(options, runId, journal, notes)
  }

  handle(message: ToRecorder): void {
    switch (message.do) {
      case 'configure':
        for (const { id, byHandUntilMs } of message.cameras) this.#byHandUntilMs.set(id, byHandUntilMs)
        this.#configuring = this.#configuring.then(() => this.#configure(message))
        break
      case 'ack':
        this.#journal.ack(message.n)
        break
      case 'live':
        this.#feeds.handle(message.request)
        break
      case 'probe':
        void this.#probe(message)
        break
      case 'jpeg':
        void this.#sendJpeg(
          message.requestId,
          withCamera(message.cameraId, this.#cameras.get(message.cameraId)?.lastPictures(message.stream)),
          message.maxWidth,
        )
        break
      case 'decode':
        void this.#sendJpeg(message.requestId, { ...message, captureMs: 0 }, message.maxWidth)
        break
      case 'trigger':
        this.#byHandUntilMs.set(message.cameraId, message.untilMs)
        this.#cameras.get(message.cameraId)?.recordUntil(message.untilMs)
        break
      default:
    }
  }

  /** Every camera records up to its next key frame and no further; one that has none soon ends anywhere. */
  async recordToKey(): Promise<void> {
    await this.#configuring
    await Promise.all([...this.#cameras.values()].map((camera) => camera.recordToKey()))
  }

  /** Closes all segments; at most 9 s. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#configuring
    this.#feeds.close()
    await this.#vision.close()
    await Promise.all([...this.#cameras.values()].map((camera) => camera.close()))
    this.#options.send({ say: 'notes', notes: this.#notes.splice(0) })
    await this.#journal.close()
  }

  /** Cameras that changed are closed and made anew, all at once; the others go on untouched. */
  async #configure({ cameras, volume, clockEpoch, isStandby }: Configure): Promise<void> {
    if (this.#closing.signal.aborted) return
    const { clock, log, config, send } = this.#options
    this.#wall ??= new WallClock(clock, clockEpoch, ({ deltaMs }) => {
      for (const camera of this.#cameras.values()) camera.clockStepped(deltaMs)
    })
    if (![...this.#cameras.values()].some((camera) => camera.isRecording)) this.#wall.raiseEpoch(clockEpoch)
    if (!this.#volume) {
      this.#volume = new RecordingVolume({
        ...volume,
        clock,
        onChange: (state, problem) => send({ say: 'disk', state, problem }),
      })
      void this.#volume.watch(this.#closing.signal)
    }
    const shared = {
      clock,
      wall: this.#wall,
      log,
      runId: this.runId,
      volume: this.#volume,
      journal: this.#journal,
      vision: this.#vision,
      allowLoopback: config.allowLoopbackCameras,
      onStatus: (cameraId: string, status: Extract<FromRecorder, { say: 'camera' }>['status']) =>
        send({ say: 'camera', cameraId, status }),
      onKey: (shown: Omit<Extract<FromRecorder, { say: 'key' }>, 'say'>) => send({ say: 'key', ...shown }),
    }
    const wanted = new Map(cameras.filter((camera) => camera.enabled).map((camera) => [camera.id, camera]))
    const stale = [...this.#cameras.values()].filter(
      (camera) => !isSameCamera(camera, wanted.get(camera.camera.id)) || (!isStandby && camera.isRefusedInStandby),
    )
    await Promise.all(
      stale.map(async (camera) => {
        await camera.close()
        this.#cameras.delete(camera.camera.id)
        if (camera.chainEnd) this.#chainEnds.set(camera.camera.id, camera.chainEnd)
      }),
    )
    for (const camera of wanted.values()) {
      if (!this.#cameras.has(camera.id)) {
        this.#cameras.set(camera.id, new RecorderCamera(camera, shared))
        this.#feeds.sourceChanged(camera.id)
      }
      if (isStandby) continue
      // What control told of the chain is older than what this recorder wrote itself.
      const last = this.#chainEnds.get(camera.id) ?? camera.last
      const byHandUntilMs = this.#byHandUntilMs.get(camera.id) ?? null
      this.#cameras.get(camera.id)?.record({ last, coveredUntilMs: camera.coveredUntilMs, byHandUntilMs })
    }
  }

  async #sendJpeg(requestId: number, pictures: Pictures | undefined, maxWidth: number): Promise<void> {
    const { send } = this.#options
    try {
      const jpeg = pictures
        ? await this.#vision.decode(pictures.codec, pictures.units, maxWidth, pictures.cameraId)
        : null
      send({ say: 'jpeg', requestId, failure: null, captureMs: pictures?.captureMs ?? 0, jpeg })
    } catch (error) {
      send({ say: 'jpeg', requestId, failure: toFailure(error), captureMs: 0, jpeg: null })
    }
  }

  #seen(observation: Observation): void {
    const { cameraId, state, lastMs } = observation
    this.#cameras.get(cameraId)?.motion(state !== 'ended', lastMs)
    this.#options.send({ say: 'observation', observation })
  }

  async #keepPreview(cameraId: string, atMs: number, jpeg: Uint8Array): Promise<void> {
    const volume = this.#volume
    const camera = this.#cameras.get(cameraId)
    if (!volume?.isUsable || !camera?.isRecording) return
    try {
      await volume.write(() => this.#previews.write(volume.path, cameraId, atMs, jpeg))
    } catch (error) {
      this.#options.log.warn({ err: error, camera: cameraId }, 'a preview could not be written')
    }
  }

  async #probe({ requestId, address, username, password, transport, keySha256 }: Probe): Promise<void> {
    const { clock, config, send } = this.#options
    const nothing = { codec: null, width: null, height: null, audioCodec: null, jpeg: null }
    try {
      const found = await probeRtsp({
        address: splitAddress(address),
        username,
        password,
        transport,
        connect: cameraConnect(
          { purpose: 'camera', allowLoopback: config.allowLoopbackCameras },
          keySha256 ?? undefined,
        ),
        clock,
        signal: this.#closing.signal,
      })
      const { codec, width, height } = found.video
      // Without a picture the address is as good: vision may be starting.
      const jpeg = await this.#vision.decode(codec, [annexB(found.firstKey)], probeWidth).catch(() => null)
      const audioCodec = found.audio?.codec ?? null
      send({ say: 'probed', requestId, failure: null, codec, width, height, audioCodec, jpeg })
    } catch (error) {
      const failure = toFailure(this.#closing.signal.aborted ? ending() : error)
      send({ say: 'probed', requestId, failure, ...nothing })
    }
  }
}

/**
 * Where chain and ledger stand differs at every telling and does not make it another camera. Nor does a key that it
 * showed first here and that control does not know yet, or knows by now.
 */
function isSameCamera({ camera, keys }: RecorderCamera, wanted: RecordedCamera | undefined): boolean {
  if (!wanted) return false
  const { last, coveredUntilMs, byHandUntilMs } = camera
  const hasSameKeys = streamName.options.every((name) => [null, keys[name]].includes(wanted.keys[name]))
  return hasSameKeys && isDeepStrictEqual({ ...wanted, last, coveredUntilMs, byHandUntilMs, keys: camera.keys }, camera)
}

const withCamera = (cameraId: string, pictures: Pictures | undefined): Pictures | undefined =>
  pictures && { ...pictures, cameraId }

/** What was given up for the end's sake failed for no reason of its own. */
const ending = () => new AppError('recorder_unavailable', 'The recorder is ending. Try again in a moment.')

function toFailure(error: unknown): Failure {
  if (error instanceof AppError) return { code: error.code, message: error.message }
  throw error
}
