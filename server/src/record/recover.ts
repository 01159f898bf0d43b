/**
 * Closes a segment that nobody closed: the recorder was killed, the power failed, or the disk refused the end.
 * What is whole stays and gets a 'recovered' tail; the partial fragment at the end is cut off. Doing it twice changes
 * nothing, and a good file is never touched. Footage behind a damaged place is moved aside, not thrown away.
 * In: an 'opened' note without its 'closed'. Out: the 'closed' or 'abandoned' note. Throws while the disk is not there.
 */
import { constants } from 'node:fs'
import { type FileHandle, open, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { AbandonedNote, ClosedNote, OpenedNote } from './note.ts'
import { hashBytes, readFrom, readSegmentIndex, type SegmentIndex } from './read-segment.ts'
import { type Fragment, parseMoof, type ReadAt } from './scan-fragments.ts'
import { syncFolder } from './segment-file.ts'
import { type SegmentTail, tailBox } from './segment-format.ts'
import { segmentPath } from './segment-path.ts'

/** A file no longer than this may be cut inside its head, and then holds no footage. */
const maxHeadOnlyBytes = 8192
const maxFragmentBytes = 256 * 1024 * 1024
const restFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW

export async function recoverSegment(volumePath: string, opened: OpenedNote): Promise<ClosedNote | AbandonedNote> {
  const path = join(volumePath, segmentPath(opened))
  const file = await openExisting(path)
  if (!file) return abandoned(opened, 'its file is not there')
  try {
    const { size } = await file.stat()
    const read = readFrom(file)
    const index = await readSegmentIndex(read, size)
    if (!index && size > maxHeadOnlyBytes) return abandoned(opened, 'the beginning of its file is damaged')
    if (index && index.head.id !== opened.id) return abandoned(opened, 'its file holds another segment')
    const whole = index ? await wholeFragments(read, index) : []
    if (index?.tail && whole.length === index.fragments.length) return closed(opened, index, index.tail)
    if (!index || whole.length === 0) {
      await keepRest(read, index?.headEnd ?? size, size, path)
      await unlink(path)
      await syncFolder(dirname(path))
      return abandoned(opened, 'it held no whole fragment')
    }
    return await closeAfter(file, index, whole, opened, path)
  } finally {
    await file.close()
  }
}

async function closeAfter(
  file: FileHandle,
  index: SegmentIndex,
  whole: readonly Fragment[],
  opened: OpenedNote,
  path: string,
): Promise<ClosedNote> {
  const last = whole.at(-1)
  const endOffset = last ? last.offset + last.sizeBytes : index.headEnd
  const durationMs = last ? (last.tfdt + last.durationTicks) / 90 : 0
  const tail: SegmentTail = {
    v: 1,
    sha256: await hashBytes(readFrom(file), endOffset),
    endMs: index.head.startMs + Math.max(1, Math.round(durationMs)),
    frames: whole.reduce((sum, fragment) => sum + fragment.frames, 0),
    durationMs,
    end: 'recovered',
  }
  await keepRest(readFrom(file), endOffset, index.sizeBytes, path)
  await file.truncate(endOffset)
  const box = tailBox(tail)
  await file.write(box, 0, box.length, endOffset)
  await file.datasync()
  await syncFolder(dirname(path))
  return closed(opened, { ...index, sizeBytes: endOffset + box.length }, tail)
}

/** The leading fragments that are there to their last byte. All of them where the tail's hash says so. */
async function wholeFragments(read: ReadAt, index: SegmentIndex): Promise<readonly Fragment[]> {
  if (index.tail && (await hashBytes(read, index.endOffset)) === index.tail.sha256) return index.fragments
  if (!/^(avc1|hvc1)/.test(index.head.codec)) return index.fragments
  const whole: Fragment[] = []
  for (const fragment of index.fragments) {
    if (fragment.sizeBytes > maxFragmentBytes || !samplesAreWhole(await read(fragment.offset, fragment.sizeBytes)))
      break
    whole.push(fragment)
  }
  return whole
}

/**
 * After a power cut a file can have its length but zeros where its last seconds should be: then the lengths in front
 * of the NAL units do not add up to the sample.
 */
function samplesAreWhole(fragment: Buffer): boolean {
  const moofBytes = fragment.readUInt32BE(0)
  const run = parseMoof(fragment.subarray(0, moofBytes))?.[0]
  let at = run?.dataOffset ?? 0
  for (const size of run?.sizes ?? []) {
    const end = at + size
    while (at < end) {
      const unitBytes = at + 4 < end ? fragment.readUInt32BE(at) : 0
      if (unitBytes === 0 || at + 4 + unitBytes > end) return false
      at += 4 + unitBytes
    }
  }
  return run !== undefined
}

/** Copies what is about to be cut off to a file beside, unless it is only a fragment or tail that was being written. */
async function keepRest(read: ReadAt, from: number, sizeBytes: number, path: string): Promise<void> {
  if (await isUnfinished(read, from, sizeBytes)) return
  // Overwrites what a recovery that was itself cut short may have left: nothing had been cut off then.
  await using rest = await open(`${path}.damaged`, restFlags, 0o600)
  for (let at = from; at < sizeBytes; ) {
    const bytes = await read(at, Math.min(1024 * 1024, sizeBytes - at))
    if (bytes.length === 0) break
    await rest.write(bytes)
    at += bytes.length
  }
  await rest.datasync()
}

async function isUnfinished(read: ReadAt, from: number, sizeBytes: number): Promise<boolean> {
  const head = await read(from, 8)
  if (from + 8 > sizeBytes) return true
  const boxBytes = head.readUInt32BE(0)
  if (boxBytes === 0) return true // Zeros: never written.
  const type = head.toString('latin1', 4, 8)
  if (from + boxBytes > sizeBytes) return type === 'moof' || type === 'uuid'
  if (type !== 'moof') return false
  const mdat = await read(from + boxBytes, 8)
  return mdat.length < 8 || from + boxBytes + mdat.readUInt32BE(0) > sizeBytes
}

async function openExisting(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_RDWR | constants.O_NOFOLLOW)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

const abandoned = (opened: OpenedNote, reason: string): AbandonedNote => ({ note: 'abandoned', id: opened.id, reason })

function closed(opened: OpenedNote, index: SegmentIndex, tail: SegmentTail): ClosedNote {
  const { prevSha256, codec, width, height, hasAudio } = index.head
  const { sha256, endMs, frames } = tail
  const { sizeBytes } = index
  return { ...opened, note: 'closed', endMs, sizeBytes, frames, sha256, prevSha256, codec, width, height, hasAudio }
}
