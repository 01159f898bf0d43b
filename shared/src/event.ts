/** Events: spans of time with a reason. They point at footage, they are not files. */
import { z } from 'zod'
import { id, queryTimeMs, timeMs } from './id.ts'

export const eventKind = z.enum(['motion', 'manual', 'camera'])
export type EventKind = z.infer<typeof eventKind>

export const eventView = z.strictObject({
  id,
  cameraId: id,
  kind: eventKind,
  startMs: timeMs,
  /** Null while it lasts. */
  endMs: timeMs.nullable(),
  zones: z.array(z.string()),
  /** Greatest share of the picture that moved, 0..1. */
  score: z.number(),
  hasPicture: z.boolean(),
  kept: z.boolean(),
})
export type EventView = z.infer<typeof eventView>

/** Body of POST /api/cameras/:id/recording. A second one sets another end. */
export const recordByHand = z.strictObject({ minutes: z.number().int().min(1).max(240) })
/** Body of PATCH /api/events/:id. Kept: no rule deletes its footage. */
export const eventChange = z.strictObject({ kept: z.boolean() })

/** GET /api/events: newest first; `cursor` comes from the answer before. */
export const eventQuery = z.strictObject({
  camera: id.optional(),
  kind: eventKind.optional(),
  /** Only those that somebody keeps. */
  kept: z.literal('true').optional(),
  sinceMs: queryTimeMs.optional(),
  untilMs: queryTimeMs.optional(),
  cursor: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
})
export type EventQuery = z.infer<typeof eventQuery>
export const eventPage = z.strictObject({ events: z.array(eventView), nextCursor: z.string().nullable() })
export type EventPage = z.infer<typeof eventPage>
