/** A camera's latest picture as JPEG, for tiles that cannot show moving ones and for snapshots. */
import type { StreamName } from '@vedette/shared/camera.ts'
import { captureMsHeader } from '@vedette/shared/playback.ts'
import { getBytes, withQuery } from './http.ts'

export interface Frame {
  readonly blob: Blob
  /** When the camera saw it; null where the server does not know. */
  readonly captureMs: number | null
  /** Give it with the next question: then a picture that has not changed is not sent again. */
  readonly etag: string | null
}

interface FrameRequest {
  readonly stream: StreamName
  /** Pixels; without it the server's own measure. */
  readonly maxWidth?: number
  readonly signal: AbortSignal
  /** Of the picture that the page has. */
  readonly etag?: string | null | undefined
}

/** Undefined: the camera has sent no other picture since the one with `etag`. */
export async function fetchFrame(
  cameraId: string,
  { stream, maxWidth, signal, etag }: FrameRequest,
): Promise<Frame | undefined> {
  const path = withQuery(`/api/cameras/${cameraId}/frame.jpg`, { stream, maxWidth })
  const response = await getBytes(path, { signal, headers: etag ? { 'if-none-match': etag } : {} })
  if (response.status === 304) return undefined
  const captureMs = Number(response.headers.get(captureMsHeader) ?? Number.NaN)
  return {
    blob: await response.blob(),
    captureMs: Number.isFinite(captureMs) ? captureMs : null,
    etag: response.headers.get('etag'),
  }
}

/** Address of the newest picture in full size, for saving. */
export const snapshotUrl = (cameraId: string) =>
  withQuery(`/api/cameras/${cameraId}/frame.jpg`, { stream: 'main', maxWidth: 3840 })
