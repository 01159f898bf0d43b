/** Recorded footage: its parts, their bytes, preview pictures, and addresses for downloads. */
import type { StreamName } from '@vedette/shared/camera.ts'
import { playbackParts, previewList } from '@vedette/shared/playback.ts'
import { get, getBytes, withQuery } from './http.ts'

export interface Span {
  readonly startMs: number
  readonly endMs: number
}
const whole = ({ startMs, endMs }: Span) => ({ startMs: Math.floor(startMs), endMs: Math.ceil(endMs) })

export const fetchParts = (cameraId: string, span: Span, stream: StreamName, signal: AbortSignal) =>
  get({
    path: `/api/cameras/${cameraId}/parts`,
    query: { ...whole(span), stream },
    out: playbackParts,
    signal,
  })

interface MediaBytes {
  readonly segmentId: string
  readonly first: number
  readonly end: number
  /** Without the track of sound, if it has one. */
  readonly isMuted: boolean
}

/** Bytes [first, end) of a segment's file; fewer where the file ends before. */
export async function fetchMedia({ segmentId, first, end, isMuted }: MediaBytes, signal: AbortSignal) {
  const headers = { range: `bytes=${first}-${end - 1}` }
  const path = withQuery(`/api/segments/${segmentId}/media`, { muted: isMuted ? 1 : undefined })
  const response = await getBytes(path, { signal, headers })
  return new Uint8Array(await response.arrayBuffer())
}

export const fetchPreviewTimes = async (cameraId: string, fromMs: number, toMs: number, signal: AbortSignal) =>
  (
    await get({
      path: `/api/cameras/${cameraId}/previews`,
      query: { fromMs: Math.floor(fromMs), toMs: Math.ceil(toMs) },
      out: previewList,
      signal,
    })
  ).times

export const previewUrl = (cameraId: string, ms: number) => `/api/cameras/${cameraId}/previews/${ms}.jpg`

/** A span as one MP4 file. */
export const downloadUrl = (cameraId: string, span: Span, stream: StreamName = 'main') =>
  withQuery(`/api/cameras/${cameraId}/playback`, { ...whole(span), stream })
