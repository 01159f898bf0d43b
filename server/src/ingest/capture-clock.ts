/**
 * Answers for one RTSP session when the camera saw each picture, in UTC by our clock.
 *
 * In:        arrivals, RTP times, and what the camera's sender reports say of its own clock. Out: captureMs; the camera's clock offset.
 * Not here:  the estimate itself (track-timing.ts), our own clock's steps (wall-clock.ts).
 * Invariant: a camera clock that disagrees with ours by more than 5 s is reported and not believed. docs/design/time.md
 */
import type { CaptureClock, TrackKind } from '../rtsp/capture-clock.ts'
import { TrackTiming } from './track-timing.ts'
import type { WallClock } from './wall-clock.ts'

export interface CheckedCaptureClock extends CaptureClock {
  /** Camera's clock minus ours by the last sender report, its delay included; null where it sends none. */
  clockOffsetMs(): number | null
}

const maxDisagreementMs = 5000
/** Disbelieved once, a camera has to come this near to be believed again: no flapping at the limit. */
const believeAgainMs = 4000

interface Track {
  readonly timing: TrackTiming
  /** By the last report: camera's UTC minus media time. */
  cameraOffsetMs: number | undefined
  isBelieved: boolean
  wallSteps: number
  lastMs: number
}

export function openCaptureClock(wall: WallClock): CheckedCaptureClock {
  const tracks = { video: newTrack(), audio: newTrack() } satisfies Record<TrackKind, Track>
  let clockOffsetMs: number | null = null
  return {
    clockOffsetMs: () => clockOffsetMs,
    captureMs(kind, pts, timescale, arrivalMonotonicMs) {
      const track = tracks[kind]
      const believedMs = believedOffsetMs(track, wall)
      const captured = track.timing.captureMs((pts * 1000) / timescale, arrivalMonotonicMs, believedMs)
      const wallMs = wall.wallMs(captured)
      // Neither a lucky packet nor our own clock, slewed, may turn time round; only a step of our clock may.
      const isStep = track.wallSteps !== wall.steps
      track.wallSteps = wall.steps
      track.lastMs = isStep ? wallMs : Math.max(track.lastMs, wallMs)
      return track.lastMs
    },
    onSenderReport(kind, ntpMs, pts, timescale) {
      const track = tracks[kind]
      track.cameraOffsetMs = ntpMs - (pts * 1000) / timescale
      const differenceMs = disagreementMs(track, wall)
      if (differenceMs === undefined) return
      track.isBelieved = Math.abs(differenceMs) <= (track.isBelieved ? maxDisagreementMs : believeAgainMs)
      if (kind === 'video' || clockOffsetMs === null) clockOffsetMs = Math.round(differenceMs)
    },
    onNewRun(kind) {
      tracks[kind].timing.newRun()
      tracks[kind].cameraOffsetMs = undefined
    },
  }
}

function newTrack(): Track {
  return {
    timing: new TrackTiming(),
    cameraOffsetMs: undefined,
    isBelieved: true,
    wallSteps: 0,
    lastMs: Number.NEGATIVE_INFINITY,
  }
}

/** Camera's clock minus ours; undefined before there is something to compare. */
function disagreementMs({ cameraOffsetMs, timing }: Track, wall: WallClock): number | undefined {
  const arrivalMs = timing.arrivalOffsetMs()
  if (cameraOffsetMs === undefined || arrivalMs === undefined) return undefined
  return wall.monotonicMs(cameraOffsetMs) - arrivalMs
}

/** Checked at every packet, not only at a report: our own clock may have been set since. */
function believedOffsetMs(track: Track, wall: WallClock): number | undefined {
  const differenceMs = disagreementMs(track, wall)
  if (differenceMs === undefined || !track.isBelieved || Math.abs(differenceMs) > maxDisagreementMs) return undefined
  return wall.monotonicMs(track.cameraOffsetMs ?? 0)
}
