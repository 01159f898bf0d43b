/**
 * Cuts one stream's packets into segments, each of which begins at a key frame and plays alone.
 * In:        packets in decode order, whenever they come; a tick now and then; the writer's door.
 * Out:       fragments and closes through the door. Nothing here waits: the door queues (stream-writer.ts).
 * Not here:  when recording is wanted (event-mode.ts), bytes on disk (segment-file.ts), the ledger (coverage-notes.ts).
 * Invariant: segments of one clock epoch do not overlap, and where the media is contiguous neither do they leave a hole.
 *            None is longer than `endlessGopMs`: a camera that sends no key frame for so long (it refreshes its picture
 *            bit by bit) gets a segment that begins between key frames, as the only alternative to losing everything.
 */
import type { AudioFormat, Packet, VideoFormat } from '../lib/packet.ts'
import { isSameAudio } from './audio-lane.ts'
import { type BuiltFragment, FragmentBuilder } from './fragment-builder.ts'
import type { SegmentEnd } from './segment-format.ts'

export interface SegmentStart {
  readonly startMs: number
  readonly clockEpoch: number
  readonly run: number
  readonly video: VideoFormat
  readonly audio: AudioFormat | undefined
}
export interface SegmentClose {
  readonly endMs: number
  readonly durationMs: number
  readonly end: SegmentEnd
}
/** One file that is being written. Calls return at once and take effect in order. */
export interface OpenSegment {
  /** The disk refused it: nothing more can be written, the rest is not wanted. */
  readonly failed: boolean
  append(fragment: BuiltFragment, endMs: number): void
  close(close: SegmentClose): void
}
/** The recorder's only way to the disk. Tests pass a list instead. */
export interface SegmentDoor {
  /** False while the volume is away or too much waits to be written. */
  mayOpen(): boolean
  /** More waits for the disk than is allowed. */
  isFull(): boolean
  open(start: SegmentStart): OpenSegment
}

export interface RecorderOptions {
  readonly door: SegmentDoor
  readonly recordAudio: boolean
  /** The sound that the camera has announced, of which nothing may have come yet. */
  readonly offeredAudio?: () => AudioFormat | undefined
  readonly monotonicMs: () => number
  /** Grows when the wall clock was set back (docs/design/time.md). */
  readonly clockEpoch: () => number
  /** End of the stream's last footage, so that a restart does not overlap it. */
  readonly lastEnd?: { readonly endMs: number; readonly clockEpoch: number } | undefined
  readonly maxSegmentMs?: number
  /** Footage is dropped from now on because the disk does not take it. */
  readonly onDiskLate?: () => void
}

interface Current {
  readonly file: OpenSegment
  readonly builder: FragmentBuilder
  readonly start: SegmentStart
  readonly first: Packet
  /** Monotonic: the camera has no say in it. */
  readonly sinceMs: number
  /** Monotonic arrival of the open fragment's first packet, and of the last video packet. */
  fragmentSinceMs: number
  lastVideoMs: number
  /** Capture time of the newest picture, and how much newer it is than the one before. */
  newestMs: number
  stepMs: number
  /** A packet of it came. */
  hasSound: boolean
}

const idleFlushMs = 1500
const idleCloseMs = 10_000
/** Media and capture clock may drift apart by this much before the segment is cut, at once or after some seconds. */
const driftMs = 1000
const smallDriftMs = 250
const smallDriftAfterMs = 5000
const endlessGopMs = 300_000
/**
 * Media time that is not what it should be cuts segments that are younger than this only now and then: a camera that stamps each
 * picture seconds after the one before would make a file of each (120 a second here, until the disk has no place for another name).
 */
const youngMs = 2000
/** So many at once, then one in `youngMs`. */
const maxYoungCuts = 5
/** A player waits for sound that was announced; so long is enough for the first of it. */
const soundPatienceMs = 3000

export class Recorder {
  readonly #options: RecorderOptions
  #current: Current | undefined
  #audioFormat: AudioFormat | undefined
  /** The camera announces sound and sends none. */
  #isOfferDoubted = false
  /** Of late, leaking with time. */
  #youngCuts = 0
  #youngCutMs = Number.NEGATIVE_INFINITY
  #lastEnd: { readonly endMs: number; readonly clockEpoch: number } | undefined

  constructor(options: RecorderOptions) {
    this.#options = options
    this.#lastEnd = options.lastEnd
  }

  get isRecording(): boolean {
    return this.#current !== undefined && !this.#current.file.failed
  }
  /** Samples wait for their fragment to fill. */
  get hasOpenFragment(): boolean {
    return this.#current !== undefined && !this.#current.builder.video.isEmpty
  }
  /** Where closed footage of this clock epoch ends; 0 where there is none. */
  footageEndMs(clockEpoch: number): number {
    return this.#lastEnd?.clockEpoch === clockEpoch ? this.#lastEnd.endMs : 0
  }

  take(packet: Packet): void {
    if (packet.format.kind === 'audio') this.#takeAudio(packet, packet.format)
    else this.#takeVideo(packet, packet.format)
  }

  /** Writes what has waited too long and closes when the camera fell silent. Call it twice a second. */
  tick(): void {
    const current = this.#current
    if (!current) return
    const nowMs = this.#options.monotonicMs()
    if (!current.builder.video.isEmpty && nowMs - current.fragmentSinceMs >= idleFlushMs) this.#flush(current)
    if (current.file.failed || nowMs - current.lastVideoMs >= idleCloseMs) this.#close(current, 'camera')
  }

  /** Ends the open segment, whose end is whatever came so far. */
  stop(): void {
    if (this.#current) this.#close(this.#current, 'stop')
  }

  /** Ends the open segment where this key frame, which is not taken, begins: somebody else records from there on. */
  stopBefore(key: Packet): void {
    if (this.#current) this.#close(this.#current, 'stop', key)
  }

  #takeAudio(packet: Packet, format: AudioFormat): void {
    if (!this.#options.recordAudio) return
    this.#audioFormat = format
    this.#isOfferDoubted = false
    if (this.#current) this.#current.hasSound = true
    this.#current?.builder.add(packet)
  }

  #takeVideo(packet: Packet, format: VideoFormat): void {
    let current = this.#current
    const reason = current && this.#endsBefore(current, packet)
    if (current && reason) {
      this.#close(current, reason, packet)
      if (reason === 'disk') this.#options.onDiskLate?.()
      current = undefined
    }
    if (!current) {
      const mayBegin = packet.isKey || reason === 'full'
      if (mayBegin && this.#options.door.mayOpen()) this.#open(packet, format)
      return
    }
    const { video } = current.builder
    if (!video.isEmpty && (packet.isKey || video.isFullBefore(packet))) this.#flush(current, packet)
    current.lastVideoMs = this.#options.monotonicMs()
    if (video.isEmpty) current.fragmentSinceMs = current.lastVideoMs
    if (packet.captureMs > current.newestMs) {
      current.stepMs = packet.captureMs - current.newestMs
      current.newestMs = packet.captureMs
    }
    current.builder.add(packet)
  }

  /** Why the open segment must end before this packet; undefined: it goes on. */
  #endsBefore(current: Current, packet: Packet): SegmentEnd | undefined {
    const { first, start, file } = current
    if (file.failed || this.#options.door.isFull()) return 'disk'
    if (packet.run !== first.run) return 'camera'
    if (packet.format !== first.format) return 'format'
    const { video } = current.builder
    const mediaMs = video.ticksOf(packet) / 90
    if (packet.isKey) {
      this.#doubtSilence(current, mediaMs)
      if (!isSameAudio(this.#expectedAudio(), start.audio)) return 'format'
      if (this.#options.clockEpoch() !== start.clockEpoch) return 'clock'
    }
    const isYoung = Math.abs(packet.captureMs - first.captureMs) < youngMs
    const reason = this.#endsByTime(current, packet, mediaMs)
    return reason && isYoung && !this.#takeYoungCut() ? undefined : reason
  }

  /** What its times say, the camera's and ours. */
  #endsByTime(current: Current, packet: Packet, mediaMs: number): SegmentEnd | undefined {
    const { first } = current
    const { video } = current.builder
    // Media time may stand still.
    const openForMs = Math.max(mediaMs, this.#options.monotonicMs() - current.sinceMs)
    if (!packet.isKey) return openForMs >= endlessGopMs ? 'full' : undefined
    const silenceMs = mediaMs - video.lastTicks / 90
    if (silenceMs > Math.max(1000, (3 * video.frameTicks) / 90)) return 'camera'
    const apartMs = Math.abs(packet.captureMs - (first.captureMs + mediaMs))
    if (apartMs > (mediaMs < smallDriftAfterMs ? driftMs : smallDriftMs)) return 'clock'
    return mediaMs >= (this.#options.maxSegmentMs ?? 60_000) ? 'full' : undefined
  }

  #takeYoungCut(): boolean {
    const nowMs = this.#options.monotonicMs()
    this.#youngCuts = Math.max(0, this.#youngCuts - (nowMs - this.#youngCutMs) / youngMs)
    this.#youngCutMs = nowMs
    if (this.#youngCuts > maxYoungCuts - 1) return false
    this.#youngCuts += 1
    return true
  }

  /** The first segment has its sound from the start although pictures come before the first sound. */
  #expectedAudio(): AudioFormat | undefined {
    if (!this.#options.recordAudio) return undefined
    return this.#audioFormat ?? (this.#isOfferDoubted ? undefined : this.#options.offeredAudio?.())
  }

  /** A track without samples would stop players: what was promised and does not come is not promised again. */
  #doubtSilence(current: Current, mediaMs: number): void {
    if (!current.start.audio || current.hasSound || mediaMs < soundPatienceMs) return
    this.#audioFormat = undefined
    this.#isOfferDoubted = true
  }

  #open(packet: Packet, video: VideoFormat): void {
    const clockEpoch = this.#options.clockEpoch()
    const startMs = this.#startMs(Math.round(packet.captureMs), clockEpoch)
    const audio = this.#expectedAudio()
    const start: SegmentStart = { startMs, clockEpoch, run: packet.run, video, audio }
    const nowMs = this.#options.monotonicMs()
    this.#current = {
      file: this.#options.door.open(start),
      builder: new FragmentBuilder(packet, audio),
      start,
      first: packet,
      sinceMs: nowMs,
      fragmentSinceMs: nowMs,
      lastVideoMs: nowMs,
      newestMs: packet.captureMs,
      stepMs: 0,
      hasSound: false,
    }
    this.#current.builder.add(packet)
  }

  /**
   * Never before the end of earlier footage; and exactly there where an earlier recorder handed over at this key frame, which
   * two connections date a little differently.
   */
  #startMs(captureMs: number, clockEpoch: number): number {
    const endMs = this.footageEndMs(clockEpoch)
    const isHandedOver = this.#lastEnd !== undefined && this.#lastEnd === this.#options.lastEnd
    return isHandedOver && captureMs - endMs < smallDriftMs ? endMs : Math.max(captureMs, endMs)
  }

  #flush(current: Current, next?: Packet): void {
    const fragment = current.builder.take(next)
    const end = { nextMs: undefined, isContinued: false, atMostMs: this.#atMostMs(current) }
    current.file.append(fragment, segmentEndMs(current.start, fragment.endMs, end))
  }

  /** The camera's time may run ahead of ours: its last picture stands about as long as the one before. */
  #atMostMs({ start, newestMs, stepMs }: Current): number | undefined {
    return this.#options.clockEpoch() === start.clockEpoch ? newestMs + stepMs + driftMs : undefined
  }

  #close(current: Current, end: SegmentEnd, next?: Packet): void {
    const { builder, start, first } = current
    const isContinued = next && next.run === first.run && end !== 'camera'
    if (!builder.video.isEmpty) this.#flush(current, isContinued ? next : undefined)
    const durationMs = builder.video.endTicks / 90
    const endMs = segmentEndMs(start, durationMs, {
      nextMs: next && this.#options.clockEpoch() === start.clockEpoch ? next.captureMs : undefined,
      isContinued: isContinued === true,
      atMostMs: this.#atMostMs(current),
    })
    current.file.close({ endMs, durationMs, end })
    this.#current = undefined
    this.#lastEnd = { endMs, clockEpoch: start.clockEpoch }
  }
}

/**
 * By the media's time, but where the next footage of the same clock epoch (`nextMs`) begins earlier it ends there: no
 * overlap. Where the media goes on without a break the end is moved forward, by at most `driftMs`: no crack. Where nothing follows
 * (yet) it is not after `atMostMs`.
 */
export function segmentEndMs(
  start: { readonly startMs: number },
  durationMs: number,
  next: { readonly nextMs: number | undefined; readonly isContinued: boolean; readonly atMostMs?: number | undefined },
): number {
  const mediaEndMs = start.startMs + Math.max(1, Math.round(durationMs))
  if (next.nextMs === undefined)
    return Math.max(Math.min(mediaEndMs, Math.round(next.atMostMs ?? mediaEndMs)), start.startMs + 1)
  const aheadMs = Math.round(next.nextMs) - mediaEndMs
  const isMoved = aheadMs < 0 || (next.isContinued && aheadMs <= driftMs)
  return isMoved ? Math.max(mediaEndMs + aheadMs, start.startMs + 1) : mediaEndMs
}
