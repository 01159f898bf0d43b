/** A whole segment file in memory, made of small well-formed samples: for readers and recovery. */
import { createHash } from 'node:crypto'
import { initSegment } from '@vedette/shared/fmp4.ts'
import type { Packet } from '../../server/src/lib/packet.ts'
import { FragmentBuilder } from '../../server/src/record/fragment-builder.ts'
import type { OpenedNote } from '../../server/src/record/note.ts'
import { headBox, type SegmentHead, tailBox } from '../../server/src/record/segment-format.ts'
import { cameraId, frames, runId, videoFormat, volumeId } from './recording.ts'

export const segmentStartMs = Date.UTC(2026, 5, 1, 12)

export const openedNote: OpenedNote = {
  note: 'opened',
  id: '01JD0000000000000000000SEG',
  cameraId,
  stream: 'main',
  volumeId,
  fileMs: segmentStartMs,
  startMs: segmentStartMs,
  clockEpoch: 0,
  runId,
}

const head: SegmentHead = {
  ...{ v: 1, id: openedNote.id, cameraId, stream: 'main', startMs: segmentStartMs, clockEpoch: 0, run: 1 },
  ...{ prevSha256: '', seq: 0, codec: videoFormat.codecString, width: 320, height: 180, hasAudio: false },
}

/** `ends`: where each fragment ends, the first number being the end of the head. */
export function segmentBytes(packets: readonly Packet[] = frames(4, { fps: 5, gopFrames: 5, fromMs: segmentStartMs })) {
  const [first] = packets
  if (first?.format.kind !== 'video') throw new Error('a segment begins with video')
  const builder = new FragmentBuilder(first, undefined)
  const parts: Uint8Array[] = [
    initSegment({ video: first.format }),
    headBox({ ...head, codec: first.format.codecString }),
  ]
  const ends = [parts.reduce((sum, part) => sum + part.length, 0)]
  const frameCounts: number[] = []
  const flush = (next?: Packet) => {
    const fragment = builder.take(next)
    parts.push(...fragment.buffers)
    ends.push((ends.at(-1) ?? 0) + fragment.sizeBytes)
    frameCounts.push(fragment.frames)
  }
  for (const packet of packets) {
    if (!builder.video.isEmpty && packet.isKey) flush(packet)
    builder.add(packet)
  }
  flush()
  const body = Buffer.concat(parts)
  const sha256 = createHash('sha256').update(body).digest('hex')
  const durationMs = builder.video.endTicks / 90
  const endMs = segmentStartMs + Math.round(durationMs)
  const tail = tailBox({ v: 1, sha256, endMs, frames: packets.length, durationMs, end: 'full' })
  return { bytes: Buffer.concat([body, tail]), ends, frameCounts, sha256, endMs }
}
