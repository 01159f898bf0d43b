/** Whether one segment file still is what it was when it was closed: its bytes, its own account of itself, its row. */
import type { FileHandle } from 'node:fs/promises'
import { whyElsewhere } from './describe-file.ts'
import { hashBytes, openSegmentFile, readFrom, readSegmentHead } from './read-segment.ts'
import { parseTailBox, type SegmentHead, type SegmentTail, tailBytes } from './segment-format.ts'
import type { SegmentPlace } from './segment-path.ts'
import type { Segment } from './segment-store.ts'

/** `reordered`: whole, but not what belongs in this place of the chain. */
export type FindingKind = 'changed' | 'missing' | 'reordered' | 'unreadable'
export interface Trouble {
  readonly kind: FindingKind
  /** For people. */
  readonly why: string
}
/** Without a tail and changed in the last minutes: the recorder may be writing it. */
export const stillOpen = 'still open'
/** What a good file is a link of. */
export interface Link {
  readonly startMs: number
  readonly endMs: number
  readonly clockEpoch: number
  readonly sha256: string
  readonly prevSha256: string
  readonly sizeBytes: number
}

/** An end in the index may have given way to the next start (segment-index-store.ts). */
const endSlackMs = 1000

const quietMs = 5 * 60_000

export interface VerifyFileOptions {
  /** The file's row; without one it is only held to what it says of itself. */
  readonly expected?: Segment
  /** Leaves the bytes between head and tail unread. */
  readonly isFast: boolean
  readonly nowMs: number
}

export async function verifyFile(
  path: string,
  place: SegmentPlace,
  options: VerifyFileOptions,
): Promise<Trouble | Link | typeof stillOpen> {
  let file: FileHandle
  try {
    file = await openSegmentFile(path)
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    return isGone ? { kind: 'missing', why: 'its file is not there' } : unreadable(error)
  }
  try {
    return await verifyOpen(file, place, options)
  } catch (error) {
    return unreadable(error)
  } finally {
    await file.close()
  }
}

function unreadable(error: unknown): Trouble {
  return { kind: 'unreadable', why: error instanceof Error ? error.message : String(error) }
}

async function verifyOpen(
  file: FileHandle,
  place: SegmentPlace,
  { expected, isFast, nowMs }: VerifyFileOptions,
): Promise<Trouble | Link | typeof stillOpen> {
  const { size, mtimeMs } = await file.stat()
  const read = readFrom(file)
  const start = await readSegmentHead(read, size)
  if (!start) return { kind: 'unreadable', why: 'its beginning is not that of a segment' }
  const { head } = start
  const elsewhere = whyElsewhere(head, place)
  if (elsewhere !== undefined) return { kind: 'reordered', why: elsewhere }
  const endOffset = size - tailBytes
  const tail = endOffset >= start.headEnd ? parseTailBox(await read(endOffset, tailBytes)) : undefined
  if (!tail && !expected && Math.abs(nowMs - mtimeMs) < quietMs) return stillOpen
  if (!tail) return { kind: 'changed', why: 'its end is not there: it was cut, extended or never closed' }
  const difference = expected && whyDifferent(expected, head, tail, size)
  if (difference) return difference
  if (!isFast && (await hashBytes(read, endOffset)) !== tail.sha256)
    return { kind: 'changed', why: 'its bytes do not have the hash that they had' }
  const { startMs, clockEpoch, prevSha256 } = head
  return { startMs, clockEpoch, prevSha256, endMs: tail.endMs, sha256: tail.sha256, sizeBytes: size }
}

function whyDifferent(row: Segment, head: SegmentHead, tail: SegmentTail, sizeBytes: number): Trouble | undefined {
  if (head.id !== row.id) return { kind: 'reordered', why: `it is segment ${head.id}, not ${row.id}` }
  if (sizeBytes !== row.sizeBytes) return { kind: 'changed', why: `it has ${sizeBytes} bytes and had ${row.sizeBytes}` }
  if (tail.sha256 !== row.sha256) return { kind: 'changed', why: 'its hash is not the one in the index' }
  const isSame =
    head.startMs === row.startMs &&
    head.clockEpoch === row.clockEpoch &&
    head.prevSha256 === row.prevSha256 &&
    Math.abs(tail.endMs - row.endMs) <= endSlackMs
  return isSame ? undefined : { kind: 'changed', why: 'its times or its predecessor are not those in the index' }
}
