/**
 * What vision says about a camera: motion began, goes on, is over. Control makes events of it (events/event-machine.ts).
 * From 'started' to 'ended' one comes at least every `observationEveryMs`: a longer silence means that vision is gone.
 */
import { id, timeMs } from '@vedette/shared/id.ts'
import { z } from 'zod'

export const observationEveryMs = 400

const share = z.number().min(0).max(1)
/** Left, top, width, height in shares of the picture. */
export const box = z.tuple([share, share, share, share])

export const observation = z.strictObject({
  cameraId: id,
  kind: z.literal('motion'),
  state: z.enum(['started', 'ongoing', 'ended']),
  /** Capture time of the first moving frame. */
  startMs: timeMs,
  /** Capture time of the last moving frame. */
  lastMs: timeMs,
  /** Capture time of the frame that this was said about. */
  atMs: timeMs,
  /** What moves in that frame, largest first; empty where nothing does. */
  boxes: z.array(box).max(16),
  /** Greatest share of the picture that moved since the start. */
  score: share,
  /** Include zones touched since the start. */
  zones: z.array(z.string()).max(32),
  /** A JPEG, where a better picture than the one before is there. */
  jpeg: z.custom<Uint8Array>((value) => value instanceof Uint8Array).nullable(),
})
export type Observation = z.infer<typeof observation>
