/**
 * Records one stream of one camera for as long as it is configured: the piece that recorder-main.ts makes per stream.
 * In:        packets from the stream's bus, triggers, somebody's hand, the camera's state. Out: files and notes.
 * Not here:  each decision by itself: event-mode.ts, recorder.ts, stream-writer.ts, coverage-notes.ts.
 * Invariant: nothing here waits on the packets' path; a change of settings makes a new RecordStream.
 */
import type { CameraState, StreamName } from '@vedette/shared/camera.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { AudioFormat, Packet } from '../lib/packet.ts'
import type { CoverageInput, Reason } from './coverage-notes.ts'
import type { RecordingVolume } from './disk-health.ts'
import {
  decide,
  endsBeforeKey,
  endsNow,
  nothingWanted,
  override,
  preRollAgoMs,
  trigger,
  type WantSettings,
} from './event-mode.ts'
import type { Journal } from './journal.ts'
import { RecordedAlready } from './recorded-already.ts'
import { Recorder } from './recorder.ts'
import { createFile, type OpenNewFile } from './segment-file.ts'
import type { ChainEnd } from './segment-writing.ts'
import { StreamLedger } from './stream-ledger.ts'
import { StreamWriter } from './stream-writer.ts'

/** ingest's PacketBus. The tap is called inside publish and ends with the function that is returned. */
export interface PacketSource {
  tap(tap: (packet: Packet) => void, startAt: 'now' | 'last-key' | { readonly msAgo: number }): () => void
}
/** The stream's last segment of the run before: its hash to chain on, its end not to overlap. */
export interface PreviousSegment extends ChainEnd {
  readonly endMs: number
  readonly clockEpoch: number
}

export interface RecordStreamOptions {
  readonly cameraId: string
  readonly stream: StreamName
  readonly source: PacketSource
  /** The sound that the camera announced (Recorder). */
  readonly offeredAudio?: (() => AudioFormat | undefined) | undefined
  readonly settings: WantSettings & { readonly recordAudio: boolean }
  readonly volume: RecordingVolume
  readonly journal: Pick<Journal, 'note' | 'isControlAway'>
  readonly runId: string
  readonly installation?: string | undefined
  readonly previous?: PreviousSegment | undefined
  /** End of what the ledger knows of this camera; the time from there to the first footage is told with its cause. */
  readonly coveredUntilMs?: number | undefined
  readonly cameraState: CameraState
  /** Somebody records by hand, for so long from now on. */
  readonly byHandForMs?: number | undefined
  /** What was seen to move while an earlier recorder still wrote, or nobody did: capture times of its beginning and its end so far. */
  readonly seen?: { readonly fromMs: number; readonly lastMs: number } | undefined
  /** Since this capture time movement would have been seen. */
  readonly watchedFromMs?: number | undefined
  /** Monotonic time, and sleep. */
  readonly clock: Clock
  /** UTC as captures are stamped with (ingest's WallClock). */
  readonly wall: { nowMs(): number; readonly clockEpoch: number }
  readonly log: Log
  readonly maxQueueBytes?: number
  readonly openNew?: OpenNewFile
}

const tickMs = 500
/** Footage reaches the file within this of its capture; only then is its absence a gap. */
const settleMs = 3000
const growEveryMs = 10_000
/** With nobody listening the journal must not fill with growing gaps. */
const growEveryAwayMs = 600_000
/** SIGTERM leaves 10 s for everything. */
const finishMs = 8000
/** Two connections date the same key frame a little differently. */
const handOverSlackMs = 250
/** Footage that a bus may have kept while an earlier recorder still wrote. */
const longestKeptMs = 60_000
/** A handing over that finds no key frame in this time happens without one. */
const keyPatienceMs = 12_000

export class RecordStream {
  readonly #o: RecordStreamOptions
  readonly #writer: StreamWriter
  readonly #recorder: Recorder
  readonly #stopping = new AbortController()
  readonly #ticking: Promise<void>
  #want = nothingWanted
  #ledger: StreamLedger | undefined
  #cameraState: CameraState
  #untap: (() => void) | undefined
  #recordedAlready: RecordedAlready | undefined
  /** By hand: what was seen meanwhile must not get into a file. */
  #isStopped = false
  #closed: Promise<void> | undefined
  /** Called with the key frame at which somebody else takes over. */
  #handOver: ((keyMs: number) => void) | undefined
  #handingOver: Promise<void> | undefined

  constructor(options: RecordStreamOptions) {
    this.#o = options
    const { clock, wall, previous, cameraId, stream, log } = options
    this.#cameraState = options.cameraState
    this.#writer = new StreamWriter({
      ...{ cameraId, stream, clock, log, volume: options.volume, runId: options.runId, previous },
      installation: options.installation,
      openNew: options.openNew ?? createFile,
      note: (note) => options.journal.note(note),
      onWritten: (startMs, endMs, clockEpoch) => {
        // The end of a segment from before the clock was set back lies in the future: the ledger has it from its row.
        if (clockEpoch === this.#o.wall.clockEpoch) this.#account({ what: 'recorded', startMs, endMs })
      },
      onLost: (startMs, endMs) => this.#account({ what: 'lost', startMs, endMs }),
      maxQueueBytes: options.maxQueueBytes,
    })
    this.#recorder = new Recorder({
      door: this.#writer,
      recordAudio: options.settings.recordAudio,
      offeredAudio: () => options.offeredAudio?.(),
      monotonicMs: () => clock.monotonicMs(),
      clockEpoch: () => wall.clockEpoch,
      lastEnd: previous,
      onDiskLate: () =>
        this.#account({ what: 'reason', atMs: this.#wallMs(), reason: { kind: 'missing', cause: 'disk' } }),
    })
    if (stream === 'main')
      this.#ledger = new StreamLedger(
        {
          ...{ cameraId, settings: options.settings, coveredUntilMs: options.coveredUntilMs },
          footageEndMs: previous?.endMs ?? 0,
          watchedFromMs: options.watchedFromMs,
          isByHand: (options.byHandForMs ?? 0) > 0,
          note: (note) => options.journal.note(note),
        },
        this.#now(),
      )
    this.#beginWithKept()
    this.#tick()
    this.#ticking = this.#tickUntilStopped()
  }

  /** After close(): what a successor needs as `previous`; undefined where nothing was ever recorded. */
  get chainEnd(): PreviousSegment | undefined {
    const chain = this.#writer.chainEnd
    const clockEpoch = this.#o.wall.clockEpoch
    return chain && { ...chain, clockEpoch, endMs: this.#recorder.footageEndMs(clockEpoch) }
  }
  get isRecording(): boolean {
    return this.#recorder.isRecording
  }
  /** Nothing waits for the disk. */
  get isIdle(): boolean {
    return this.#writer.isIdle
  }
  /** Footage is wanted now. */
  get isWanted(): boolean {
    return decide(this.#want, this.#o.settings, this.#now()).isWanted
  }

  /** Something happens at `atMs` (capture time). Call it at least once a second while it lasts. */
  trigger(atMs: number): void {
    if (this.#closed || this.#handOver) return
    const now = this.#now()
    this.#want = trigger(this.#want, this.#o.settings, atMs, now)
    if (!this.#untap && decide(this.#want, this.#o.settings, now).isWanted)
      this.#begin({ msAgo: preRollAgoMs(this.#o.settings, atMs, now) })
  }

  /** Record, or stop, by hand for so long; 0 goes back to the camera's mode. */
  override(record: boolean, forMs: number): void {
    this.#want = override(this.#want, record, forMs, this.#now())
    this.#tick()
  }

  cameraStateChanged(state: CameraState): void {
    this.#cameraState = state
    this.#tick()
  }

  /** Ingest's WallClock noticed that somebody set the clock. */
  clockStepped(deltaMs: number): void {
    const toMs = this.#wallMs()
    this.#account({ what: 'clock', fromMs: toMs - Math.round(deltaMs), toMs })
  }

  /** Closes the open segment and tells the rest. At most 8 s; what the disk did not take is recovered at the next start. */
  close(): Promise<void> {
    this.#closed ??= this.#finish(undefined)
    return this.#closed
  }

  /** Records up to the next key frame, where another recorder goes on; without one in 12 s up to then. */
  closeAtKey(): Promise<void> {
    this.#handingOver ??= this.#recordToKey()
    return this.#handingOver
  }

  async #recordToKey(): Promise<void> {
    if (this.#closed || !this.isRecording) return this.close()
    const done = new AbortController()
    const keyMs = await new Promise<number | undefined>((resolve) => {
      this.#handOver = resolve
      const give = () => resolve(undefined)
      this.#o.clock.sleep(keyPatienceMs, AbortSignal.any([done.signal, this.#stopping.signal])).then(give, give)
    })
    done.abort()
    this.#closed ??= this.#finish(keyMs)
    return this.#closed
  }

  async #finish(keyMs: number | undefined): Promise<void> {
    this.#end()
    this.#stopping.abort()
    await this.#ticking
    await this.#writer.finish(finishMs)
    this.#account({ what: 'end', atMs: keyMs ?? this.#wallMs() })
  }

  async #tickUntilStopped(): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      await this.#o.clock.sleep(tickMs, signal).catch(() => {})
      if (!signal.aborted) this.#tick()
    }
  }

  #tick(): void {
    if (this.#closed) return
    const now = this.#now()
    const { settings } = this.#o
    if (this.#untap && endsNow(this.#want, settings, now)) this.#end()
    else if (!this.#untap && !this.#handOver && decide(this.#want, settings, now).isWanted)
      this.#begin(this.#isStopped ? 'now' : 'last-key')
    const decision = decide(this.#want, settings, now)
    this.#isStopped = !decision.isWanted && decision.cause === 'stopped'
    this.#recorder.tick()
    this.#writer.tick()
    this.#account({ what: 'reason', atMs: now.wallMs, reason: this.#reason() })
    const growMs = this.#o.journal.isControlAway ? growEveryAwayMs : growEveryMs
    const isSettled = !this.#recorder.hasOpenFragment && (this.#writer.isIdle || this.#writer.isHung)
    const lateMs = settleMs + (this.#untap ? 0 : settings.preRollMs)
    if (isSettled) this.#account({ what: 'settled', untilMs: now.wallMs - lateMs, growEveryMs: growMs })
  }

  /** What the bus kept so far is footage as well, if it was wanted; what an earlier recorder has of it is left out. */
  #beginWithKept(): void {
    const { settings, seen, previous, wall, byHandForMs = 0 } = this.#o
    const now = this.#now()
    if (byHandForMs > 0) this.#want = override(this.#want, true, byHandForMs, now)
    if (seen) this.#want = trigger(this.#want, settings, seen.lastMs, now)
    const decision = decide(this.#want, settings, now)
    const goesOn = previous?.clockEpoch === wall.clockEpoch && now.wallMs - previous.endMs < longestKeptMs
    if (decision.isWanted && (decision.by === 'mode' || goesOn)) this.#begin({ msAgo: longestKeptMs }, handOverSlackMs)
    // An event that is over by now is recorded up to now.
    else if (seen && (decision.isWanted || decision.cause === 'event'))
      this.#begin({ msAgo: preRollAgoMs(settings, seen.fromMs, now) }, handOverSlackMs)
  }

  #begin(startAt: 'now' | 'last-key' | { readonly msAgo: number }, slackMs = 100): void {
    const { clockEpoch } = this.#o.wall
    const endMs = this.#recorder.footageEndMs(clockEpoch)
    this.#recordedAlready = new RecordedAlready({ endMs, clockEpoch, slackMs })
    // The tap calls at once for what is kept, before it gives the way to end it.
    this.#writer.uncounted(() => {
      this.#untap = this.#o.source.tap((packet) => this.#take(packet), startAt)
    })
  }

  #end(): void {
    this.#untap?.()
    this.#untap = undefined
    this.#recorder.stop()
  }

  #take(packet: Packet): void {
    const isVideoKey = packet.isKey && packet.format.kind === 'video'
    if (this.#recordedAlready?.has(packet, this.#o.wall.clockEpoch)) return
    if (isVideoKey && this.#untap && this.#handOver) {
      this.#recorder.stopBefore(packet)
      this.#end()
      this.#handOver(Math.round(packet.captureMs))
    } else if (isVideoKey && this.#untap && endsBeforeKey(this.#want, this.#o.settings, packet.captureMs, this.#now()))
      this.#end()
    else this.#recorder.take(packet)
  }

  /** Why there is no footage just now, if there is none. */
  #reason(): Reason | undefined {
    const decision = decide(this.#want, this.#o.settings, this.#now())
    if (!decision.isWanted) return { kind: 'not_wanted', cause: decision.cause }
    const camera = this.#cameraState
    if (camera === 'disabled') return { kind: 'not_wanted', cause: 'off' }
    if (camera !== 'connecting' && camera !== 'online') return { kind: 'missing', cause: camera }
    const isDisk = this.#writer.isAway || this.#writer.isFull()
    return isDisk ? { kind: 'missing', cause: 'disk' } : undefined
  }

  #account(input: CoverageInput): void {
    this.#ledger?.take(input)
  }

  /** Notes have whole milliseconds. */
  #wallMs(): number {
    return Math.round(this.#o.wall.nowMs())
  }
  #now() {
    return { wallMs: this.#wallMs(), monotonicMs: this.#o.clock.monotonicMs() }
  }
}
