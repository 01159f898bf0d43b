/** Why a tile does not show a live picture, as data: which sentence, what the server adds, when the next try is. Pure. */
import type { CameraState, CameraView } from '@vedette/shared/camera.ts'
import type { LivePictureState } from './live-picture.ts'

export interface TileTrouble {
  readonly kind: Exclude<CameraState, 'online'> | 'server' | 'not_allowed' | 'late'
  /** The server's own sentence: what is wrong and what to do. */
  readonly detail: string | null
  readonly sinceMs: number | null
  readonly nextTryMs: number | null
}

/** A moving picture that has not moved for so long is old; one of many JPEGs may take longer. */
const lateMs = 4000
const lateJpegMs = 12_000

/** Undefined while all is well. */
export function troubleOf(
  camera: Pick<CameraView, 'enabled' | 'rights' | 'status'>,
  picture: Pick<LivePictureState, 'picture' | 'link' | 'pictureMs' | 'transport'>,
  nowMs: number,
): TileTrouble | undefined {
  const { status } = camera
  const since = { detail: status.problem, sinceMs: status.sinceMs, nextTryMs: status.nextTryMs }
  if (!camera.rights.includes('view')) return { ...nothing, kind: 'not_allowed' }
  if (!camera.enabled || status.state === 'disabled') return { ...nothing, kind: 'disabled' }
  if (status.state !== 'online' && status.state !== 'connecting') return { ...since, kind: status.state }
  if (picture.link.state === 'lost') return { ...nothing, kind: 'server', nextTryMs: picture.link.nextTryMs }
  if (picture.picture !== 'live') return { ...nothing, kind: 'connecting' }
  if (picture.pictureMs === null) return undefined
  const isLate = nowMs - picture.pictureMs > (picture.transport === 'jpeg' ? lateJpegMs : lateMs)
  return isLate ? { ...nothing, kind: 'late', sinceMs: picture.pictureMs } : undefined
}

const nothing = { detail: null, sinceMs: null, nextTryMs: null }
