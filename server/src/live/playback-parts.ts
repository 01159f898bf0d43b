/** The parts of a span, for players that fetch segments themselves: what each is, and where a decoder can start in it. */
import type { PlaybackPart, PlaybackParts } from '@vedette/shared/playback.ts'
import { type Footage, fragmentStartMs, hasSound, type Piece, type SegmentIndex, type SpanQuery } from './footage.ts'
import { gapMs } from './playback-plan.ts'

/** Two hours of full segments; `nextMs` says where to go on. */
export const maxParts = 120

/** Gaps reach to the span's end, but not into the future. */
export async function listParts(
  footage: Footage,
  query: SpanQuery,
  isMuted: boolean,
  nowMs: number,
): Promise<PlaybackParts> {
  const pieces = await footage.list(query, maxParts + 1)
  const more = pieces[maxParts]
  const parts: PlaybackPart[] = []
  for (const piece of pieces.slice(0, maxParts)) {
    const index = await footage.index(piece)
    if (index && index.fragments.length > 0) parts.push(partOf(piece, index, isMuted))
  }
  const endMs = Math.min(query.endMs, nowMs, more?.startMs ?? Number.POSITIVE_INFINITY)
  const nextMs = more?.startMs ?? (await footage.nextStartMs(query.cameraId, query.stream, query.endMs))
  return { parts, gaps: gapsIn(parts, query.startMs, endMs), nextMs }
}

function partOf(piece: Piece, index: SegmentIndex, isMuted: boolean): PlaybackPart {
  const { codec, width, height } = index.head
  return {
    segmentId: piece.id,
    startMs: piece.startMs,
    endMs: piece.endMs,
    mime: mimeOf(codec, isMuted ? undefined : soundOf(index)),
    width,
    height,
    initBytes: index.initBytes,
    sizeBytes: piece.isOpen ? index.endOffset : piece.sizeBytes,
    keys: keysOf(piece, index),
  }
}

/** RFC 6381; undefined where there is none. A track that was announced and stayed empty is none: players would wait for it. */
function soundOf(index: SegmentIndex): string | undefined {
  return hasSound(index) ? (index.head.audioCodec ?? 'mp4a.40.2') : undefined
}

/** Where every picture is a key frame (JPEG cameras), naming each would make answers of megabytes. */
const keySpacingMs = 400

function keysOf(piece: Piece, index: SegmentIndex): [number, number][] {
  const keys: [number, number][] = []
  for (const fragment of index.fragments) {
    const atMs = Math.round(fragmentStartMs(piece, index, fragment))
    if (fragment.isKey && atMs - (keys.at(-1)?.[0] ?? 0) >= keySpacingMs) keys.push([atMs, fragment.offset])
  }
  return keys
}

/** A JPEG stream is called so in MP4 (shared/src/sample-entry.ts). */
export function mimeOf(videoCodec: string, audioCodec: string | undefined): string {
  const video = videoCodec === 'mjpeg' ? 'mp4v.6C' : videoCodec
  return `video/mp4; codecs="${audioCodec ? `${video}, ${audioCodec}` : video}"`
}

/** Time in [startMs, endMs) that no part covers, where it is long enough to matter. */
export function gapsIn(
  parts: readonly { readonly startMs: number; readonly endMs: number }[],
  startMs: number,
  endMs: number,
): { startMs: number; endMs: number }[] {
  const gaps: { startMs: number; endMs: number }[] = []
  let coveredMs = startMs
  for (const part of [...parts, { startMs: endMs, endMs }]) {
    if (part.startMs - coveredMs > gapMs) gaps.push({ startMs: coveredMs, endMs: Math.min(part.startMs, endMs) })
    coveredMs = Math.max(coveredMs, part.endMs)
  }
  return gaps
}
