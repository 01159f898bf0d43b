/** State of the whole machine, for the rail's foot and the status page, and the facts pushed to open pages. */
import { z } from 'zod'
import { cameraStatus } from './camera.ts'
import { eventView } from './event.ts'
import { id, timeMs } from './id.ts'

export const systemStatus = z.strictObject({
  version: z.string(),
  startedMs: timeMs,
  nowMs: timeMs,
  cameras: z.strictObject({ total: z.number(), online: z.number(), recording: z.number() }),
  /** Share of wanted seconds recorded today (UTC), 0..1; null before the first second. */
  coverageToday: z.number().nullable(),
  daysLeft: z.number().nullable(),
  processes: z.array(
    z.strictObject({
      name: z.enum(['control', 'recorder', 'vision']),
      pid: z.number().nullable(),
      state: z.enum(['running', 'starting', 'stopped', 'failed']),
      restarts: z.number(),
      pssBytes: z.number().nullable(),
    }),
  ),
  problems: z.array(z.string()),
})
export type SystemStatus = z.infer<typeof systemStatus>

/** GET /api/updates (server-sent events): only what the user may see. */
export const update = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('camera'), cameraId: id, status: cameraStatus }),
  z.strictObject({ kind: z.literal('cameras_changed') }),
  z.strictObject({ kind: z.literal('event'), event: eventView }),
  z.strictObject({ kind: z.literal('recorded'), cameraId: id, startMs: timeMs, endMs: timeMs }),
])
export type Update = z.infer<typeof update>
