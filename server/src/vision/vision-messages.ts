/**
 * What the recorder and vision say to each other. Down a pipe (lib/message-pipe.ts) so that orders and packets keep their order;
 * up the IPC channel, where little is said. Both sides parse.
 */
import { motionSettings } from '@vedette/shared/camera.ts'
import { id, timeMs } from '@vedette/shared/id.ts'
import { triedDeed } from '@vedette/shared/sandbox.ts'
import { z } from 'zod'
import { observation } from './observation.ts'

const codec = z.enum(['h264', 'hevc', 'mjpeg'])
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array)

/** Recorder -> vision: the header of each pipe message. */
export const toVision = z.discriminatedUnion('do', [
  /** `index` names the camera in the mark that is left before each decode (vision-process.ts). Null motion: previews only. */
  z.strictObject({
    do: z.literal('watch'),
    cameraId: id,
    index: z.number().int().min(0).max(65_535),
    motion: motionSettings.nullable(),
  }),
  z.strictObject({ do: z.literal('unwatch'), cameraId: id }),
  /** Payload: Annex-B (parameter sets before key frames) or a JPEG. */
  z.strictObject({
    do: z.literal('packet'),
    cameraId: id,
    codec,
    isKey: z.boolean(),
    /** Capture time. */
    atMs: z.number(),
    /** When it was sent, by the machine's clock: what waited too long is dropped. */
    sentMs: z.number(),
  }),
  /** Payload: access units one after the other; the picture of the last one is wanted. */
  z.strictObject({
    do: z.literal('decode'),
    requestId: z.number().int(),
    /** Whose they are, as in `watch`; null: nobody's yet (a camera that is tried out). */
    index: z.number().int().min(0).max(65_535).nullable(),
    codec,
    unitBytes: z.array(z.number().int().min(1)).min(1).max(2000),
    maxWidth: z.number().int().min(16).max(7680),
  }),
  /** Try what must not be possible (sandbox/try-deeds.ts). */
  z.strictObject({
    do: z.literal('try'),
    keyPath: z.string(),
    databasePath: z.string().nullable(),
    programPath: z.string(),
    parentId: z.number().int(),
  }),
])
export type ToVision = z.infer<typeof toVision>

/** Vision -> recorder. */
export const fromVision = z.discriminatedUnion('say', [
  z.strictObject({ say: z.literal('alive'), rssBytes: z.number(), decoded: z.number(), dropped: z.number() }),
  z.strictObject({ say: z.literal('observation'), observation }),
  z.strictObject({ say: z.literal('preview'), cameraId: id, atMs: timeMs, jpeg: bytes }),
  /** Null: the frames gave no picture. */
  z.strictObject({ say: z.literal('decoded'), requestId: z.number().int(), jpeg: bytes.nullable() }),
  z.strictObject({ say: z.literal('tried'), hasNodePermissions: z.boolean(), tried: z.array(triedDeed).max(20) }),
])
export type FromVision = z.infer<typeof fromVision>
