/**
 * A stream that flows, from PLAY to its end: keeps the camera's session alive and notices when nothing comes any more.
 * Invariant: ends by itself for one reason, once; after `ended` no packet follows.
 */
import { AppError } from '../lib/app-error.ts'
import type { Clock } from '../lib/clock.ts'
import type { MediaFormat } from '../lib/packet.ts'
import type { UdpPair } from '../net/udp-pair.ts'
import type { TrackKind } from './capture-clock.ts'
import { emptyReceiverReport } from './rtcp.ts'
import type { RtpTrack } from './rtp-track.ts'
import type { RtspLink } from './rtsp-link.ts'
import type { RtspMessage } from './rtsp-message.ts'
import type { Transport } from './rtsp-transport.ts'

/** Counters of one track since the session began. */
export interface TrackFacts {
  readonly kind: TrackKind
  /** undefined until it is known. */
  readonly format: MediaFormat | undefined
  readonly run: number
  readonly units: number
  readonly keys: number
  readonly rtpPackets: number
  /** Packets missing by their numbers, and units dropped because of that. */
  readonly rtpLost: number
  readonly damagedUnits: number
  /** Units dropped because the camera had not told their format yet. */
  readonly earlyUnits: number
  /** Out of order or doubled beyond use; not readable as RTP. */
  readonly rtpLate: number
  readonly malformed: number
  readonly senderReports: number
  /** Times that went back a little: B-frames or jitter (rtp-timeline.ts). */
  readonly stepsBack: number
}

export interface SessionFacts {
  readonly transport: Transport
  /** Everything read from the connection, and in how many reads. */
  readonly bytes: number
  readonly reads: number
  /** All tracks together. */
  readonly rtpLost: number
  readonly senderReports: number
  /** From strangers, over UDP. */
  readonly refusedDatagrams: number
  /** For the next session's `firstRun`: larger than any run so far. */
  readonly nextRun: number
  /** SHA-256 of the camera's public key (rtsps only). */
  readonly keySha256: string | undefined
  readonly tracks: readonly TrackFacts[]
}

export interface SessionParts {
  readonly link: RtspLink
  readonly tracks: readonly RtpTrack[]
  readonly ports: readonly UdpPair[]
  readonly transport: Transport
  readonly uri: string
  readonly timeoutS: number
  readonly clock: Clock
  readonly stallMs: number
  /** Closes the session. */
  readonly signal: AbortSignal
}

const maxSecondsOverBudget = 5
const reportEveryMs = 5000

export class RtspSession {
  readonly #parts: SessionParts
  readonly #stop = new AbortController()
  #keepAliveMethod: 'OPTIONS' | 'GET_PARAMETER' = 'OPTIONS'
  #isClosing = false
  /** The reason why the stream ended by itself; undefined after close(). */
  readonly ended: Promise<AppError | undefined>

  constructor(parts: SessionParts) {
    this.#parts = parts
    this.ended = this.#run()
  }

  /** Video first; formats and counters as of now. */
  get tracks(): readonly TrackFacts[] {
    return this.#parts.tracks.map(trackFacts)
  }

  facts(): SessionFacts {
    const { link, transport, ports } = this.#parts
    const tracks = this.tracks
    const sum = (count: (track: TrackFacts) => number) => tracks.reduce((total, track) => total + count(track), 0)
    return {
      transport,
      bytes: link.bytes,
      reads: link.reads,
      rtpLost: sum((track) => track.rtpLost),
      senderReports: sum((track) => track.senderReports),
      refusedDatagrams: ports.reduce((total, pair) => total + pair.refused, 0),
      nextRun: Math.max(...tracks.map((track) => track.run)) + 1,
      keySha256: link.keySha256,
      tracks,
    }
  }

  /**
   * 0 (the start): every byte is handled as it comes. Otherwise the bytes wait up to `ms` in the system's buffer, which
   * saves wake-ups while nobody watches live; arrival times are late by as much. At any time; over TCP only.
   */
  setReadEvery(ms: number): void {
    this.#parts.link.setReadEvery(Math.min(1000, Math.max(0, ms)))
  }

  /** Says goodbye and hangs up; may be called twice. */
  async close(): Promise<void> {
    if (!this.#isClosing) {
      this.#isClosing = true
      const { link, uri } = this.#parts
      // Some cameras count a viewer until they hear this; a camera that does not answer is left after half a second.
      await link.request('TEARDOWN', uri, {}, 500).then(ignore, ignore)
      link.destroy(new AppError('camera_unreachable', 'The session was closed.'))
    }
    await this.ended
  }

  async #run(): Promise<AppError | undefined> {
    const { link, ports, signal } = this.#parts
    const onAbort = () => void this.close()
    signal.addEventListener('abort', onAbort)
    const watch = this.#watch()
    const reason = await link.closed
    signal.removeEventListener('abort', onAbort)
    this.#stop.abort()
    for (const pair of ports) pair.close()
    await watch
    return this.#isClosing ? undefined : reason
  }

  /** Once a second until the end: the camera's share of bytes, its silence, its session's time-out. */
  async #watch(): Promise<void> {
    const { link, clock, stallMs, timeoutS } = this.#parts
    const keepAliveMs = Math.min(30, timeoutS / 2) * 1000
    let units = 0
    let unitsAtMs = clock.monotonicMs()
    let aliveAtMs = Number.NEGATIVE_INFINITY // The first OPTIONS goes out at once: its answer tells what the camera knows.
    let reportAtMs = unitsAtMs
    let secondsOverBudget = 0
    while (!this.#stop.signal.aborted) {
      const nowMs = clock.monotonicMs()
      secondsOverBudget = link.grantSecond() ? secondsOverBudget + 1 : 0
      if (secondsOverBudget > maxSecondsOverBudget) {
        link.destroy(
          new AppError(
            'camera_unsupported',
            'The camera sends more than 128 Mbit/s or 20,000 packets a second. Lower its bitrate.',
          ),
        )
      }
      const seen = this.#parts.tracks[0]?.counts.units ?? 0
      if (seen !== units) unitsAtMs = nowMs
      units = seen
      if (nowMs - unitsAtMs >= stallMs) {
        link.destroy(new AppError('camera_stalled', 'The camera is connected, but sends no picture.'))
      }
      if (nowMs - aliveAtMs >= keepAliveMs) {
        aliveAtMs = nowMs
        this.#keepAlive()
      }
      if (nowMs - reportAtMs >= reportEveryMs) {
        reportAtMs = nowMs
        for (const pair of this.#parts.ports) pair.sendRtcp(emptyReceiverReport)
      }
      await clock.sleep(1000, this.#stop.signal).then(ignore, ignore)
    }
  }

  /** Not answering is no fault here: some cameras stream well and answer nothing meanwhile. */
  #keepAlive(): void {
    const { link, uri } = this.#parts
    const method = this.#keepAliveMethod
    const note = ({ status = 0, headers }: RtspMessage) => {
      const isKnown = status >= 200 && status < 300
      const offersMore = headers.get('public')?.some((methods) => methods.includes('GET_PARAMETER'))
      if (status === 454) link.destroy(new AppError('camera_unreachable', 'The camera has ended the session.'))
      else if (method === 'GET_PARAMETER' && !isKnown) this.#keepAliveMethod = 'OPTIONS'
      else if (offersMore) this.#keepAliveMethod = 'GET_PARAMETER'
    }
    link.request(method, uri).then(note, ignore)
  }
}

function trackFacts(track: RtpTrack): TrackFacts {
  const { units, keys, packets, malformed, senderReports } = track.counts
  const { kind, format, run, lost, late, damaged, early, stepsBack } = track
  return {
    ...{ kind, format, run, units, keys, malformed, senderReports, stepsBack },
    ...{ rtpPackets: packets, rtpLost: lost, rtpLate: late, damagedUnits: damaged, earlyUnits: early },
  }
}

const ignore = () => {}
