/**
 * Bytes of whole fragments out of a segment file, moved to another time line and without their sound where asked.
 * In pieces of at most 256 kB: memory stays small and a reader that waits makes us wait.
 */
import type { FileHandle } from 'node:fs/promises'
import { AppError } from '../lib/app-error.ts'
import type { Fragment } from './footage.ts'
import { type Move, moveFragment, muteFragment } from './mp4-walk.ts'

export const chunkBytes = 256 * 1024

export interface FragmentChange {
  /** Where the n-th of the segment's fragments goes; undefined leaves it where it is. */
  readonly move?: (fragmentNumber: number) => Move
  readonly isMuted: boolean
}

/** Bytes [first, end) of the file; they must lie inside `fragments`. */
export async function* fragmentBytes(
  file: FileHandle,
  fragments: readonly Fragment[],
  first: number,
  end: number,
  change: FragmentChange,
): AsyncGenerator<Buffer> {
  for (const [number, fragment] of fragments.entries()) {
    const fragmentEnd = fragment.offset + fragment.sizeBytes
    if (fragmentEnd <= first || fragment.offset >= end) continue
    yield* oneFragment(file, fragment, number, Math.max(first, fragment.offset), Math.min(end, fragmentEnd), change)
  }
}

async function* oneFragment(
  file: FileHandle,
  fragment: Fragment,
  number: number,
  first: number,
  end: number,
  change: FragmentChange,
): AsyncGenerator<Buffer> {
  const { offset, moofBytes } = fragment
  // The moof is always read: it says where the sound begins, too.
  const headBytes = Math.max(moofBytes, Math.min(end - offset, chunkBytes))
  const head = await readExactly(file, offset, headBytes)
  const moof = head.subarray(0, moofBytes)
  if (change.move) moveFragment(moof, change.move(number))
  const soundAt = change.isMuted ? offset + muteFragment(moof) : Number.POSITIVE_INFINITY
  if (offset + headBytes > first) yield cut(head, offset, first, end, soundAt)
  for (let at = Math.max(first, offset + headBytes); at < end; at += chunkBytes)
    yield cut(await readExactly(file, at, Math.min(chunkBytes, end - at)), at, first, end, soundAt)
}

/** The part of `bytes` (which lie at `at` in the file) within [first, end), with zeros from `soundAt` on. */
function cut(bytes: Buffer, at: number, first: number, end: number, soundAt: number): Buffer {
  if (at + bytes.length > soundAt) bytes.fill(0, Math.max(0, soundAt - at))
  return bytes.subarray(Math.max(0, first - at), end - at)
}

/** Throws where the file ends before: what was promised in content-length cannot be kept. */
export async function readExactly(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, offset)
  if (bytesRead === length) return buffer
  throw new AppError('not_found', 'This footage ends before it should: its file was cut.')
}
