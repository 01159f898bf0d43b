/**
 * The recorder's half of vision: forks it, feeds it packets, starts it again when it crashes, hangs or swells.
 *
 * In:        taps on packet buses, pictures to decode. Out: observations, previews, JPEGs.
 * Bound:     `maxPipeBytes` wait for vision; beyond it each camera drops to its next key frame and is counted.
 * Invariant: nothing here waits on the packets' path; a camera that crashes vision three times is watched no more until it is
 *            configured anew, and says so.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import type { MotionSettings } from '@vedette/shared/camera.ts'
import { AppError } from '../lib/app-error.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { writePipeMessage } from '../lib/message-pipe.ts'
import { annexB, type Packet, type VideoCodec } from '../lib/packet.ts'
import type { Observation } from './observation.ts'
import { fromVision, type ToVision } from './vision-messages.ts'

export interface VisionFacts {
  readonly state: 'running' | 'starting' | 'stopped' | 'failed'
  readonly pid: number | null
  readonly restarts: number
  /** Cameras that are watched no more because they crashed vision. */
  readonly givenUp: readonly string[]
}

export interface VisionProcessOptions {
  readonly program: string
  readonly environment: Readonly<Record<string, string>>
  readonly clock: Clock
  readonly log: Log
  readonly onObservation: (observation: Observation) => void
  readonly onPreview: (cameraId: string, atMs: number, jpeg: Uint8Array) => void
  readonly onFacts: (facts: VisionFacts) => void
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

/** FFmpeg's pictures count towards V8's limit although they are freed at once; see recorder-process.ts. */
const memoryFlags = ['--max-semi-space-size=2', '--heap-growing-percent=150']
const hangMs = 15_000
const maxRssBytes = 1024 * 1024 * 1024
const restartDelaysMs = [200, 1000, 5000, 15_000]
const steadyMs = 60_000
const maxCrashes = 3
/** For the scrub bar; where nothing is watched, vision gets a key frame only so often. */
const previewEveryMs = 10_000
/** Crashes in a row are what counts: after running this long they are forgotten. */
const forgiveMs = 600_000
/** A pipe message takes 32 MB. */
const maxDecodeBytes = 30 * 1024 * 1024

export class VisionProcess {
  readonly #o: VisionProcessOptions
  readonly #maxPipeBytes: number
  readonly #markFile = openMarkFile()
  readonly #watched = new Map<string, Watched>()
  readonly #crashes = new Map<string, number>()
  readonly #asked = new Map<number, { resolve: (jpeg: Uint8Array | null) => void; reject: (error: Error) => void }>()
  readonly #closing = new AbortController()
  #child: ChildProcess | undefined
  #pipe: Writable | undefined
  #isAlive = false
  #aliveMs = 0
  #restarts = 0
  #failures = 0
  #nextIndex = 0
  #nextRequestId = 1
  #watchdog: NodeJS.Timeout | undefined

  constructor(options: VisionProcessOptions) {
    this.#o = options
    this.#maxPipeBytes = options.maxPipeBytes ?? 8 * 1024 * 1024
  }

  start(): void {
    this.#fork()
    this.#watchdog = setInterval(() => this.#lookAfter(), 1000)
  }

  get facts(): VisionFacts {
    const givenUp = [...this.#crashes].filter(([, count]) => count >= maxCrashes).map(([cameraId]) => cameraId)
    const state = this.#closing.signal.aborted
      ? 'stopped'
      : this.#isAlive
        ? 'running'
        : this.#failures > 3
          ? 'failed'
          : 'starting'
    return { state, pid: this.#child?.pid ?? null, restarts: this.#restarts, givenUp }
  }

  /** Packets that vision was too slow for. */
  get dropped(): number {
    return [...this.#watched.values()].reduce((sum, watched) => sum + watched.dropped, 0)
  }

  /** Watches a stream: give each of its packets to `take`, from a key frame on. Null motion: previews only. */
  watch(cameraId: string, motion: MotionSettings | null): { take: (packet: Packet) => void; close: () => void } {
    const index = this.#nextIndex++ & 0xffff
    const watched: Watched = { cameraId, motion, index, nextPreviewMs: 0, waitsForKey: true, dropped: 0 }
    this.#crashes.delete(cameraId) // Configured anew: another chance.
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

  /** The last of these frames as a JPEG. Throws vision_unavailable. */
  async decode(codec: VideoCodec, units: readonly Uint8Array[], maxWidth: number): Promise<Uint8Array> {
    if (!this.#isAlive) throw unavailable()
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
        { do: 'decode', requestId, codec, unitBytes: units.map((unit) => unit.length), maxWidth },
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
      child.kill('SIGKILL') // It holds nothing that could be lost.
      await gone
    }
    closeSync(this.#markFile)
  }

  #take(watched: Watched, packet: Packet): void {
    const { format, isKey, captureMs } = packet
    if (format.kind !== 'video' || !this.#isAlive || (this.#crashes.get(watched.cameraId) ?? 0) >= maxCrashes) {
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

  #fork(): void {
    const { program, environment, clock, log } = this.#o
    writeSync(this.#markFile, Buffer.alloc(4), 0, 4, 0)
    const child = fork(program, [], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc', 'pipe', this.#markFile],
      serialization: 'advanced',
      execArgv: ['--disable-warning=ExperimentalWarning', ...memoryFlags],
      env: environment,
    })
    this.#child = child
    this.#aliveMs = clock.monotonicMs()
    const startedMs = clock.monotonicMs()
    const pipe = child.stdio[4]
    if (pipe && 'write' in pipe) this.#pipe = pipe
    this.#pipe?.on('error', () => {})
    for (const watched of this.#watched.values()) this.#tell(watched)
    child.on('message', (raw) => this.#receive(raw))
    child.on('error', (error) => log.error({ err: error }, 'vision could not be started'))
    child.on('exit', (code, signal) => this.#ended(code, signal, clock.monotonicMs() - startedMs))
    this.#o.onFacts(this.facts)
  }

  #receive(raw: unknown): void {
    const parsed = fromVision.safeParse(raw)
    if (!parsed.success) {
      this.#o.log.error({ err: parsed.error }, 'vision said something that is not a message')
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
    if (!wasAlive) this.#o.onFacts(this.facts)
    if (rssBytes < maxRssBytes) return
    this.#o.log.warn({ rssBytes }, 'vision has grown too large and is started again')
    this.#child?.kill('SIGKILL')
  }

  #lookAfter(): void {
    if (!this.#child || this.#o.clock.monotonicMs() - this.#aliveMs < hangMs) return
    this.#o.log.warn('vision does not answer and is started again')
    this.#child.kill('SIGKILL')
  }

  #ended(code: number | null, signal: string | null, ranMs: number): void {
    this.#child = undefined
    this.#pipe = undefined
    this.#isAlive = false
    for (const asked of this.#asked.values()) asked.reject(unavailable())
    for (const watched of this.#watched.values()) Object.assign(watched, { waitsForKey: true, nextPreviewMs: 0 })
    if (this.#closing.signal.aborted) return
    if (ranMs > forgiveMs)
      for (const [cameraId, crashes] of this.#crashes) if (crashes < maxCrashes) this.#crashes.delete(cameraId)
    this.#blame()
    this.#failures = ranMs > steadyMs ? 1 : this.#failures + 1
    this.#restarts += 1
    this.#o.log.warn({ exitCode: code, signal, ranMs: Math.round(ranMs) }, 'vision ended; it is started again')
    this.#o.onFacts(this.facts)
    void this.#restart()
  }

  /** Whose bytes were being decoded when it ended? */
  #blame(): void {
    const mark = Buffer.alloc(4)
    readSync(this.#markFile, mark, 0, 4, 0)
    const index = mark.readUInt32LE() - 1
    const watched = [...this.#watched.values()].find((one) => one.index === index)
    if (!watched) return
    const crashes = (this.#crashes.get(watched.cameraId) ?? 0) + 1
    this.#crashes.set(watched.cameraId, crashes)
    const isGivenUp = crashes >= maxCrashes
    this.#o.log.error({ camera: watched.cameraId, crashes, isGivenUp }, 'this camera’s pictures ended vision')
  }

  async #restart(): Promise<void> {
    const delayMs = restartDelaysMs[Math.min(this.#failures, restartDelaysMs.length) - 1] ?? 200
    try {
      await this.#o.clock.sleep(delayMs, this.#closing.signal)
    } catch {
      return // Closing.
    }
    this.#fork()
  }
}

const none = new Uint8Array(0)
const unavailable = () =>
  new AppError('vision_unavailable', 'Pictures cannot be decoded right now. Try again in a moment.')

/** A file without a name that parent and child share: what the child wrote there outlives it. */
function openMarkFile(): number {
  const folder = mkdtempSync(join(tmpdir(), 'vedette-mark-'))
  try {
    return openSync(join(folder, 'mark'), 'wx+', 0o600)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
