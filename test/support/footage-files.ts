/** Real segment files on disk, small and whole, for tests of verify, reconcile and rebuild. */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { initSegment } from '@vedette/shared/fmp4.ts'
import { FragmentBuilder } from '../../server/src/record/fragment-builder.ts'
import { headBox, tailBox } from '../../server/src/record/segment-format.ts'
import { segmentPath } from '../../server/src/record/segment-path.ts'
import type { Segment } from '../../server/src/record/segment-store.ts'
import { frames } from './recording.ts'
import { segment } from './segments.ts'

export interface WriteOptions {
  readonly root: string
  /** Ends the file as a killed recorder would: no tail, and half a fragment more. */
  readonly leaveOpen?: boolean
}

/** Writes two seconds of pictures as this segment's file; gives the segment with its real size, hash and end. */
export function writeSegmentFile(given: Parameters<typeof segment>[0], { root, leaveOpen }: WriteOptions): Segment {
  const wanted = segment({ ...given, endMs: given.startMs + 2000 })
  const { id, cameraId, stream, startMs, clockEpoch, prevSha256 } = wanted
  const packets = frames(2, { fps: 5, gopFrames: 5, fromMs: startMs })
  const [first] = packets
  if (first?.format.kind !== 'video') throw new Error('a segment begins with video')
  const { codecString: codec, width, height } = first.format
  const head = { id, cameraId, stream, startMs, clockEpoch, prevSha256, codec, width, height }
  const parts: Uint8Array[] = [
    initSegment({ video: first.format }),
    headBox({ v: 1, run: 1, seq: 0, hasAudio: false, ...head }),
  ]
  const builder = new FragmentBuilder(first, undefined)
  for (const packet of packets) {
    if (!builder.video.isEmpty && packet.isKey) parts.push(...builder.take(packet).buffers)
    builder.add(packet)
  }
  parts.push(...builder.take().buffers)
  const body = Buffer.concat(parts)
  const sha256 = createHash('sha256').update(body).digest('hex')
  const tail = tailBox({ v: 1, sha256, endMs: wanted.endMs, frames: packets.length, durationMs: 2000, end: 'full' })
  const bytes = leaveOpen ? body.subarray(0, body.length - 20) : Buffer.concat([body, tail])
  const path = join(root, segmentPath(wanted))
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, bytes)
  return { ...wanted, ...head, frames: packets.length, sha256, sizeBytes: bytes.length, hasAudio: false }
}

/** `count` segments one after the other, each naming the one before it. */
export function writeChain(startMs: number, count: number, root: string, given: Partial<Segment> = {}): Segment[] {
  const chain: Segment[] = []
  for (let i = 0; i < count; i++) {
    const prevSha256 = chain.at(-1)?.sha256 ?? given.prevSha256 ?? ''
    chain.push(writeSegmentFile({ ...given, prevSha256, startMs: startMs + i * 2000 }, { root }))
  }
  return chain
}
