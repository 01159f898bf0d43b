/**
 * What control and the recorder say to each other about live pictures: requests go down as JSON, frames come up a pipe
 * (lib/message-pipe.ts) with these headers. `feed` is a number that control gives out and never reuses, so that frames
 * of a closed feed are told from those of its successor.
 */
import { streamName } from '@vedette/shared/camera.ts'
import { id } from '@vedette/shared/id.ts'
import { liveMetadata } from '@vedette/shared/live.ts'
import { z } from 'zod'

const feed = z.number().int().min(1)

export const feedRequest = z.discriminatedUnion('live', [
  z.strictObject({ live: z.literal('open'), feed, cameraId: id, stream: streamName }),
  z.strictObject({ live: z.literal('close'), feed }),
])
export type FeedRequest = z.infer<typeof feedRequest>

/** The metadata of kind 'format', as viewers get it. */
export const liveFormat = liveMetadata.options[0]
export type LiveFormat = z.infer<typeof liveFormat>
export const liveState = liveMetadata.options[1]
export type LiveState = z.infer<typeof liveState>

export const feedHeader = z.discriminatedUnion('kind', [
  /** No payload. What follows starts at a key frame and has nothing to do with what went before. */
  z.strictObject({ kind: z.literal('format'), feed, format: liveFormat }),
  /** Payload: Annex-B or a JPEG. `lost`: frames left out just before this one because the pipe was full. */
  z.strictObject({
    kind: z.literal('video'),
    feed,
    isKey: z.boolean(),
    captureMs: z.number(),
    lost: z.number().int().min(0),
  }),
  /** Payload: one raw frame. */
  z.strictObject({ kind: z.literal('audio'), feed, captureMs: z.number() }),
])
export type FeedHeader = z.infer<typeof feedHeader>
