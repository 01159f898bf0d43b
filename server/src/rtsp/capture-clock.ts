/**
 * The question "when did the camera see this?", asked for every access unit. The RTSP client asks it through this
 * interface and feeds it what the camera says about its own clock; ingest/ answers with a clock that checks the camera.
 * Not here: the believing and disbelieving of camera clocks.
 */
import type { Clock } from '../lib/clock.ts'

export type TrackKind = 'video' | 'audio'

/** One per session. All calls come in arrival order from one stream; `pts` is as in Packet, in units of 1/timescale s. */
export interface CaptureClock {
  /** Once for every packet that is emitted. `arrivalMonotonicMs` is when its last byte was read, late by up to one
   * read interval (RtspSession.setReadEvery) but never early. UTC milliseconds, fractional. */
  captureMs(track: TrackKind, pts: number, timescale: number, arrivalMonotonicMs: number): number
  /** An RTCP sender report of the current run: at `ntpMs` of its own clock (UTC) the camera was at `pts`. */
  onSenderReport(track: TrackKind, ntpMs: number, pts: number, timescale: number, arrivalMonotonicMs: number): void
  /** The time stamps of this track jumped: earlier pts and reports say nothing about the packets that follow. */
  onNewRun(track: TrackKind): void
}

/** Believes only the arrival: what probing and tests need. */
export function arrivalClock(clock: Clock): CaptureClock {
  return {
    captureMs: (_track, _pts, _timescale, arrivalMonotonicMs) =>
      clock.nowMs() - (clock.monotonicMs() - arrivalMonotonicMs),
    onSenderReport: () => {},
    onNewRun: () => {},
  }
}
