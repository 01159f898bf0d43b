/** Reads a plan's bytes: any range of them, in order, a little at a time. Ends with an error where footage went away meanwhile. */
import { AppError } from '../lib/app-error.ts'
import type { Footage, Piece, SegmentIndex } from './footage.ts'
import { chunkBytes, fragmentBytes, readExactly } from './fragment-bytes.ts'
import { muteInit } from './mp4-walk.ts'
import type { PlannedPiece, PlaybackPlan } from './playback-plan.ts'

/** Bytes [first, end) of the planned file. */
export async function* playbackBytes(
  footage: Footage,
  plan: PlaybackPlan,
  first: number,
  end: number,
): AsyncGenerator<Buffer> {
  if (first < plan.init.length) yield plan.init.subarray(first, end)
  for (const part of plan.pieces) {
    const partEnd = part.position + part.to - part.from
    if (partEnd <= first || part.position >= end) continue
    yield* partBytes(footage, plan, part, Math.max(first, part.position), Math.min(end, partEnd))
  }
}

async function* partBytes(
  footage: Footage,
  plan: PlaybackPlan,
  part: PlannedPiece,
  first: number,
  end: number,
): AsyncGenerator<Buffer> {
  const index = await wholeIndex(footage, part.piece, part.to)
  await using file = await footage.openFile(part.piece)
  const shift = part.from - part.position
  yield* fragmentBytes(file, index.fragments, first + shift, end + shift, {
    isMuted: plan.isMuted,
    move: (fragmentNumber) => ({
      sequence: part.firstSequence + fragmentNumber,
      videoTicks: part.videoTicks,
      audioTicks: part.audioTicks,
    }),
  })
}

/** Bytes [first, end) of one segment's file, as it is but for the sound. */
export async function* segmentBytes(
  footage: Footage,
  piece: Piece,
  first: number,
  end: number,
  isMuted: boolean,
): AsyncGenerator<Buffer> {
  await using file = await footage.openFile(piece)
  if (!isMuted) {
    for (let at = first; at < end; at += chunkBytes) yield await readExactly(file, at, Math.min(chunkBytes, end - at))
    return
  }
  const index = await wholeIndex(footage, piece, 0)
  const { initBytes, headEnd, endOffset } = index
  if (first < headEnd) {
    const head = await readExactly(file, 0, headEnd)
    muteInit(head.subarray(0, initBytes)).copy(head)
    yield head.subarray(first, end)
  }
  yield* fragmentBytes(file, index.fragments, Math.max(first, headEnd), Math.min(end, endOffset), { isMuted })
  if (end > endOffset) yield await readExactly(file, Math.max(first, endOffset), end - Math.max(first, endOffset))
}

async function wholeIndex(footage: Footage, piece: Piece, to: number): Promise<SegmentIndex> {
  const index = await footage.index(piece)
  if (index && index.endOffset >= to) return index
  throw new AppError('not_found', 'This footage is not there any more.')
}
