/** How long to wait before the next attempt at a camera, and what to tell people meanwhile. Pure. */
import type { CameraState } from '@vedette/shared/camera.ts'
import type { ErrorCode } from '@vedette/shared/errors.ts'
import { AppError } from '../lib/app-error.ts'

const secondsByFailure = [1, 2, 5, 10, 30, 60]
/** Camera firmware locks an account, or us out, after a few wrong passwords. */
const unauthorizedS = 300
/** For the handshake and a first key frame; a camera that takes a second connection and leaves it without an answer takes longer. */
const firstPictureMs = 5000

export type FailedState = Extract<CameraState, 'unreachable' | 'unauthorized' | 'stalled' | 'unsupported'>

export interface Failure {
  readonly state: FailedState
  /** A sentence that a person understands. */
  readonly problem: string
  readonly code: ErrorCode
}

const stateByCode: Partial<Record<ErrorCode, FailedState>> = {
  camera_unreachable: 'unreachable',
  camera_unauthorized: 'unauthorized',
  camera_stalled: 'stalled',
  camera_path_not_found: 'unsupported',
  camera_unsupported: 'unsupported',
  camera_not_rtsp: 'unsupported',
  camera_key_changed: 'unsupported',
  address_refused: 'unsupported',
}

export function describeFailure(error: unknown): Failure {
  const state = error instanceof AppError ? stateByCode[error.code] : undefined
  if (state && error instanceof AppError) return { state, problem: error.message, code: error.code }
  const problem = 'The connection to the camera failed for a reason of our own; see the log.'
  return { state: 'unreachable', problem, code: 'internal' }
}

/** Whether a failure is one of those that a camera or network may have; anything else is a bug. */
export function isExpected(error: unknown): boolean {
  return error instanceof AppError && stateByCode[error.code] !== undefined
}

/** Milliseconds until the next attempt, after `failures` in a row (at least 1). */
export function nextDelay(failures: number, state: FailedState): number {
  const seconds = state === 'unauthorized' ? unauthorizedS : secondsByFailure[Math.max(1, failures) - 1]
  return (seconds ?? secondsByFailure.at(-1) ?? 60) * 1000
}

/**
 * Whether a stream that was connected to beside an earlier recorder is to be connected to anew, once that is gone: it may have
 * been refused for its sake. One that is just coming up (after a recorder that died) is let come: it would only lose its time.
 */
export function triesAnew(state: CameraState, connectingForMs: number): boolean {
  if (state === 'connecting') return connectingForMs >= firstPictureMs
  return state !== 'online'
}
