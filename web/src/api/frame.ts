/** A camera's latest picture as JPEG, for tiles that cannot show moving ones and for snapshots. */
import type { StreamName } from '@vedette/shared/camera.ts'
import { captureMsHeader } from '@vedette/shared/playback.ts'
import { getBytes, withQuery } from './http.ts'

export interface Frame {
  readonly blob: Blob
  /** When the camera saw it; null where the server does not know. */
  readonly captureMs: number | null
}

interface FrameRequest {
  readonly stream: StreamName
  /** Pixels; without it the server's own measure. */
  readonly maxWidth?: number
  readonly signal: AbortSignal
}

export async function fetchFrame(cameraId: string, { stream, maxWidth, signal }: FrameRequest): Promise<Frame> {
  const path = withQuery(`/api/cameras/${cameraId}/frame.jpg`, { stream, maxWidth })
  const response = await getBytes(path, { signal })
  const captureMs = Number(response.headers.get(captureMsHeader) ?? Number.NaN)
  return { blob: await response.blob(), captureMs: Number.isFinite(captureMs) ? captureMs : null }
}

/** Address of the newest picture in full size, for saving. */
export const snapshotUrl = (cameraId: string) =>
  withQuery(`/api/cameras/${cameraId}/frame.jpg`, { stream: 'main', maxWidth: 3840 })
