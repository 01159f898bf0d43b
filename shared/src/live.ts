/** What is asked for when a live WebSocket is opened, and the JSON that travels on it; its binary form is live-frame.ts. */
import { z } from 'zod'
import { cameraState } from './camera.ts'
import { timeMs } from './id.ts'

export const liveQuery = z.strictObject({ stream: z.enum(['main', 'sub']).default('sub') })

export const liveMetadata = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('format'),
    /** RFC 6381, e.g. avc1.640028, hvc1.1.6.L120.90; 'mjpeg' for JPEG frames. */
    codec: z.string(),
    width: z.number().int(),
    height: z.number().int(),
    audioCodec: z.string().nullable(),
    /** What a WebCodecs AudioDecoder needs; left out where the viewer may not hear or the camera sends no sound. */
    audio: z
      .strictObject({
        /** Name in the WebCodecs registry: mp4a.40.2, opus, alaw, ulaw. */
        codec: z.string(),
        sampleRate: z.number().int(),
        channels: z.number().int(),
        /** Base64 of the AudioSpecificConfig (AAC); empty for others. */
        config: z.string(),
      })
      .optional(),
  }),
  z.strictObject({
    kind: z.literal('state'),
    state: cameraState,
    sinceMs: timeMs,
    problem: z.string().nullable(),
    nextTryMs: timeMs.nullable(),
  }),
  /** Moving cells, drawn over the picture: boxes in shares of the picture. */
  z.strictObject({
    kind: z.literal('motion'),
    /** Capture time of the picture in which it moves. */
    atMs: timeMs,
    boxes: z.array(z.tuple([z.number(), z.number(), z.number(), z.number()])).max(64),
  }),
  /** Frames that this viewer was too slow for. */
  z.strictObject({ kind: z.literal('dropped'), frames: z.number().int() }),
])
export type LiveMetadata = z.infer<typeof liveMetadata>
