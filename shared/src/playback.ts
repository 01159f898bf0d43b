/**
 * Playback. A span of footage is a list of parts; each part plays with one codec configuration and has no gap inside.
 * The browser appends a part's bytes to a MediaSource; other players read the same span as one fMP4 from /playback.
 */
import { z } from 'zod'
import { id, queryTimeMs, timeMs } from './id.ts'

/** GET /api/cameras/:id/parts and GET /api/cameras/:id/playback share this query. */
export const playbackQuery = z.strictObject({
  startMs: queryTimeMs,
  endMs: queryTimeMs,
  stream: z.enum(['main', 'sub']).default('main'),
})

/** One segment's share of a span. Bytes: GET /api/segments/:id/media (honours Range). */
export const playbackPart = z.strictObject({
  segmentId: id,
  startMs: timeMs,
  endMs: timeMs,
  /** MIME type with codecs for MediaSource.isTypeSupported. */
  mime: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  /** Bytes [0, initBytes) are ftyp+moov. */
  initBytes: z.number().int(),
  sizeBytes: z.number().int(),
  /** Key frames where a decoder can start: [capture time ms, byte offset of its moof]. Ascending. */
  keys: z.array(z.tuple([z.number(), z.number().int()])),
})
export type PlaybackPart = z.infer<typeof playbackPart>
export const playbackParts = z.strictObject({
  parts: z.array(playbackPart),
  gaps: z.array(z.strictObject({ startMs: timeMs, endMs: timeMs })),
  /** First footage after the span, to jump over a gap; null at the end. */
  nextMs: timeMs.nullable(),
})
export type PlaybackParts = z.infer<typeof playbackParts>

/** GET /api/cameras/:id/previews?fromMs&toMs: times of the preview pictures; picture: /api/cameras/:id/previews/:ms (JPEG). */
export const previewList = z.strictObject({ times: z.array(timeMs) })
