/**
 * One track of a session: RTP packets in, lib/packet.ts packets out, with time, run and capture time.
 * In: interleaved frames or datagrams, valid only during the call. Not here: which track a channel belongs to.
 */
import { AppError } from '../lib/app-error.ts'
import type { MediaFormat, Packet } from '../lib/packet.ts'
import { u16, u32 } from './bytes.ts'
import type { CaptureClock, TrackKind } from './capture-clock.ts'
import type { Depacketizer, OnUnit } from './depacketizer.ts'
import { readSenderReport, type SenderReport } from './rtcp.ts'
import { RtpSequence } from './rtp-sequence.ts'
import { RtpTimeline } from './rtp-timeline.ts'

export interface RtpTrackOptions {
  readonly kind: TrackKind
  readonly payloadType: number
  readonly clockRate: number
  readonly firstRun: number
  readonly captureClock: CaptureClock
  readonly onPacket: (packet: Packet) => void
  readonly makeDepacketizer: (onUnit: OnUnit) => Depacketizer
}

/** Each new format or run makes the recorder begin a new segment: more than this in a minute is a fault or an attack. */
const maxChangesPerMinute = 20

export class RtpTrack {
  readonly kind: TrackKind
  readonly clockRate: number
  readonly #options: RtpTrackOptions
  readonly #depacketizer: Depacketizer
  readonly #sequence = new RtpSequence()
  readonly #timeline: RtpTimeline
  #ssrc: number | undefined
  #arrivalMs = 0
  /** A report that came before its run's first unit. */
  #earlyReport: SenderReport | undefined
  #format: MediaFormat | undefined
  #changes = 0
  #changesSinceMs = 0
  readonly counts = { units: 0, keys: 0, packets: 0, malformed: 0, senderReports: 0 }

  constructor(options: RtpTrackOptions) {
    this.kind = options.kind
    this.clockRate = options.clockRate
    this.#options = options
    this.#timeline = new RtpTimeline(options.clockRate, options.firstRun)
    this.#depacketizer = options.makeDepacketizer((data, rtpTime, isKey, format) =>
      this.#emit(data, rtpTime, isKey, format),
    )
  }

  get format(): MediaFormat | undefined {
    return this.#depacketizer.format
  }
  get run(): number {
    return this.#timeline.run
  }
  get lost(): number {
    return this.#sequence.lost
  }
  get late(): number {
    return this.#sequence.late
  }
  get damaged(): number {
    return this.#depacketizer.damaged
  }
  get early(): number {
    return this.#depacketizer.early
  }
  get stepsBack(): number {
    return this.#timeline.stepsBack
  }

  /** One RTP packet (RFC 3550 5.1). Throws only AppError, when a limit is passed. */
  onRtp(bytes: Buffer, start: number, packetEnd: number, arrivalMs: number): void {
    const first = bytes[start] ?? 0
    const second = bytes[start + 1] ?? 0
    let at = start + 12 + (first & 15) * 4
    if (first & 0x10) at += 4 + u16(bytes, at + 2) * 4
    const end = first & 0x20 ? packetEnd - (bytes[packetEnd - 1] ?? 0) : packetEnd
    if (first >> 6 !== 2 || at > end || packetEnd - start < 12 || (second & 127) !== this.#options.payloadType) {
      // Some cameras put their reports among the packets (RFC 5761).
      if (second >= 200 && second <= 204) this.onRtcp(bytes, start, packetEnd, arrivalMs)
      else this.counts.malformed++
      return
    }
    const ssrc = u32(bytes, start + 8)
    if (ssrc !== this.#ssrc) this.#changeSender(ssrc)
    const arrival = this.#sequence.arrive(u16(bytes, start + 2))
    if (arrival === 'late') return
    if (arrival === 'after-loss') this.#depacketizer.lost()
    this.counts.packets++
    this.#arrivalMs = arrivalMs
    this.#depacketizer.push(bytes, at, end, second > 127, u32(bytes, start + 4))
  }

  onRtcp(bytes: Buffer, start: number, end: number, arrivalMs: number): void {
    const report = readSenderReport(bytes, start, end)
    if (!report) return
    this.counts.senderReports++
    if (!this.#tellReport(report, arrivalMs)) this.#earlyReport = report
  }

  #changeSender(ssrc: number): void {
    if (this.#ssrc !== undefined) this.#depacketizer.lost()
    this.#ssrc = ssrc
    this.#sequence.restart()
  }

  #emit(data: Buffer, rtpTime: number, isKey: boolean, format: MediaFormat): void {
    const { captureClock, kind, clockRate, onPacket } = this.#options
    if (format !== this.#format) this.#noteChange()
    this.#format = format
    const runBefore = this.#timeline.run
    const pts = this.#timeline.next(rtpTime)
    const run = this.#timeline.run
    if (run !== runBefore) {
      this.#noteChange()
      captureClock.onNewRun(kind)
    }
    if (this.#earlyReport && this.#tellReport(this.#earlyReport, this.#arrivalMs)) this.#earlyReport = undefined
    this.counts.units++
    if (isKey) this.counts.keys++
    const captureMs = captureClock.captureMs(kind, pts, clockRate, this.#arrivalMs)
    onPacket({ format, isKey, pts, timescale: clockRate, run, captureMs, data })
  }

  #tellReport(report: SenderReport, arrivalMs: number): boolean {
    const pts = this.#timeline.ptsOf(report.rtpTime)
    if (pts === undefined) return false
    this.#options.captureClock.onSenderReport(this.kind, report.ntpMs, pts, this.clockRate, arrivalMs)
    return true
  }

  #noteChange(): void {
    if (this.#arrivalMs - this.#changesSinceMs > 60_000) {
      this.#changesSinceMs = this.#arrivalMs
      this.#changes = 0
    }
    if (++this.#changes > maxChangesPerMinute) {
      throw new AppError('camera_unsupported', 'The camera changes its picture format or its clock all the time.')
    }
  }
}
