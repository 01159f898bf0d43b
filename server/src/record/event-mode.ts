/**
 * Decides whether a stream's footage is wanted now: by the camera's mode, by events with their pre- and post-roll, and
 * by somebody's hand, which counts most. Pure: state and times in, decision out.
 * Deadlines are kept twice, in capture time and in monotonic time, so that setting the clock cannot cut an event short.
 * Not here: acting on it (record-stream.ts).
 */
import type { RecordingMode } from '@vedette/shared/camera.ts'
import { scheduledAt, type WeekSchedule } from '@vedette/shared/schedule.ts'

export interface WantSettings {
  readonly mode: RecordingMode
  /** Of the mode `scheduled`; its week counts in this zone. */
  readonly schedule?: { readonly week: WeekSchedule; readonly timeZone: string } | null
  readonly preRollMs: number
  readonly postRollMs: number
}
export interface WantState {
  readonly event: { readonly untilMs: number; readonly untilMonotonicMs: number } | undefined
  /** By hand: record, or do not, until a monotonic time. */
  readonly override: { readonly record: boolean; readonly untilMonotonicMs: number } | undefined
}
export interface Now {
  readonly wallMs: number
  readonly monotonicMs: number
}
export type Decision =
  | { readonly isWanted: true; readonly by: 'mode' | 'event' | 'hand' }
  | { readonly isWanted: false; readonly cause: 'event' | 'off' | 'schedule' | 'stopped' }

export const nothingWanted: WantState = { event: undefined, override: undefined }

/** Pictures may come this late; then an event ends without waiting for its last key frame. */
const latePicturesMs = 30_000

/** Something happens at `atMs` (capture time): footage is wanted until the post-roll after the last such call. */
export function trigger(state: WantState, settings: WantSettings, atMs: number, now: Now): WantState {
  const untilMs = atMs + settings.postRollMs
  const untilMonotonicMs = now.monotonicMs + untilMs - now.wallMs
  const event = state.event
  if (event && event.untilMonotonicMs >= untilMonotonicMs) return state
  return { ...state, event: { untilMs, untilMonotonicMs } }
}

/** `forMs`: how long the hand's word counts; 0 takes it back. */
export function override(state: WantState, record: boolean, forMs: number, now: Now): WantState {
  return { ...state, override: forMs > 0 ? { record, untilMonotonicMs: now.monotonicMs + forMs } : undefined }
}

export function decide(state: WantState, settings: WantSettings, now: Now): Decision {
  const hand = state.override
  if (hand && now.monotonicMs < hand.untilMonotonicMs)
    return hand.record ? { isWanted: true, by: 'hand' } : { isWanted: false, cause: 'stopped' }
  const mode = modeAt(settings, now.wallMs)
  if (mode === 'continuous') return { isWanted: true, by: 'mode' }
  if (mode !== 'event') return { isWanted: false, cause: mode }
  const isEvent = state.event && now.monotonicMs < state.event.untilMonotonicMs
  return isEvent ? { isWanted: true, by: 'event' } : { isWanted: false, cause: 'event' }
}

/** The mode that holds at an instant; `schedule`: outside what the week says. */
function modeAt({ mode, schedule }: WantSettings, wallMs: number): 'continuous' | 'event' | 'off' | 'schedule' {
  if (mode !== 'scheduled') return mode
  const letter = schedule ? scheduledAt(schedule.week, schedule.timeZone, wallMs) : 'c'
  return letter === 'c' ? 'continuous' : letter === 'e' ? 'event' : 'schedule'
}

interface Unrecorded {
  /** End of what the ledger knows. */
  readonly coveredUntilMs: number
  /** End of the last footage; 0: none. */
  readonly footageEndMs: number
  /** Somebody looked for movement since then; undefined: nobody did. */
  readonly watchedFromMs: number | undefined
}

/** Longer ago a week's times may have come and gone. */
const sameTimesMs = 30 * 60_000

/**
 * Since when it is known that nothing was wanted, of the time before recording began; undefined: it is not. An event that was being
 * recorded at the end of the footage may have been wanted up to the end of its post-roll.
 */
export function unwantedSince(
  settings: WantSettings,
  { coveredUntilMs, footageEndMs, watchedFromMs }: Unrecorded,
  now: Now,
): { readonly fromMs: number; readonly cause: 'event' | 'off' | 'schedule' } | undefined {
  const mode = modeAt(settings, now.wallMs)
  if (mode === 'continuous') return undefined
  if (mode === 'off') return { fromMs: coveredUntilMs, cause: mode }
  const fromMs =
    mode === 'schedule'
      ? coveredUntilMs
      : Math.max(coveredUntilMs, watchedFromMs ?? now.wallMs, footageEndMs + settings.postRollMs)
  const isSame = modeAt(settings, fromMs) === mode && now.wallMs - fromMs < sameTimesMs
  return isSame && fromMs < now.wallMs ? { fromMs, cause: mode } : undefined
}

/**
 * Whether recording that is no longer wanted may end before a key frame captured at `keyMs`: ending there, the next
 * event's pre-roll begins where this footage ended.
 */
export function endsBeforeKey(state: WantState, settings: WantSettings, keyMs: number, now: Now): boolean {
  const decision = decide(state, settings, now)
  if (decision.isWanted) return false
  return decision.cause !== 'event' || keyMs >= (state.event?.untilMs ?? 0) || isLate(state, now)
}

/** Whether recording must end now, key frame or not. */
export function endsNow(state: WantState, settings: WantSettings, now: Now): boolean {
  const decision = decide(state, settings, now)
  if (decision.isWanted) return false
  return decision.cause !== 'event' || isLate(state, now)
}

function isLate(state: WantState, now: Now): boolean {
  return now.monotonicMs >= (state.event?.untilMonotonicMs ?? 0) + latePicturesMs
}

/** How far back recording begins: ms before now, of a trigger at `atMs`. */
export function preRollAgoMs(settings: WantSettings, atMs: number, now: Now): number {
  return Math.max(0, Math.min(now.wallMs - atMs, latePicturesMs)) + settings.preRollMs
}
