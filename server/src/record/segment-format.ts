/**
 * The two boxes of ours in a segment file, format v1 (docs/design/storage.md): the head says whose footage follows,
 * the tail (always the last 256 bytes) closes the file and carries its hash. Both are ISO 14496-12 'uuid' boxes with JSON.
 * Not here: media boxes (shared/src/fmp4.ts), walking the fragments (scan-fragments.ts), disk (segment-file.ts).
 */
import { streamName } from '@vedette/shared/camera.ts'
import { id, timeMs } from '@vedette/shared/id.ts'
import { z } from 'zod'

const headUuid = Buffer.from('1753309080594c37b2cef736c0dfef71', 'hex')
const tailUuid = Buffer.from('e0009bf5f5f1443b9dd77257f572fc27', 'hex')
const boxHeadBytes = 8 + 16
const maxHeadBytes = 4096

/** Every tail box has this size, so a reader finds it without walking the file. */
export const tailBytes = 256

export const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/, 'not a SHA-256')
/** The hash before the first segment of a stream is the empty text. */
export const prevSha256 = z.union([z.literal(''), sha256Hex])

export const segmentHead = z.object({
  v: z.literal(1),
  /** The segment's ULID. */
  id,
  /** Which installation wrote it; readers do not check it. */
  installation: z.string().max(100).optional(),
  cameraId: id,
  stream: streamName,
  /** Capture time of the first video frame. */
  startMs: timeMs,
  clockEpoch: z.number().int().min(0),
  /** The packets' run (lib/packet.ts); for people reading a file, not an identifier. */
  run: z.number().int().min(0),
  prevSha256,
  /** Place in the stream's chain: the predecessor's plus one. */
  seq: z.number().int().min(0),
  /** RFC 6381. */
  codec: z.string().max(100),
  width: z.number().int().min(0).max(65_535),
  height: z.number().int().min(0).max(65_535),
  hasAudio: z.boolean(),
  /** RFC 6381; absent where there is no sound, and in files from before other sound than AAC was recorded. */
  audioCodec: z.string().max(100).optional(),
})
export type SegmentHead = z.infer<typeof segmentHead>

/** Why a segment ended: 'full' (60 s), 'disk' (the volume was too slow or failed), 'recovered' (closed after a crash). */
export const segmentEnd = z.enum(['full', 'stop', 'format', 'camera', 'clock', 'disk', 'recovered'])
export type SegmentEnd = z.infer<typeof segmentEnd>

export const segmentTail = z.object({
  v: z.literal(1),
  /** Of every byte before the tail box. */
  sha256: sha256Hex,
  endMs: timeMs,
  /** Video frames. */
  frames: z.number().int().min(0),
  /** By the media's own time stamps; endMs minus startMs may differ by the camera clock's drift. */
  durationMs: z.number().min(0),
  end: segmentEnd,
})
export type SegmentTail = z.infer<typeof segmentTail>

export function headBox(head: SegmentHead): Buffer {
  return uuidBox(headUuid, Buffer.from(JSON.stringify(head)))
}

export function tailBox(tail: SegmentTail): Buffer {
  return uuidBox(tailUuid, Buffer.from(JSON.stringify(tail).padEnd(tailBytes - boxHeadBytes)))
}

/** The head in a whole 'uuid' box; undefined where it is another box or breaks the schema. */
export function parseHeadBox(box: Buffer): SegmentHead | undefined {
  return parseUuidBox(box, headUuid, segmentHead)
}

/** The tail in the last `tailBytes` of a file; undefined where there is none. */
export function parseTailBox(box: Buffer): SegmentTail | undefined {
  return box.length === tailBytes ? parseUuidBox(box, tailUuid, segmentTail) : undefined
}

function uuidBox(uuid: Buffer, payload: Buffer): Buffer {
  const box = Buffer.alloc(boxHeadBytes + payload.length)
  box.writeUInt32BE(box.length, 0)
  box.write('uuid', 4, 'latin1')
  uuid.copy(box, 8)
  payload.copy(box, boxHeadBytes)
  return box
}

function parseUuidBox<T>(box: Buffer, uuid: Buffer, schema: z.ZodType<T>): T | undefined {
  if (box.length < boxHeadBytes || box.length > maxHeadBytes || box.readUInt32BE(0) !== box.length) return undefined
  if (box.toString('latin1', 4, 8) !== 'uuid' || !box.subarray(8, boxHeadBytes).equals(uuid)) return undefined
  let value: unknown
  try {
    value = JSON.parse(box.toString('utf8', boxHeadBytes))
  } catch {
    return undefined // Not JSON: as good as no box.
  }
  const parsed = schema.safeParse(value)
  return parsed.success ? parsed.data : undefined
}
