/**
 * Reads a segment file: what it says of itself, its fragments, its tail and its hash. Used by playback (index only),
 * verify, rebuild, reconcile and crash recovery. Takes any bytes: a file that is not a segment gives undefined.
 */
import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { type Fragment, type ReadAt, scanFragments } from './scan-fragments.ts'
import { parseHeadBox, parseTailBox, type SegmentHead, type SegmentTail, tailBytes } from './segment-format.ts'

const maxInitBytes = 1024 * 1024
const hashChunkBytes = 1024 * 1024

export interface SegmentIndex {
  readonly head: SegmentHead
  /** ftyp and moov: what a decoder needs before any fragment. */
  readonly initBytes: number
  /** ftyp, moov and head: where the first fragment begins. */
  readonly headEnd: number
  readonly fragments: readonly Fragment[]
  /** End of the last whole fragment: where the tail is, or where to cut. */
  readonly endOffset: number
  /** Only where it follows the last fragment and ends the file: then the file is complete. */
  readonly tail: SegmentTail | undefined
  readonly sizeBytes: number
}

/** The file's own index; the file may be open and growing. */
export async function readSegmentIndex(read: ReadAt, sizeBytes: number): Promise<SegmentIndex | undefined> {
  const start = await readSegmentHead(read, sizeBytes)
  if (!start) return undefined
  const { fragments, endOffset } = await scanFragments(read, start.headEnd, sizeBytes)
  const tail = sizeBytes - endOffset === tailBytes ? parseTailBox(await read(endOffset, tailBytes)) : undefined
  return { ...start, fragments, endOffset, tail, sizeBytes }
}

/** Only the boxes before the first fragment. */
export async function readSegmentHead(
  read: ReadAt,
  sizeBytes: number,
): Promise<Pick<SegmentIndex, 'head' | 'initBytes' | 'headEnd'> | undefined> {
  const ftyp = await boxAt(read, 0, sizeBytes, 'ftyp')
  const moov = ftyp && (await boxAt(read, ftyp, sizeBytes, 'moov'))
  const uuid = moov && (await boxAt(read, ftyp + moov, sizeBytes, 'uuid'))
  if (!uuid) return undefined
  const initBytes = ftyp + moov
  const head = parseHeadBox(await read(initBytes, uuid))
  return head && { head, initBytes, headEnd: initBytes + uuid }
}

/** Size of the box at `offset`; undefined where it is not a whole box of that type. */
async function boxAt(read: ReadAt, offset: number, sizeBytes: number, type: string): Promise<number | undefined> {
  const bytes = await read(offset, 8)
  if (bytes.length < 8 || bytes.toString('latin1', 4, 8) !== type) return undefined
  const size = bytes.readUInt32BE(0)
  return size >= 8 && size <= maxInitBytes && offset + size <= sizeBytes ? size : undefined
}

/**
 * Opens a segment for reading; a symbolic link at its place is refused by the operating system (ELOOP), anything else that
 * is no file here. Not blocking: a pipe at its place would otherwise hold a thread for ever.
 */
export async function openSegmentFile(path: string): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    if ((await file.stat()).isFile()) return file
  } catch (error) {
    await file.close()
    throw error
  }
  await file.close()
  throw Object.assign(new Error(`${path} is not a file`), { code: 'EISDIR' })
}

export function readFrom(file: FileHandle): ReadAt {
  return async (offset, length) => {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, offset)
    return buffer.subarray(0, bytesRead)
  }
}

/** Hex SHA-256 of the first `length` bytes, read in pieces. */
export async function hashBytes(read: ReadAt, length: number): Promise<string> {
  const hash = createHash('sha256')
  for (let at = 0; at < length; ) {
    const bytes = await read(at, Math.min(hashChunkBytes, length - at))
    if (bytes.length === 0) break
    hash.update(bytes)
    at += bytes.length
  }
  return hash.digest('hex')
}

/** Index and hash (of all bytes up to `endOffset`, to be compared with the tail's); undefined: not a segment. */
export async function readSegmentFile(path: string): Promise<(SegmentIndex & { readonly sha256: string }) | undefined> {
  await using file = await openSegmentFile(path)
  const { size } = await file.stat()
  const read = readFrom(file)
  const index = await readSegmentIndex(read, size)
  return index && { ...index, sha256: await hashBytes(read, index.endOffset) }
}
