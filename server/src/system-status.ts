/** The state of the whole machine, gathered from the rooms for the rail's foot and the status page. */
import { startOfDay } from '@vedette/shared/local-time.ts'
import type { SystemStatus } from '@vedette/shared/system.ts'
import type { CameraStatuses } from './cameras/camera-statuses.ts'
import { listCameras } from './cameras/camera-store.ts'
import type { Db } from './db/database.ts'
import type { CameraList } from './http/http.ts'
import type { Clock } from './lib/clock.ts'
import { readPssBytes } from './system/process-memory.ts'

export interface ProcessFacts {
  readonly name: 'recorder' | 'vision'
  readonly pid: number | null
  readonly state: 'running' | 'starting' | 'stopped' | 'failed'
  readonly restarts: number
}

export interface StatusSources {
  readonly db: Db
  readonly clock: Clock
  readonly version: string
  readonly startedMs: number
  readonly statuses: CameraStatuses
  readonly processes: () => readonly ProcessFacts[]
  /** Sentences for administrators. */
  readonly problems: () => readonly string[]
  /** The installation's. */
  readonly readTimeZone: () => Promise<string>
  readonly readCoverage: (cameras: CameraList, sinceMs: number) => Promise<number | null>
  readonly readDaysLeft: () => Promise<number | null>
}

export async function readSystemStatus(
  sources: StatusSources,
  cameras: CameraList,
  isAdmin: boolean,
  timeZone: string | undefined,
): Promise<SystemStatus> {
  const { db, clock, statuses } = sources
  const nowMs = clock.nowMs()
  const list = (await listCameras(db, cameras)).filter((camera) => camera.settings.enabled)
  const states = list.map((camera) => statuses.get(camera.id, true, nowMs))
  const control = { name: 'control' as const, pid: process.pid, state: 'running' as const, restarts: 0 }
  const processes = isAdmin ? [control, ...sources.processes()] : []
  return {
    version: sources.version,
    startedMs: sources.startedMs,
    nowMs,
    cameras: {
      total: list.length,
      online: states.filter((status) => status.state === 'online').length,
      recording: states.filter((status) => status.recording).length,
    },
    coverageToday: await sources.readCoverage(cameras, startOfDay(nowMs, timeZone ?? (await sources.readTimeZone()))),
    daysLeft: isAdmin ? await sources.readDaysLeft() : null,
    processes: await Promise.all(
      processes.map(async (facts) => ({ ...facts, pssBytes: facts.pid ? await readPssBytes(facts.pid) : null })),
    ),
    problems: isAdmin ? [...sources.problems()] : [],
  }
}
