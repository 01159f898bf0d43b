/**
 * Footage as playback sees it: pieces (closed segments from the index, and those still being written), their files' heads
 * and fragment lists. Everything that belongs to recording comes in as functions.
 * Invariant: files are opened by ids and times only (segmentPath), never through a symbolic link (openSegmentFile).
 */
import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { StreamName } from '@vedette/shared/camera.ts'
import { AppError } from '../lib/app-error.ts'
import { type Clock, systemClock } from '../lib/clock.ts'
import { BoundedCache } from './bounded-cache.ts'
import { OpenEnds } from './open-ends.ts'

/** A segment that the recorder is writing. */
export interface OpenSegment {
  readonly id: string
  readonly cameraId: string
  readonly stream: StreamName
  readonly volumeId: string
  readonly fileMs: number
  readonly startMs: number
  readonly clockEpoch: number
}
export interface ClosedSegment extends OpenSegment {
  readonly endMs: number
  readonly sizeBytes: number
}
/** A segment, or what there is of it by now. */
export interface Piece extends ClosedSegment {
  readonly isOpen: boolean
}

export interface SpanQuery {
  readonly cameraId: string
  readonly stream: StreamName
  readonly startMs: number
  readonly endMs: number
}

export type ReadAt = (offset: number, length: number) => Promise<Buffer>

/** A moof with its mdat. */
export interface Fragment {
  readonly offset: number
  readonly sizeBytes: number
  readonly moofBytes: number
  /** Decode time and duration of the pictures, in 1/90000 s from the segment's start. */
  readonly tfdt: number
  readonly durationTicks: number
  readonly firstPts: number
  /** A decoder can start here. */
  readonly isKey: boolean
  readonly hasAudio: boolean
}
export interface SegmentHead {
  readonly head: {
    readonly codec: string
    readonly width: number
    readonly height: number
    readonly hasAudio: boolean
    readonly audioCodec?: string | undefined
  }
  /** ftyp and moov. */
  readonly initBytes: number
  /** Where the first fragment begins. */
  readonly headEnd: number
}
export interface SegmentIndex extends SegmentHead {
  readonly fragments: readonly Fragment[]
  /** End of the last whole fragment. */
  readonly endOffset: number
}

/** How to read a segment file (record/). */
export interface SegmentFiles {
  readonly segmentPath: (place: { cameraId: string; stream: StreamName; fileMs: number }) => string
  readonly openSegmentFile: (path: string) => Promise<FileHandle>
  readonly readSegmentHead: (read: ReadAt, sizeBytes: number) => Promise<SegmentHead | undefined>
  readonly readSegmentIndex: (read: ReadAt, sizeBytes: number) => Promise<SegmentIndex | undefined>
  readonly parseTailBox: (box: Buffer) => { readonly durationMs: number } | undefined
  readonly tailBytes: number
}

export interface FootageDeps {
  readonly findSegment: (id: string) => Promise<ClosedSegment | undefined>
  /** Segments that overlap [fromMs, toMs), oldest first. */
  readonly listSegments: (filter: {
    cameraId: string
    stream: StreamName
    fromMs: number
    toMs: number
    limit: number
  }) => Promise<readonly ClosedSegment[]>
  /** The first that begins at or after `atMs`. */
  readonly nextSegmentAfter: (
    cameraId: string,
    stream: StreamName,
    atMs: number,
  ) => Promise<{ readonly startMs: number } | undefined>
  /** All that are being written now. */
  readonly openSegments: () => readonly OpenSegment[]
  /** A volume's root; undefined where it is away. */
  readonly volumePath: (volumeId: string) => string | undefined
  readonly files: SegmentFiles
  readonly clock?: Clock
}

/** What a whole closed segment gives to a span, known from its first and last bytes alone. */
export interface Extent {
  readonly head: SegmentHead['head']
  readonly initBytes: number
  readonly headEnd: number
  readonly endOffset: number
  readonly durationTicks: number
  /** Same hash: one decoder plays both. */
  readonly initHash: string
}

const ticksPerMs = 90

export class Footage {
  readonly #deps: FootageDeps
  // Some 120 bytes a fragment: 25 MB, thirty hours of footage in pieces of a second.
  readonly #indexes = new BoundedCache<SegmentIndex>(100_000, (index) => index.fragments.length + 10)
  readonly #extents = new BoundedCache<Extent>(10_000, () => 1)

  readonly #openEnds: OpenEnds<OpenSegment>

  constructor(deps: FootageDeps) {
    this.#deps = deps
    this.#openEnds = new OpenEnds({
      clock: deps.clock ?? systemClock,
      lookAt: (segment) => this.#writtenMs(segment),
    })
  }

  /** Pieces that overlap the span, oldest first, at most `limit`. */
  async list({ cameraId, stream, startMs, endMs }: SpanQuery, limit: number): Promise<Piece[]> {
    // Before the index is read, so that a segment that closes meanwhile is in one of the two.
    const open = this.#deps.openSegments().filter((s) => s.cameraId === cameraId && s.stream === stream)
    const rows = await this.#deps.listSegments({ cameraId, stream, fromMs: startMs, toMs: endMs, limit })
    const pieces: Piece[] = rows.map((row) => ({ ...row, isOpen: false }))
    if (pieces.length >= limit) return pieces
    for (const segment of open.filter((s) => s.startMs < endMs && rows.every((row) => row.id !== s.id))) {
      const piece = await this.#growing(segment)
      if (piece && piece.endMs > startMs) pieces.push(piece)
    }
    return pieces.sort((a, b) => a.startMs - b.startMs || a.clockEpoch - b.clockEpoch)
  }

  /**
   * What there is by now of these cameras' open segments, to about a second: the file was last written when it ended. `unread`:
   * cameras of which that is unknown, because the disk does not answer.
   */
  async openSpans(cameraIds: readonly string[], nowMs: number) {
    const open = this.#deps.openSegments().filter((s) => s.stream === 'main' && cameraIds.includes(s.cameraId))
    const ends = await this.#openEnds.read(open)
    const spans = open.flatMap(({ id, cameraId, startMs }) => {
      const endMs = Math.floor(Math.min(nowMs, ends.get(id) ?? 0))
      return endMs > startMs ? [{ cameraId, startMs, endMs }] : []
    })
    const unread = open.filter(({ id }) => !ends.has(id)).map(({ cameraId }) => cameraId)
    return { spans, unread: [...new Set(unread)] }
  }

  async find(segmentId: string): Promise<Piece | undefined> {
    const open = this.#deps.openSegments().find((segment) => segment.id === segmentId)
    const row = await this.#deps.findSegment(segmentId)
    if (row) return { ...row, isOpen: false }
    return open && this.#growing(open)
  }

  /** Where footage begins again at or after `atMs`; null where none does. */
  async nextStartMs(cameraId: string, stream: StreamName, atMs: number): Promise<number | null> {
    const starts = this.#deps
      .openSegments()
      .filter((s) => s.cameraId === cameraId && s.stream === stream && s.startMs >= atMs)
      .map((s) => s.startMs)
    const row = await this.#deps.nextSegmentAfter(cameraId, stream, atMs)
    if (row) starts.push(row.startMs)
    return starts.length > 0 ? Math.min(...starts) : null
  }

  /** Throws not_found where the file is gone, volume_missing where its volume is. */
  async openFile(segment: OpenSegment): Promise<FileHandle> {
    const root = this.#deps.volumePath(segment.volumeId)
    if (root === undefined)
      throw new AppError('volume_missing', 'The disk with this footage is away. Connect it and try again.')
    const { files } = this.#deps
    try {
      return await files.openSegmentFile(join(root, files.segmentPath(segment)))
    } catch (error) {
      throw new AppError('not_found', 'This footage is not there any more.', { cause: error })
    }
  }

  /** All fragments of a piece; undefined where its file is gone or is no segment. */
  index(piece: Piece): Promise<SegmentIndex | undefined> {
    // An open piece has the size that it had when it was listed: later fragments belong to a later answer.
    const key = piece.isOpen ? `${piece.id} ${piece.sizeBytes}` : piece.id
    return this.#indexes.get(key, () =>
      this.#read(piece, (read) => this.#deps.files.readSegmentIndex(read, piece.sizeBytes)),
    )
  }

  /** What a piece gives as a whole, without reading all of its fragments where it is closed. */
  async extent(piece: Piece): Promise<Extent | undefined> {
    if (!piece.isOpen)
      return this.#extents.get(piece.id, () => this.#read(piece, (read) => this.#readExtent(read, piece)))
    const index = await this.index(piece)
    return index && this.#read(piece, (read) => extentOf(read, index))
  }

  async #readExtent(read: ReadAt, piece: Piece): Promise<Extent | undefined> {
    const { files } = this.#deps
    const head = await files.readSegmentHead(read, piece.sizeBytes)
    if (!head) return undefined
    const endOffset = piece.sizeBytes - files.tailBytes
    const tail = files.parseTailBox(await read(endOffset, files.tailBytes))
    if (tail) {
      const durationTicks = Math.ceil(tail.durationMs * ticksPerMs)
      return { ...head, endOffset, durationTicks, initHash: await hashInit(read, head.initBytes) }
    }
    const index = await this.index(piece)
    return index && extentOf(read, index)
  }

  /** What there is of a segment that is being written. */
  async #growing(segment: OpenSegment): Promise<Piece | undefined> {
    const sizeBytes = await this.#fileSize(segment)
    const piece = { ...segment, sizeBytes, endMs: segment.startMs, isOpen: true }
    const index = sizeBytes > 0 ? await this.index(piece) : undefined
    const last = index?.fragments.at(-1)
    return last && { ...piece, endMs: Math.round(segment.startMs + (last.tfdt + last.durationTicks) / ticksPerMs) }
  }

  async #fileSize(segment: OpenSegment): Promise<number> {
    try {
      await using file = await this.openFile(segment)
      return (await file.stat()).size
    } catch (error) {
      if (error instanceof AppError) return 0
      throw error
    }
  }

  async #writtenMs(segment: OpenSegment): Promise<number> {
    try {
      await using file = await this.openFile(segment)
      return (await file.stat()).mtimeMs
    } catch (error) {
      if (error instanceof AppError) return 0
      throw error
    }
  }

  /** Runs `use` on the piece's file; undefined where it cannot be opened: footage that is gone is a gap, not a failure. */
  async #read<T>(piece: Piece, use: (read: ReadAt) => Promise<T | undefined>): Promise<T | undefined> {
    let file: FileHandle
    try {
      file = await this.openFile(piece)
    } catch (error) {
      if (error instanceof AppError) return undefined
      throw error
    }
    try {
      return await use(readFrom(file))
    } finally {
      await file.close()
    }
  }
}

/** Its track of sound has samples by now. */
export function hasSound(index: SegmentIndex): boolean {
  return index.head.hasAudio && index.fragments.some((fragment) => fragment.hasAudio)
}

/** Capture time of a fragment's first picture. */
export function fragmentStartMs(piece: Piece, index: SegmentIndex, fragment: Fragment): number {
  return piece.startMs + (fragment.firstPts - (index.fragments[0]?.firstPts ?? 0)) / ticksPerMs
}

export function readFrom(file: FileHandle): ReadAt {
  return async (offset, length) => {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, offset)
    return buffer.subarray(0, bytesRead)
  }
}

async function extentOf(read: ReadAt, index: SegmentIndex): Promise<Extent> {
  const last = index.fragments.at(-1)
  const { head, initBytes, headEnd, endOffset } = index
  const durationTicks = last ? last.tfdt + last.durationTicks : 0
  return { head, initBytes, headEnd, endOffset, durationTicks, initHash: await hashInit(read, initBytes) }
}

async function hashInit(read: ReadAt, initBytes: number): Promise<string> {
  return createHash('sha256')
    .update(await read(0, initBytes))
    .digest('base64url')
}
