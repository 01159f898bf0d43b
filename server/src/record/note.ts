/**
 * What the recorder tells control: the lines of its journal and its IPC messages are this same JSON.
 * `n` counts within a recorder run; control acknowledges n after its transaction, which settles every note up to n.
 */
import { streamName } from '@vedette/shared/camera.ts'
import { id, timeMs } from '@vedette/shared/id.ts'
import { gapCause } from '@vedette/shared/timeline.ts'
import { z } from 'zod'
import { prevSha256, sha256Hex } from './segment-format.ts'

const opened = z.strictObject({
  note: z.literal('opened'),
  /** The segment's. */
  id,
  cameraId: id,
  stream: streamName,
  volumeId: id,
  fileMs: timeMs,
  startMs: timeMs,
  clockEpoch: z.number().int().min(0),
  runId: id,
})
const closed = opened.extend({
  note: z.literal('closed'),
  endMs: timeMs,
  /** The whole file, tail box included. */
  sizeBytes: z.number().int().min(0),
  frames: z.number().int().min(0),
  sha256: sha256Hex,
  prevSha256,
  codec: z.string().max(100),
  width: z.number().int().min(0).max(65_535),
  height: z.number().int().min(0).max(65_535),
  hasAudio: z.boolean(),
})
/** Time without footage. Sent while it grows (same camera and startMs, endMs advances) and at its end. */
const gap = z.discriminatedUnion('kind', [
  z.strictObject({
    note: z.literal('gap'),
    cameraId: id,
    kind: z.literal('missing'),
    cause: gapCause,
    startMs: timeMs,
    endMs: timeMs,
  }),
  z.strictObject({
    note: z.literal('gap'),
    cameraId: id,
    kind: z.literal('not_wanted'),
    /** 'event': nothing happened; 'off': the mode; 'schedule': outside the week's times; 'stopped': somebody stopped recording by hand. */
    cause: z.enum(['event', 'off', 'schedule', 'stopped']),
    startMs: timeMs,
    endMs: timeMs,
  }),
])
/** The recorder gave a file up: it is not footage, and not in the index. */
const abandoned = z.strictObject({ note: z.literal('abandoned'), id, reason: z.string().max(500) })

export const note = z.union([opened, closed, gap, abandoned])
export type Note = z.infer<typeof note>
export type OpenedNote = z.infer<typeof opened>
export type ClosedNote = z.infer<typeof closed>
export type GapNote = z.infer<typeof gap>
export type AbandonedNote = z.infer<typeof abandoned>

export const numberedNote = z
  .object({ n: z.number().int().min(1) })
  .loose()
  .transform(({ n, ...rest }, context) => {
    const parsed = note.safeParse(rest)
    if (parsed.success) return { n, ...parsed.data }
    context.addIssue({ code: 'custom', message: 'not a note' })
    return z.NEVER
  })
export type NumberedNote = Note & { readonly n: number }
