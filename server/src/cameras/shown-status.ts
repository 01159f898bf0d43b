/** A camera's status for those who may not know its address: sentences name no host, and live facts need the right to look. */
import type { CameraState, CameraStatus } from '@vedette/shared/camera.ts'

export interface StatusReader {
  readonly isAdmin: boolean
  /** May look at the camera live. */
  readonly mayView: boolean
}

/** The administrator's sentence can hold host names and answers of the camera; this one is made of the state alone (SECURITY.md R6). */
export function plainProblem(state: CameraState): string | null {
  return sentences[state]
}

export function shownStatus(status: CameraStatus, reader: StatusReader): CameraStatus {
  if (reader.isAdmin) return status
  const plain = { ...status, problem: status.problem === null ? null : plainProblem(status.state), code: null }
  if (reader.mayView) return plain
  return { ...plain, motion: false, main: null, sub: null, clockOffsetMs: null }
}

const administrator = 'Tell an administrator if it stays so.'
const sentences: Record<CameraState, string | null> = {
  connecting: 'The camera is being connected.',
  online: `The camera has a problem. ${administrator}`,
  unreachable: `The camera does not answer. ${administrator}`,
  unauthorized: 'The camera refuses its password. An administrator must type it again.',
  stalled: `The camera stopped sending pictures. ${administrator}`,
  unsupported: 'The camera sends something that cannot be recorded. An administrator must change its settings.',
  disabled: 'The camera is switched off.',
}
