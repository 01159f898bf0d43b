/**
 * Plans one fMP4 out of many segments without touching their pictures: the first segment's ftyp and moov, then fragments
 * whose sequence numbers and decode times are moved to one time line that skips gaps (docs/design/live.md).
 * Out: where each byte of the result lies; playback-bytes.ts reads them. Same footage, same plan, same bytes: Range works.
 */
import { createHash } from 'node:crypto'
import { audioTrackId } from '@vedette/shared/fmp4.ts'
import { AppError } from '../lib/app-error.ts'
import { type Extent, type Footage, fragmentStartMs, type Piece, readFrom, type SpanQuery } from './footage.ts'
import { audioTicksPerS, decodeTicksOf, muteInit } from './mp4-walk.ts'

/** A piece's share: bytes [from, to) of its file begin at `position` of the result. */
export interface PlannedPiece {
  readonly piece: Piece
  readonly from: number
  readonly to: number
  readonly position: number
  readonly firstSequence: number
  readonly videoTicks: number
  readonly audioTicks: number
}
export interface Gap {
  readonly startMs: number
  readonly endMs: number
}
export interface PlaybackPlan {
  readonly init: Buffer
  readonly pieces: readonly PlannedPiece[]
  readonly sizeBytes: number
  /** Capture time of the first picture: the key frame at or before the span's start, where there is one. */
  readonly startMs: number
  readonly endMs: number
  /** Time inside that was skipped. */
  readonly gaps: readonly Gap[]
  /** Where to ask again for the rest, when the codec changes or the span is very long; null when this is all. */
  readonly nextMs: number | null
  readonly isMuted: boolean
  readonly etag: string
}

/** Shorter holes are kept as they are: the last picture stands for so long. */
export const gapMs = 1000
/** About two days of segments; a longer span is continued with `nextMs`. */
const maxPieces = 3000
/** More fragments than a segment has, even where every picture is a key frame, so that sequence numbers always rise. */
const sequenceStep = 65_536
/** Room at a gap for sound that came before its pictures and so reaches past their end: 250 ms. */
const joinTicks = 22_500

interface Draft {
  pieces: PlannedPiece[]
  gaps: Gap[]
  position: number
  /** Decode time of the next picture in the result. */
  ticks: number
  /** Capture time of what comes next if nothing is missing. */
  expectedMs: number
}

/** Throws no_footage where the span has none. */
export async function planPlayback(footage: Footage, query: SpanQuery, isMuted: boolean): Promise<PlaybackPlan> {
  const pieces = await footage.list(query, maxPieces + 1)
  const usable = await findFirst(footage, pieces, query)
  if (!usable) throw await noFootage(footage, query)
  const { first, rest } = usable
  const draft: Draft = {
    pieces: [],
    gaps: [],
    position: first.init.length,
    ticks: first.leadTicks,
    expectedMs: first.startMs,
  }
  add(draft, first.part, first.audioRate)
  let nextMs: number | null = null
  for await (const { piece, extent } of withExtents(footage, rest)) {
    if (extent.initHash !== first.extent.initHash || draft.pieces.length >= maxPieces) {
      // Not before the end of what was given, or the next question would begin with the same piece again.
      nextMs = Math.max(piece.startMs, draft.expectedMs)
      break
    }
    const part = await wholeOrStart(footage, piece, extent, query.endMs)
    if (part) add(draft, part, first.audioRate)
  }
  return finish(draft, first, nextMs, isMuted)
}

interface Part {
  readonly piece: Piece
  readonly startMs: number
  readonly endMs: number
  readonly from: number
  readonly to: number
  /** Decode time of its first picture in its own file. */
  readonly startTicks: number
  readonly durationTicks: number
}

interface First {
  readonly part: Part
  readonly extent: Extent
  readonly init: Buffer
  readonly startMs: number
  readonly audioRate: number | undefined
  /** How long the sound begins before the pictures. */
  readonly leadTicks: number
}

async function findFirst(
  footage: Footage,
  pieces: readonly Piece[],
  query: SpanQuery,
): Promise<{ first: First; rest: readonly Piece[] } | undefined> {
  for (const [i, piece] of pieces.entries()) {
    const extent = await footage.extent(piece)
    const part = extent && (await fromKey(footage, piece, extent, query))
    if (!extent || !part) continue
    await using file = await footage.openFile(piece)
    const read = readFrom(file)
    const init = await read(0, extent.initBytes)
    const audioRate = audioTicksPerS(init)
    const moof = await read(part.from, (await read(part.from, 4)).readUInt32BE(0))
    const audioTicks = audioRate && decodeTicksOf(moof, audioTrackId)
    const leadTicks = audioTicks === undefined || !audioRate ? 0 : part.startTicks - (audioTicks * 90_000) / audioRate
    const first = { part, extent, init, startMs: part.startMs, audioRate, leadTicks: Math.max(0, Math.ceil(leadTicks)) }
    return { first, rest: pieces.slice(i + 1) }
  }
  return undefined
}

/** From the last key frame at or before the span's start; from the first one where none is. */
async function fromKey(footage: Footage, piece: Piece, extent: Extent, query: SpanQuery): Promise<Part | undefined> {
  const index = await footage.index(piece)
  if (!index) return undefined
  const key =
    index.fragments.findLast((f) => f.isKey && fragmentStartMs(piece, index, f) <= query.startMs) ??
    index.fragments.find((f) => f.isKey)
  const whole = key && (await wholeOrStart(footage, piece, extent, query.endMs))
  if (!whole || whole.to <= key.offset) return undefined
  return {
    ...whole,
    from: key.offset,
    startMs: Math.round(fragmentStartMs(piece, index, key)),
    startTicks: key.tfdt,
    durationTicks: whole.durationTicks - key.tfdt,
  }
}

/** The piece up to the span's end, a fragment more where the end lies inside one. */
async function wholeOrStart(footage: Footage, piece: Piece, extent: Extent, endMs: number): Promise<Part | undefined> {
  const whole = { piece, startMs: piece.startMs, from: extent.headEnd, startTicks: 0 }
  if (piece.endMs <= endMs)
    return { ...whole, endMs: piece.endMs, to: extent.endOffset, durationTicks: extent.durationTicks }
  const index = await footage.index(piece)
  const last = index?.fragments.findLast((f) => fragmentStartMs(piece, index, f) < endMs)
  if (!last) return undefined
  const durationTicks = last.tfdt + last.durationTicks
  const partEndMs = Math.min(piece.endMs, Math.round(piece.startMs + durationTicks / 90))
  return { ...whole, endMs: partEndMs, to: last.offset + last.sizeBytes, durationTicks }
}

/** Reads extents a few at a time, in order; pieces whose file is gone are left out. */
async function* withExtents(
  footage: Footage,
  pieces: readonly Piece[],
): AsyncGenerator<{ piece: Piece; extent: Extent }> {
  const atOnce = 16
  for (let i = 0; i < pieces.length; i += atOnce) {
    const some = pieces.slice(i, i + atOnce)
    const extents = await Promise.all(some.map((piece) => footage.extent(piece)))
    for (const [j, piece] of some.entries()) {
      const extent = extents[j]
      if (extent) yield { piece, extent }
    }
  }
}

function add(draft: Draft, part: Part, audioRate: number | undefined): void {
  const missingMs = part.startMs - draft.expectedMs
  if (missingMs > gapMs) {
    draft.gaps.push({ startMs: draft.expectedMs, endMs: part.startMs })
    if (audioRate) draft.ticks += joinTicks
  } else if (missingMs > 0) {
    draft.ticks += missingMs * 90
  }
  const videoTicks = draft.ticks - part.startTicks
  draft.pieces.push({
    piece: part.piece,
    from: part.from,
    to: part.to,
    position: draft.position,
    firstSequence: draft.pieces.length * sequenceStep + 1,
    videoTicks,
    audioTicks: audioRate ? Math.round((videoTicks * audioRate) / 90_000) : 0,
  })
  draft.position += part.to - part.from
  draft.ticks += part.durationTicks
  draft.expectedMs = Math.max(draft.expectedMs, part.endMs)
}

function finish(draft: Draft, first: First, nextMs: number | null, isMuted: boolean): PlaybackPlan {
  const hash = createHash('sha256').update(`1 ${isMuted} ${first.extent.initHash}`)
  for (const p of draft.pieces) hash.update(` ${p.piece.id} ${p.from} ${p.to} ${p.videoTicks}`)
  return {
    init: isMuted ? muteInit(first.init) : first.init,
    pieces: draft.pieces,
    sizeBytes: draft.position,
    startMs: first.startMs,
    endMs: draft.expectedMs,
    gaps: draft.gaps,
    nextMs,
    isMuted,
    etag: `"${hash.digest('base64url').slice(0, 22)}"`,
  }
}

async function noFootage(footage: Footage, query: SpanQuery): Promise<AppError> {
  const nextMs = await footage.nextStartMs(query.cameraId, query.stream, query.endMs)
  const next = nextMs === null ? 'There is none after it.' : `It goes on at ${new Date(nextMs).toISOString()}.`
  return new AppError('no_footage', `Nothing was recorded in this span. ${next}`)
}
