/**
 * The same span as an HLS playlist (RFC 8216) for other players: byte ranges of segment files.
 * Every file's time line begins at 0, so each file is a discontinuity; EXT-X-PROGRAM-DATE-TIME tells where gaps are.
 */
import type { SegmentIndex } from './footage.ts'

export interface PlaylistPiece {
  /** Where the file is served; relative to the playlist, so that it works behind a proxy's path. */
  readonly uri: string
  readonly startMs: number
  readonly index: SegmentIndex
}

/** Players fetch so much at a time. */
const chunkTicks = 4 * 90_000

interface Chunk {
  readonly offset: number
  readonly sizeBytes: number
  readonly startMs: number
  readonly durationS: number
}

export function hlsPlaylist(pieces: readonly PlaylistPiece[], startMs: number, endMs: number): string {
  const lines: string[] = []
  let longestS = 1
  for (const piece of pieces) {
    const chunks = chunksOf(piece).filter((c) => c.startMs < endMs && c.startMs + c.durationS * 1000 > startMs)
    if (chunks.length === 0) continue
    if (lines.length > 0) lines.push('#EXT-X-DISCONTINUITY')
    lines.push(`#EXT-X-MAP:URI="${piece.uri}",BYTERANGE="${piece.index.initBytes}@0"`)
    for (const [i, chunk] of chunks.entries()) {
      if (i === 0) lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(chunk.startMs).toISOString()}`)
      lines.push(
        `#EXTINF:${chunk.durationS.toFixed(3)},`,
        `#EXT-X-BYTERANGE:${chunk.sizeBytes}@${chunk.offset}`,
        piece.uri,
      )
      longestS = Math.max(longestS, chunk.durationS)
    }
  }
  const head = [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${Math.ceil(longestS)}`,
    '#EXT-X-PLAYLIST-TYPE:VOD',
  ]
  return `${[...head, '#EXT-X-INDEPENDENT-SEGMENTS', ...lines, '#EXT-X-ENDLIST'].join('\n')}\n`
}

/** Runs of fragments that begin with a key frame, of some seconds each. */
function chunksOf({ startMs, index }: PlaylistPiece): Chunk[] {
  const chunks: Chunk[] = []
  const firstTicks = index.fragments[0]?.tfdt ?? 0
  let open: { offset: number; fromTicks: number; sizeBytes: number; toTicks: number } | undefined
  const close = () => {
    if (!open) return
    const { offset, sizeBytes, fromTicks, toTicks } = open
    const chunkStartMs = Math.round(startMs + (fromTicks - firstTicks) / 90)
    chunks.push({ offset, sizeBytes, startMs: chunkStartMs, durationS: (toTicks - fromTicks) / 90_000 })
  }
  for (const { offset, sizeBytes, tfdt, durationTicks, isKey } of index.fragments) {
    if (!open || (isKey && tfdt - open.fromTicks >= chunkTicks)) {
      close()
      open = { offset, fromTicks: tfdt, sizeBytes: 0, toTicks: tfdt }
    }
    open.sizeBytes += sizeBytes
    open.toTicks = tfdt + durationTicks
  }
  close()
  return chunks
}
