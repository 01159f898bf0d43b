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

/** GET /api/segments/:id/media: `muted` leaves the track of sound out; no byte moves for it. */
export const mediaQuery = z.strictObject({ muted: z.literal('1').optional() })

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
  /** Key frames where a decoder can start: [capture time ms, byte offset of its moof]. Ascending, at least 400 ms apart. */
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

/** What GET /api/cameras/:id/playback says of the fMP4 that it answers with. Times are UTC milliseconds. */
export const playbackHeaders = {
  /** Capture time of the first picture: the key frame at or before startMs. */
  startMs: 'x-vedette-start-ms',
  endMs: 'x-vedette-end-ms',
  /** Time inside that was skipped: `start-end, start-end, …`, at most 100 of them; empty for none. */
  gaps: 'x-vedette-gaps',
  /** Milliseconds skipped, all gaps together. */
  gapsTotalMs: 'x-vedette-gaps-total-ms',
  /** Only where the answer ends before the span does (another codec or size follows, or the span is longer than two days): ask again from here. */
  nextMs: 'x-vedette-next-ms',
} as const
/** Capture time of a JPEG: frame.jpg, snapshot.jpg, previews. */
export const captureMsHeader = 'x-capture-ms'

/** GET /api/cameras/:id/snapshot.jpg: the picture at an instant of the footage. */
export const snapshotQuery = z.strictObject({
  atMs: queryTimeMs,
  stream: z.enum(['main', 'sub']).default('main'),
  maxWidth: z.coerce.number().int().min(64).max(7680).default(1920),
})
/** GET /api/cameras/:id/frame.jpg: the newest picture, for browsers that can play nothing else. */
export const frameQuery = z.strictObject({
  stream: z.enum(['main', 'sub']).default('sub'),
  maxWidth: z.coerce.number().int().min(64).max(3840).default(1280),
  /** Without meaning: another value makes a browser ask again. */
  at: z.coerce.number().optional(),
})
/** GET /api/cameras/:id/previews; at most 2000 times, spread evenly over the span. */
export const previewQuery = z.strictObject({ fromMs: queryTimeMs, toMs: queryTimeMs })

/** GET /api/cameras/:id/previews?fromMs&toMs: times of the preview pictures; picture: /api/cameras/:id/previews/:ms (JPEG). */
export const previewList = z.strictObject({ times: z.array(timeMs) })
