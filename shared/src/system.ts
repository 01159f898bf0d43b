/** State of the whole machine, for the rail's foot and the status page, and the facts pushed to open pages. */
import { z } from 'zod'
import { cameraStatus } from './camera.ts'
import { eventView } from './event.ts'
import { id, timeMs } from './id.ts'
import { timeZone } from './local-time.ts'
import { processName, processSandbox } from './sandbox.ts'
import { volumeState } from './storage.ts'

/** GET /api/system/status?timeZone=: where "today" is; default: the installation's zone. */
export const statusQuery = z.strictObject({ timeZone: timeZone.optional() })
export const systemStatus = z.strictObject({
  version: z.string(),
  startedMs: timeMs,
  nowMs: timeMs,
  cameras: z.strictObject({ total: z.number(), online: z.number(), recording: z.number() }),
  /** Share of wanted seconds recorded today (in the zone that was asked for), 0..1; null before the first second. */
  coverageToday: z.number().nullable(),
  daysLeft: z.number().nullable(),
  processes: z.array(
    z.strictObject({
      name: processName,
      pid: z.number().nullable(),
      state: z.enum(['running', 'starting', 'stopped', 'failed']),
      restarts: z.number(),
      pssBytes: z.number().nullable(),
    }),
  ),
  problems: z.array(z.string()),
})
export type SystemStatus = z.infer<typeof systemStatus>

/** GET /api/system/report: the status page. For administrators, and without secrets: it is made to be copied and sent. */
export const systemReport = z.strictObject({
  version: z.string(),
  startedMs: timeMs,
  nowMs: timeMs,
  machine: z.strictObject({
    node: z.string(),
    system: z.string(),
    cores: z.number(),
    memoryBytes: z.number(),
    freeMemoryBytes: z.number(),
  }),
  processes: z.array(
    z.strictObject({
      name: processName,
      pid: z.number().nullable(),
      state: z.enum(['running', 'starting', 'stopped', 'failed']),
      restarts: z.number(),
      startedMs: timeMs.nullable(),
      /** Proportional: pages that several use are split among them. */
      pssBytes: z.number().nullable(),
      /** Computing time since it started, of all its threads. */
      cpuMs: z.number().nullable(),
    }),
  ),
  sandbox: z.array(processSandbox),
  /** Cameras whose pictures ended vision too often and are watched no more. */
  givenUp: z.array(z.strictObject({ cameraId: id, name: z.string() })),
  problems: z.array(z.string()),
  database: z.strictObject({
    kind: z.enum(['sqlite', 'postgres']),
    version: z.string(),
    sizeBytes: z.number().nullable(),
  }),
  volumes: z.array(
    z.strictObject({
      name: z.string(),
      state: volumeState,
      totalBytes: z.number(),
      freeBytes: z.number(),
      problem: z.string().nullable(),
    }),
  ),
  /** Cameras whose own clock is off by more than a second. */
  clocks: z.array(z.strictObject({ cameraId: id, name: z.string(), offsetMs: z.number() })),
})
export type SystemReport = z.infer<typeof systemReport>

/** GET /api/updates (server-sent events): only what the user may see. */
export const update = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('camera'), cameraId: id, status: cameraStatus }),
  z.strictObject({ kind: z.literal('cameras_changed') }),
  z.strictObject({ kind: z.literal('event'), event: eventView }),
  z.strictObject({ kind: z.literal('recorded'), cameraId: id, startMs: timeMs, endMs: timeMs }),
])
export type Update = z.infer<typeof update>
