/**
 * One camera inside the recorder: its connections, what is written, what is watched, and how it does.
 * Changing a camera closes this and makes a new one; there is no reload in place.
 */
import type { CameraStatus, StreamName } from '@vedette/shared/camera.ts'
import { triesAnew } from './ingest/back-off.ts'
import { CameraSource } from './ingest/camera-source.ts'
import type { WallClock } from './ingest/wall-clock.ts'
import type { Clock } from './lib/clock.ts'
import type { Log } from './lib/log.ts'
import { annexB, type Packet, type VideoCodec } from './lib/packet.ts'
import type { FeedSource } from './live/live-feed.ts'
import { openSession } from './open-session.ts'
import type { RecordingVolume } from './record/disk-health.ts'
import type { Journal } from './record/journal.ts'
import { RecordStream, type RecordStreamOptions } from './record/record-stream.ts'
import type { FromRecorder, RecordedCamera } from './recorder-messages.ts'
import { placeOf } from './rtsp/rtsp-address.ts'
import type { VisionProcess } from './vision/vision-process.ts'

export interface RecorderShared {
  readonly clock: Clock
  readonly wall: WallClock
  readonly log: Log
  readonly runId: string
  readonly volume: RecordingVolume
  readonly journal: Journal
  readonly allowLoopback: boolean
  readonly vision: VisionProcess
  readonly onStatus: (cameraId: string, status: CameraStatus) => void
  readonly onKey: (shown: Omit<Extract<FromRecorder, { say: 'key' }>, 'say'>) => void
}

/** While nobody watches live, bytes are read together: fewer wake-ups for the same footage. */
const idleReadMs = 200
/** Before recording begins: footage up to now is wanted from where an earlier recorder ended (recording-link.ts). */
const standbyKeepMs = 20_000
const factsEveryMs = 5000
/** A GOP and a slow disk: longer without a segment is trouble. */
const writingPatienceMs = 20_000
/** Decoding more for one JPEG would take longer than it is worth. */
const maxPicturesToDecode = 60
/** A person who just added the camera waits for its facts. */
const firstFactsMs = [1000, 2000, 3500]

export class RecorderCamera {
  readonly camera: RecordedCamera
  readonly #shared: RecorderShared
  readonly #bornMs: number
  readonly #sources = new Map<StreamName, CameraSource>()
  readonly #viewers: Record<StreamName, number> = { main: 0, sub: 0 }
  /** undefined: in standby, connected and watched. */
  #record: RecordStream | undefined
  readonly #telling: readonly NodeJS.Timeout[]
  readonly #stopWatching: () => void
  readonly #keys: Record<StreamName, string | null>
  #missingSinceMs: number | undefined
  #hasMotion = false
  /** What moved in standby, for an event that is to be recorded then. */
  #seen: RecordStreamOptions['seen']
  /** Since this capture time vision has looked for movement in standby. */
  #watchedFromMs: number | undefined
  #byHandUntilMs: number | null = null
  #told = ''

  constructor(camera: RecordedCamera, shared: RecorderShared) {
    this.camera = camera
    this.#shared = shared
    this.#bornMs = shared.clock.monotonicMs()
    this.#keys = { ...camera.keys }
    const log = shared.log.child({ camera: camera.id })
    for (const [stream, address] of [
      ['main', camera.address],
      ['sub', camera.subAddress],
    ] as const)
      if (address !== null) this.#sources.set(stream, this.#openSource(stream, address, log))
    const watch = shared.vision.watch(camera.id, camera.motion.enabled ? camera.motion : null)
    const untap = this.#watched.bus.tap((packet) => {
      if (!this.#record && shared.vision.isWatching) this.#watchedFromMs ??= packet.captureMs
      watch.take(packet)
    })
    this.#stopWatching = () => {
      untap()
      watch.close()
    }
    this.#main.bus.keep(standbyKeepMs)
    for (const source of this.#sources.values()) source.start()
    this.#telling = [
      setInterval(() => this.#tell(true), factsEveryMs),
      ...firstFactsMs.map((ms) => setTimeout(() => this.#tell(true), ms)),
    ]
  }

  /** Ends standby: what the bus kept is recorded from where the ledger and the chain end. Does nothing when it records. */
  record({
    last,
    coveredUntilMs,
    byHandUntilMs,
  }: Pick<RecordedCamera, 'last' | 'coveredUntilMs' | 'byHandUntilMs'>): void {
    if (this.#record) return
    const { clock, wall, runId, volume, journal, log } = this.#shared
    this.#record = new RecordStream({
      cameraId: this.camera.id,
      stream: 'main',
      source: this.#main.bus,
      offeredAudio: () => this.#main.offeredAudio,
      settings: this.camera,
      volume,
      journal,
      runId,
      previous: last ?? undefined,
      coveredUntilMs: coveredUntilMs ?? undefined,
      cameraState: this.#main.state.state,
      byHandForMs: byHandUntilMs === null ? 0 : byHandUntilMs - wall.nowMs(),
      seen: this.#seen,
      watchedFromMs: this.camera.motion.enabled ? this.#watchedFromMs : undefined,
      clock,
      wall,
      log: log.child({ camera: this.camera.id }),
    })
    this.#byHandUntilMs = byHandUntilMs
    this.#main.bus.keep(this.#keepMs)
    for (const [stream, source] of this.#sources) if (this.#viewers[stream] === 0) source.setReadEvery(idleReadMs)
    this.#tell(false)
  }

  /** Records up to the next key frame, where another recorder begins. */
  async recordToKey(): Promise<void> {
    await this.#record?.closeAtKey()
  }

  /** In standby, and without pictures: perhaps because an earlier recorder was connected. */
  get isRefusedInStandby(): boolean {
    const connectingForMs = this.#shared.clock.monotonicMs() - this.#bornMs
    return !this.#record && triesAnew(this.#main.state.state, connectingForMs)
  }

  /** A stream's picture of now, for a JPEG: its last group of pictures as Annex-B. */
  lastPictures(stream: StreamName): { codec: VideoCodec; units: Buffer[]; captureMs: number } | undefined {
    const source = this.#sources.get(stream) ?? this.#main
    const packets: Packet[] = []
    source.bus.tap((packet) => {
      if (packet.format.kind === 'video') packets.push(packet)
    }, 'last-key')()
    const last = packets.at(-1)
    if (last?.format.kind !== 'video') return undefined
    // Of a long group the key frame is enough: a picture a few seconds old, now.
    const wanted = packets.length > maxPicturesToDecode ? packets.slice(0, 1) : packets
    return { codec: last.format.codec, units: wanted.map(annexB), captureMs: wanted.at(-1)?.captureMs ?? 0 }
  }

  /** What a live feed reads; while one does, bytes are read as they come. */
  feedSource(stream: StreamName): FeedSource | undefined {
    const source = this.#sources.get(stream)
    if (!source) return undefined
    const viewers = this.#viewers
    return {
      audioFormat: () => source.audioFormat,
      tap: (take) => {
        viewers[stream] += 1
        source.setReadEvery(0)
        const untap = source.bus.tap(take, 'last-key')
        return () => {
          untap()
          viewers[stream] -= 1
          if (viewers[stream] === 0 && this.#record) source.setReadEvery(idleReadMs)
        }
      },
    }
  }

  /** The keys by which its streams are known, those included that were first seen here. */
  get keys(): RecordedCamera['keys'] {
    return this.#keys
  }

  get isRecording(): boolean {
    return this.#record?.isRecording ?? false
  }

  /** Something moves at `atMs` (capture time): event mode records; pages show it. */
  motion(isMoving: boolean, atMs: number): void {
    this.#hasMotion = isMoving
    if (isMoving && this.#record) this.#record.trigger(atMs)
    else if (isMoving) this.#seen = { fromMs: this.#seen?.fromMs ?? atMs, lastMs: atMs }
    this.#tell(false)
  }

  /** Records by hand until then, whatever the mode; a time that is past ends it. */
  recordUntil(untilMs: number): void {
    this.#byHandUntilMs = untilMs
    this.#record?.override(true, Math.max(0, untilMs - this.#shared.wall.nowMs()))
    this.#tell(false)
  }

  clockStepped(deltaMs: number): void {
    this.#record?.clockStepped(deltaMs)
  }

  /** Where the main stream's chain and time go on, for the camera's next life in this recorder. */
  get chainEnd(): RecordedCamera['last'] {
    return this.#record?.chainEnd ?? null
  }

  /** The stream that vision watches: sub, or main where there is no sub. */
  get #watched(): CameraSource {
    return this.#sources.get('sub') ?? this.#main
  }

  async close(): Promise<void> {
    this.#stopWatching()
    for (const timer of this.#telling) clearTimeout(timer)
    await this.#record?.close()
    await Promise.all([...this.#sources.values()].map((source) => source.close()))
  }

  get #main(): CameraSource {
    const main = this.#sources.get('main')
    if (!main) throw new Error('a camera has a main stream')
    return main
  }

  /** Pre-roll, of which vision hears late. */
  get #keepMs(): number {
    return mayWaitForEvents(this.camera) ? this.camera.preRollMs + 3000 : 0
  }

  /** The key by which the other stream knows the same machine: a stream that is added later trusts no other. */
  #keyAt(place: string): string | null {
    const { address, subAddress } = this.camera
    const isMain = placeOf(address) === place
    const isSub = subAddress !== null && placeOf(subAddress) === place
    return (isMain ? this.#keys.main : null) ?? (isSub ? this.#keys.sub : null)
  }

  #openSource(stream: StreamName, address: string, log: Log): CameraSource {
    const { camera } = this
    const { clock, wall, allowLoopback, onKey } = this.#shared
    const { username, password, transport } = camera
    const target = { address, username, password, transport, withAudio: stream === 'main' }
    return new CameraSource({
      openSession: openSession(target, {
        clock,
        allowLoopback,
        trustedKey: () => this.#keys[stream] ?? this.#keyAt(placeOf(address)),
        onKey: (keySha256, isAccepted) => {
          if (isAccepted) this.#keys[stream] = keySha256
          onKey({ cameraId: camera.id, stream, address, keySha256, isAccepted })
        },
      }),
      clock,
      wall,
      log: log.child({ room: 'ingest', stream }),
      keepMs: stream === 'main' ? this.#keepMs : 0,
      onState: (state) => {
        if (stream === 'main') this.#record?.cameraStateChanged(state.state)
        this.#tell(false)
      },
    })
  }

  get #isByHand(): boolean {
    return this.#byHandUntilMs !== null && this.#byHandUntilMs > this.#shared.wall.nowMs()
  }

  /** Pictures come, footage is wanted, and none is written: a person must know, whatever the reason. */
  #writingProblem(isOnline: boolean): string | null {
    const nowMs = this.#shared.clock.monotonicMs()
    const isMissing = isOnline && (this.#record?.isWanted ?? false) && !this.isRecording
    this.#missingSinceMs = isMissing ? (this.#missingSinceMs ?? nowMs) : undefined
    if (this.#missingSinceMs === undefined || nowMs - this.#missingSinceMs < writingPatienceMs) return null
    return 'The pictures arrive, but they cannot be recorded. Look at the storage page and the log.'
  }

  /** Facts change all the time and are told every 5 s; what a person waits for is told at once. */
  #tell(withFacts: boolean): void {
    const main = this.#main
    const isOnline = main.state.state === 'online'
    const status: CameraStatus = {
      ...main.state,
      problem: main.state.problem ?? this.#writingProblem(isOnline),
      // A camera that went away leaves its segment open for some seconds: nothing is being recorded all the same.
      recording: isOnline && this.isRecording,
      byHandUntilMs: this.#isByHand ? this.#byHandUntilMs : null,
      motion: isOnline && this.#hasMotion,
      clockOffsetMs: main.clockOffsetMs,
      main: main.facts(),
      sub: this.#sources.get('sub')?.facts() ?? null,
    }
    const { state, problem, nextTryMs, recording, motion, byHandUntilMs } = status
    const news = JSON.stringify([state, problem, nextTryMs, recording, motion, byHandUntilMs])
    if (!withFacts && news === this.#told) return
    this.#told = news
    this.#shared.onStatus(this.camera.id, status)
  }
}

function mayWaitForEvents({ mode, schedule }: RecordedCamera): boolean {
  return mode === 'event' || (schedule?.week.some((day) => day.includes('e')) ?? false)
}
