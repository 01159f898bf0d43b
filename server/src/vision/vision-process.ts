/**
 * The recorder's half of vision: starts it, feeds it packets, starts it again when it crashes, hangs or swells.
 *
 * In:        taps on packet buses, pictures to decode. Out: observations, previews, JPEGs.
 * Not here:  how it is held back (sandbox/launcher.ts), whose bytes ended it (blame.ts).
 * Bound:     `maxPipeBytes` wait for vision; beyond it each camera drops to its next key frame and is counted.
 * Invariant: nothing here waits on the packets' path; a camera that crashes vision three times is watched no more until it is
 *            configured anew, and says so.
 */
import type { ChildProcess } from 'node:child_process'
import type { Writable } from 'node:stream'
import type { MotionSettings } from '@vedette/shared/camera.ts'
import type { TriedDeed } from '@vedette/shared/sandbox.ts'
import { AppError } from '../lib/app-error.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { writePipeMessage } from '../lib/message-pipe.ts'
import { annexB, type Packet, type VideoCodec } from '../lib/packet.ts'
import { relayOutput } from '../lib/relay-output.ts'
import type { MissingLayers } from '../sandbox/launch.ts'
import type { Launcher } from '../sandbox/launcher.ts'
import type { DeedsToTry } from '../sandbox/try-deeds.ts'
import { Blame } from './blame.ts'
import type { Observation } from './observation.ts'
import { fromVision, type ToVision } from './vision-messages.ts'

export interface VisionFacts {
  readonly state: 'running' | 'starting' | 'stopped' | 'failed'
  readonly pid: number | null
  readonly restarts: number
  /** Cameras that are watched no more because they crashed vision. */
  readonly givenUp: readonly string[]
}

export interface VisionTried {
  readonly hasNodePermissions: boolean
  readonly tried: readonly TriedDeed[]
  readonly missing: MissingLayers
}

export interface VisionProcessOptions {
  readonly program: string
  readonly launcher: Launcher
  readonly clock: Clock
  readonly log: Log
  readonly onObservation: (observation: Observation) => void
  readonly onPreview: (cameraId: string, atMs: number, jpeg: Uint8Array) => void
  readonly onFacts: (facts: VisionFacts) => void
  /** What it is to try from inside that it must not be able to do, at each start; and what came of it. */
  readonly deeds?: DeedsToTry
  readonly onTried?: (found: VisionTried) => void
  readonly maxPipeBytes?: number
}

interface Watched {
  readonly cameraId: string
  readonly index: number
  readonly motion: MotionSettings | null
  /** Capture time from which a key frame is wanted again, where only previews are made. */
  nextPreviewMs: number
  waitsForKey: boolean
  dropped: number
}

const hangMs = 15_000
/** It ends by itself before (vision/growth.ts) and names who grew it; this is for one that cannot any more. */
const maxRssBytes = 1280 * 1024 * 1024
const restartDelaysMs = [200, 1000, 5000, 15_000]
const steadyMs = 60_000
/** For the scrub bar; where nothing is watched, vision gets a key frame only so often. */
const previewEveryMs = 10_000
/** A pipe message takes 32 MB. */
const maxDecodeBytes = 30 * 1024 * 1024

export class VisionProcess {
  readonly #o: VisionProcessOptions
  readonly #maxPipeBytes: number
  readonly #blame: Blame
  readonly #watched = new Map<string, Watched>()
  readonly #asked = new Map<number, { resolve: (jpeg: Uint8Array | null) => void; reject: (error: Error) => void }>()
  readonly #closing = new AbortController()
  #child: ChildProcess | undefined
  /** Of vision itself; `#child` may be what stands around it. */
  #pid: number | null = null
  #isStopping = false
  #pipe: Writable | undefined
  #isAlive = false
  #aliveMs = 0
  #restarts = 0
  #failures = 0
  #nextRequestId = 1
  #nonsense = 0
  #watchdog: NodeJS.Timeout | undefined

  constructor(options: VisionProcessOptions) {
    this.#o = options
    this.#blame = new Blame(options.log)
    this.#maxPipeBytes = options.maxPipeBytes ?? 8 * 1024 * 1024
  }

  start(): void {
    void this.#fork()
    this.#watchdog = setInterval(() => this.#lookAfter(), 1000)
  }

  get facts(): VisionFacts {
    const { givenUp } = this.#blame
    const state = this.#closing.signal.aborted
      ? 'stopped'
      : this.#isAlive
        ? 'running'
        : this.#failures > 3
          ? 'failed'
          : 'starting'
    return { state, pid: this.#pid, restarts: this.#restarts, givenUp }
  }

  /** It runs: what moves is seen. */
  get isWatching(): boolean {
    return this.#isAlive
  }

  /** Packets that vision was too slow for. */
  get dropped(): number {
    return [...this.#watched.values()].reduce((sum, watched) => sum + watched.dropped, 0)
  }

  /** Watches a stream: give each of its packets to `take`, from a key frame on. Null motion: previews only. */
  watch(cameraId: string, motion: MotionSettings | null): { take: (packet: Packet) => void; close: () => void } {
    const index = this.#blame.indexOf(cameraId)
    const watched: Watched = { cameraId, motion, index, nextPreviewMs: 0, waitsForKey: true, dropped: 0 }
    this.#blame.forgive(cameraId) // Configured anew: another chance.
    this.#watched.set(cameraId, watched)
    this.#tell(watched)
    return {
      take: (packet) => this.#take(watched, packet),
      close: () => {
        if (this.#watched.get(cameraId) !== watched) return
        this.#watched.delete(cameraId)
        this.#write({ do: 'unwatch', cameraId }, none)
      },
    }
  }

  /** The last of these frames as a JPEG. `cameraId`: whose they are, to be blamed for a crash. Throws vision_unavailable. */
  async decode(
    codec: VideoCodec,
    units: readonly Uint8Array[],
    maxWidth: number,
    cameraId?: string,
  ): Promise<Uint8Array> {
    if (!this.#isAlive) throw unavailable()
    if (cameraId !== undefined && this.#blame.isGivenUp(cameraId))
      throw new AppError(
        'vision_unavailable',
        'Pictures of this camera ended the decoder several times and are not decoded any more.',
      )
    if (units.reduce((sum, unit) => sum + unit.length, 0) > maxDecodeBytes)
      throw new AppError('vision_unavailable', 'This picture is too far from a key frame to be decoded.')
    const requestId = this.#nextRequestId++
    const late = new AbortController()
    const timeout = this.#o.clock.sleep(10_000, late.signal).then(
      () => Promise.reject(unavailable()),
      () => null,
    )
    try {
      const answer = new Promise<Uint8Array | null>((resolve, reject) =>
        this.#asked.set(requestId, { resolve, reject }),
      )
      this.#write(
        {
          do: 'decode',
          requestId,
          index: cameraId === undefined ? null : this.#blame.indexOf(cameraId),
          codec,
          unitBytes: units.map((unit) => unit.length),
          maxWidth,
        },
        Buffer.concat(units),
      )
      const jpeg = await Promise.race([answer, timeout])
      if (!jpeg) throw new AppError('vision_unavailable', 'This picture could not be decoded.')
      return jpeg
    } finally {
      this.#asked.delete(requestId)
      late.abort()
    }
  }

  /** May be called twice. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return
    this.#closing.abort()
    clearInterval(this.#watchdog)
    const child = this.#child
    if (child && child.exitCode === null && child.signalCode === null) {
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
      this.#kill() // It holds nothing that could be lost.
      await gone
    }
    this.#blame.close()
  }

  #take(watched: Watched, packet: Packet): void {
    const { format, isKey, captureMs } = packet
    if (format.kind !== 'video' || !this.#isAlive || this.#blame.isGivenUp(watched.cameraId)) {
      watched.waitsForKey = true
      return
    }
    if ((this.#pipe?.writableLength ?? 0) > this.#maxPipeBytes || (watched.waitsForKey && !isKey)) {
      if (!watched.waitsForKey) watched.dropped += 1
      watched.waitsForKey = true
      return
    }
    watched.waitsForKey = false
    if (watched.motion === null && !this.#isPreviewDue(watched, packet)) return
    this.#write(
      {
        do: 'packet',
        cameraId: watched.cameraId,
        codec: format.codec,
        isKey,
        atMs: captureMs,
        sentMs: this.#o.clock.nowMs(),
      },
      annexB(packet),
    )
  }

  /** Where nothing is watched, all other packets would travel (4 Mbit/s of a main stream) to be thrown away. */
  #isPreviewDue(watched: Watched, { isKey, captureMs }: Packet): boolean {
    const isSteppedBack = captureMs < watched.nextPreviewMs - 2 * previewEveryMs
    if (!isKey || (captureMs < watched.nextPreviewMs && !isSteppedBack)) return false
    watched.nextPreviewMs = captureMs + previewEveryMs
    return true
  }

  #tell({ cameraId, index, motion }: Watched): void {
    this.#write({ do: 'watch', cameraId, index, motion }, none)
  }

  #write(message: ToVision, payload: Uint8Array): void {
    if (this.#pipe?.writable) writePipeMessage(this.#pipe, message, payload)
  }

  async #fork(): Promise<void> {
    const { program, launcher, clock, log } = this.#o
    this.#blame.clear()
    const startedMs = clock.monotonicMs()
    const stdio = ['ignore', 'ignore', 'pipe', 'ipc', 'pipe', this.#blame.file] as const
    const launched = await launcher.start(program, stdio).catch((error: unknown) => {
      log.error({ err: error }, 'vision could not be started; it is tried again')
    })
    if (!launched) return this.#didNotStart()
    const { child, channel, pid: started } = launched
    if (this.#closing.signal.aborted) return killStarting(child)
    this.#child = child
    relayOutput(child.stderr, log, 'vision')
    this.#isStopping = false
    this.#aliveMs = clock.monotonicMs()
    const pipe = child.stdio[4]
    if (pipe && 'write' in pipe) this.#pipe = pipe
    this.#pipe?.on('error', () => {})
    for (const watched of this.#watched.values()) this.#tell(watched)
    channel.onMessage((raw) => {
      if (this.#child === child) this.#receive(raw) // What is read only after its end is not of the next one.
    })
    child.on('error', (error) => log.error({ err: error }, 'vision could not be told something'))
    child.on('exit', (code, signal) => this.#ended(code, signal, clock.monotonicMs() - startedMs))
    const pid = await started
    if (this.#child !== child) return
    this.#pid = pid
    this.#o.onFacts(this.facts)
  }

  #receive(raw: unknown): void {
    const parsed = fromVision.safeParse(raw)
    if (!parsed.success) {
      this.#nonsense += 1
      if (isTold(this.#nonsense))
        this.#o.log.error({ err: parsed.error, times: this.#nonsense }, 'vision said something that is not a message')
      return
    }
    const message = parsed.data
    switch (message.say) {
      case 'alive':
        this.#alive(message.rssBytes)
        break
      case 'observation':
        this.#o.onObservation(message.observation)
        break
      case 'preview':
        this.#o.onPreview(message.cameraId, message.atMs, message.jpeg)
        break
      case 'tried':
        this.#o.onTried?.({ ...message, missing: this.#o.launcher.missing })
        break
      case 'decoded':
        this.#asked.get(message.requestId)?.resolve(message.jpeg)
        break
      default:
    }
  }

  #alive(rssBytes: number): void {
    const wasAlive = this.#isAlive
    this.#isAlive = true
    this.#aliveMs = this.#o.clock.monotonicMs()
    if (!wasAlive) {
      this.#o.launcher.spoke()
      this.#o.onFacts(this.facts)
      if (this.#o.deeds) this.#write({ do: 'try', ...this.#o.deeds }, none)
    }
    if (rssBytes < maxRssBytes) return
    this.#o.log.warn({ rssBytes }, 'vision has grown too large and is started again')
    this.#isStopping = true // Whose bytes are decoded just now says nothing about who grew it.
    this.#kill()
  }

  /** Itself, not what stands around it, which would end first. */
  #kill(): void {
    try {
      if (this.#pid !== null) return void process.kill(this.#pid, 'SIGKILL')
    } catch {
      // It is gone, and what stood around it has yet to say so.
    }
    if (this.#child) killStarting(this.#child)
  }

  #lookAfter(): void {
    if (!this.#child || this.#o.clock.monotonicMs() - this.#aliveMs < hangMs) return
    this.#o.log.warn('vision does not answer and is started again')
    this.#kill()
  }

  #ended(code: number | null, signal: string | null, ranMs: number): void {
    this.#child = undefined
    this.#pid = null
    this.#pipe = undefined
    this.#isAlive = false
    for (const asked of this.#asked.values()) asked.reject(unavailable())
    for (const watched of this.#watched.values()) Object.assign(watched, { waitsForKey: true, nextPreviewMs: 0 })
    if (this.#closing.signal.aborted) return
    this.#o.launcher.ended()
    if (!this.#isStopping) this.#blame.judge(ranMs)
    this.#failures = ranMs > steadyMs ? 1 : this.#failures + 1
    this.#restarts += 1
    this.#o.log.warn({ exitCode: code, signal, ranMs: Math.round(ranMs) }, 'vision ended; it is started again')
    this.#o.onFacts(this.facts)
    void this.#restart()
  }

  #didNotStart(): void {
    this.#failures += 1
    this.#restarts += 1
    this.#o.onFacts(this.facts)
    void this.#restart()
  }

  async #restart(): Promise<void> {
    const delayMs = restartDelaysMs[Math.min(this.#failures, restartDelaysMs.length) - 1] ?? 200
    try {
      await this.#o.clock.sleep(delayMs, this.#closing.signal)
    } catch {
      return // Closing.
    }
    await this.#fork()
  }
}

/** The first, the tenth, the hundredth …: a child that says nothing else does not fill the log. */
const isTold = (times: number) => /^10*$/.test(String(times))
/** A wrapper that was killed in the middle of making its box leaves half of it (sandbox/end-left-boxes.ts): its group goes, too. */
function killStarting(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    child.kill('SIGKILL') // It has no group of its own.
  }
}

const none = new Uint8Array(0)
const unavailable = () =>
  new AppError('vision_unavailable', 'Pictures cannot be decoded right now. Try again in a moment.')
