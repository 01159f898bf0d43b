/**
 * What a file in a segment's place is, from its first and last bytes alone: a row of the index to be, a segment that nobody
 * closed, or none of ours. Used by reconciling and rebuilding. Not here: whether its bytes are still those (verify.ts).
 */
import type { OpenedNote } from './note.ts'
import { openSegmentFile, readFrom, readSegmentHead } from './read-segment.ts'
import { parseTailBox, type SegmentHead, tailBytes } from './segment-format.ts'
import { type SegmentPlace, segmentPath } from './segment-path.ts'
import type { Segment } from './segment-store.ts'

/** A volume's id and root. */
export interface VolumePlace {
  readonly id: string
  readonly path: string
}

export type Described =
  | { readonly is: 'closed'; readonly segment: Segment }
  | { readonly is: 'unclosed'; readonly opened: OpenedNote; readonly changedMs: number }
  | { readonly is: 'foreign'; readonly why: string }
  | { readonly is: 'gone' }

/** So many later names may have been tried for a segment (segment-file.ts). */
const maxNameShiftMs = 1000
/** A run's id is not in the file; recovery only passes it on. */
const unknownRun = '00000000000000000000000000'

export async function describeFile(volume: VolumePlace, place: SegmentPlace): Promise<Described> {
  const file = await openSegmentFile(`${volume.path}/${segmentPath(place)}`).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT') return undefined
    if (code === 'ELOOP' || code === 'EISDIR') return null
    throw error
  })
  if (file === undefined) return { is: 'gone' }
  if (file === null) return { is: 'foreign', why: 'it is a link or a folder' }
  try {
    const { size, mtimeMs } = await file.stat()
    const read = readFrom(file)
    const start = await readSegmentHead(read, size)
    if (!start) return { is: 'foreign', why: 'it does not begin like a segment' }
    const { head } = start
    const elsewhere = whyElsewhere(head, place)
    if (elsewhere !== undefined) return { is: 'foreign', why: elsewhere }
    const opened = openedNote(head, volume.id, place.fileMs)
    const tail = size > start.headEnd + tailBytes ? parseTailBox(await read(size - tailBytes, tailBytes)) : undefined
    if (!tail) return { is: 'unclosed', opened, changedMs: mtimeMs }
    const { note: _note, runId: _runId, ...facts } = opened
    const { sha256, endMs, frames } = tail
    const { prevSha256, codec, width, height, hasAudio } = head
    return {
      is: 'closed',
      segment: { ...facts, endMs, sizeBytes: size, frames, sha256, prevSha256, codec, width, height, hasAudio },
    }
  } finally {
    await file.close()
  }
}

/** What a file's head says that does not fit its name; undefined: all fits. */
export function whyElsewhere(head: SegmentHead, place: SegmentPlace): string | undefined {
  if (head.cameraId !== place.cameraId) return `it holds footage of camera ${head.cameraId}`
  if (head.stream !== place.stream) return `it holds the ${head.stream} stream`
  const shiftMs = place.fileMs - head.startMs
  if (shiftMs < 0 || shiftMs > maxNameShiftMs) return `it holds footage of ${new Date(head.startMs).toISOString()}`
  return undefined
}

function openedNote(head: SegmentHead, volumeId: string, fileMs: number): OpenedNote {
  const { id, cameraId, stream, startMs, clockEpoch } = head
  return { note: 'opened', id, cameraId, stream, volumeId, fileMs, startMs, clockEpoch, runId: unknownRun }
}
