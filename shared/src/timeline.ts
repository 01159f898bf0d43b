/** The timeline: what was recorded, what is missing and why, and what happened, for some cameras and a span. */
import { z } from 'zod'
import { eventKind } from './event.ts'
import { id, queryTimeMs, timeMs } from './id.ts'
import { timeZone } from './local-time.ts'

/** Why wanted footage is missing (recording.md "Coverage"). */
export const gapCause = z.enum([
  'unreachable',
  'unauthorized',
  'stalled',
  'unsupported',
  'disk',
  'overload',
  'process',
  'clock',
  'unknown',
])
export type GapCause = z.infer<typeof gapCause>

/** GET /api/timeline?from=&to=&camera=a&camera=b (at most 64 cameras, 400 days). `buckets` asks for that many columns of detail. */
export const timelineQuery = z.strictObject({
  fromMs: queryTimeMs,
  toMs: queryTimeMs,
  camera: z
    .union([id, z.array(id).max(64)])
    .optional()
    .transform((c) => (c === undefined ? undefined : Array.isArray(c) ? c : [c])),
  buckets: z.coerce.number().int().min(1).max(4000).default(1000),
})

export const span = z.strictObject({ startMs: timeMs, endMs: timeMs })
export const timelineLane = z.strictObject({
  cameraId: id,
  /** Footage that can be played, merged where neighbours touch; at coarse zoom merged to the bucket width. */
  recorded: z.array(span),
  missing: z.array(span.extend({ cause: gapCause })),
  notWanted: z.array(span),
  /** Single events at fine zoom (then `density` is empty) … */
  events: z.array(
    z.strictObject({ id, kind: eventKind, startMs: timeMs, endMs: timeMs.nullable(), kept: z.boolean() }),
  ),
  /** … or counts per bucket at coarse zoom: [bucket start, count]. */
  density: z.array(z.tuple([timeMs, z.number().int()])),
})
export type TimelineLane = z.infer<typeof timelineLane>
export const timelineAnswer = z.strictObject({
  fromMs: timeMs,
  toMs: timeMs,
  nowMs: timeMs,
  bucketMs: z.number(),
  lanes: z.array(timelineLane),
  /** Cameras whose disk does not answer: of what is being written now the lanes know nothing. */
  unread: z.array(id).optional(),
})
export type TimelineAnswer = z.infer<typeof timelineAnswer>

/** GET /api/cameras/:id/days?timeZone=: days of that place with footage or events, for the calendar. Default: the installation's zone. */
export const daysQuery = z.strictObject({ timeZone: timeZone.optional() })
/** `dayMs` names the date: its midnight as if the place had UTC. `recordedMs`: of footage that is still there. */
export const cameraDays = z.strictObject({
  days: z.array(
    z.strictObject({
      dayMs: timeMs,
      recordedMs: z.number(),
      missingMs: z.number(),
      notWantedMs: z.number(),
      events: z.number().int(),
    }),
  ),
})
