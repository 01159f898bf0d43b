/**
 * One stream (main or sub) of a simulated camera: sends its tracks' units to every receiver when they are due.
 * The time stamps come from the time since the camera's start, so a loop of the clip is not seen in them.
 */
import { emptyRun, type PacketRun } from './rtp-packets.ts'
import type { RtpSender } from './rtp-sender.ts'
import type { Track } from './tracks.ts'

export interface Receiver {
  /** By track, undefined where the track was not set up. */
  readonly senders: readonly (RtpSender | undefined)[]
  /** Bytes that its connection has not taken yet. */
  queuedBytes(): number
}

/** What may go wrong, all at once if wanted. */
export interface StreamFaults {
  frozen: boolean
  muteReports: boolean
  clockOffsetMs: number
  /** Share of RTP packets lost, 0..1. */
  loss: number
  /** Filler added to every picture. */
  filler: PacketRun
}

const reportFirstMs = 300
const reportEveryMs = 5000
/** A receiver that is this far behind gets nothing until the next key frame. */
const maxQueuedBytes = 4 * 1024 * 1024
const lateMs = 1000

export class SimulatedStream {
  readonly faults: StreamFaults = {
    frozen: false,
    muteReports: false,
    clockOffsetMs: 0,
    loss: 0,
    filler: emptyRun,
  }
  readonly #startedMs: number
  /** Receivers, and whether each waits for a key frame. */
  readonly #receivers = new Map<Receiver, { waits: boolean; nextReportMs: number }>()
  #tracks: readonly Track[]
  #next: number[] = []
  #skip = 0
  #timer: NodeJS.Timeout | undefined
  framesSent = 0

  constructor(tracks: readonly Track[], startedMs: number) {
    this.#tracks = tracks
    this.#startedMs = startedMs
  }

  get tracks(): readonly Track[] {
    return this.#tracks
  }
  get receivers(): number {
    return this.#receivers.size
  }
  elapsedMs(): number {
    return performance.now() - this.#startedMs
  }
  /** The number of the next unit of a track with `rate` units a second. */
  nextUnit(rate: number): number {
    return Math.ceil((this.elapsedMs() / 1000) * rate)
  }

  add(receiver: Receiver): void {
    this.#receivers.set(receiver, { waits: true, nextReportMs: this.elapsedMs() + reportFirstMs })
    if (this.#timer) return
    this.#next = this.#tracks.map((track) => this.nextUnit(track.rate))
    this.#pump()
  }
  remove(receiver: Receiver): void {
    this.#receivers.delete(receiver)
    if (this.#receivers.size === 0) this.close()
  }
  /** Another picture size, codec or tone from the next unit that is due on, which `make` is told; the connections stay. */
  replaceVideo(rate: number, make: (firstUnit: number) => Track): void {
    // A camera that is behind with its work leaves out nothing either: units that are due and not sent yet come first.
    const due = this.#tracks[0]?.rate === rate ? this.#next[0] : undefined
    const first = due ?? this.nextUnit(rate)
    this.#tracks = [make(first), ...this.#tracks.slice(1)]
    this.#next[0] = first
  }
  skipFrames(frames: number): void {
    this.#skip = frames
  }
  /** The camera's RTP clock jumps; its wall clock does not. */
  jumpTimestamps(ms: number): void {
    for (const { senders } of this.#receivers.keys()) for (const sender of senders) sender?.jump(ms)
  }
  close(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #pump(): void {
    const nowMs = this.elapsedMs()
    let soonestMs = nowMs + 1000
    this.#tracks.forEach((track, index) => {
      let unit = this.#next[index] ?? 0
      // A process that was suspended does not make up for it.
      if ((unit * 1000) / track.rate < nowMs - lateMs) unit = this.nextUnit(track.rate)
      for (; (unit * 1000) / track.rate <= nowMs; unit++) this.#sendUnit(track, index, unit)
      this.#next[index] = unit
      soonestMs = Math.min(soonestMs, (unit * 1000) / track.rate)
    })
    this.#sendReports(nowMs)
    this.#timer = setTimeout(() => this.#pump(), Math.max(0, soonestMs - this.elapsedMs()))
  }

  #sendUnit(track: Track, index: number, unit: number): void {
    const { frozen, loss, filler } = this.faults
    if (frozen) return
    const isVideo = index === 0
    if (isVideo && this.#skip > 0) {
      this.#skip--
      return
    }
    const isKey = track.isKey(unit)
    const packets = track.packets(unit)
    const runs = isVideo && filler.starts.length > 0 ? [...packets, filler] : packets
    if (isVideo) this.framesSent++
    for (const [receiver, state] of this.#receivers) {
      if (receiver.queuedBytes() > maxQueuedBytes) state.waits = true
      else if (isVideo && isKey) state.waits = false
      if (!state.waits) receiver.senders[index]?.sendUnit(runs, (unit * 1000) / track.rate, loss)
    }
  }

  #sendReports(nowMs: number): void {
    if (this.faults.muteReports) return
    for (const [receiver, state] of this.#receivers) {
      if (nowMs < state.nextReportMs || !receiver.senders.some((sender) => sender?.sentFrame)) continue
      state.nextReportMs = nowMs + reportEveryMs
      for (const sender of receiver.senders) {
        if (sender?.sentFrame) sender.sendReport(nowMs, Date.now() + this.faults.clockOffsetMs)
      }
    }
  }
}
