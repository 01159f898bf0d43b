/** The status page: processes, what holds them back (measured now), problems, database, volumes. Gathered from the rooms. */
import { cpus, freemem, release, totalmem } from 'node:os'
import type { ProcessName } from '@vedette/shared/sandbox.ts'
import type { SystemReport } from '@vedette/shared/system.ts'
import { listCameras } from './cameras/camera-store.ts'
import type { DatabasePlace } from './db/database.ts'
import { readDatabaseFacts } from './db/database-facts.ts'
import { judgeLayers, type Measured } from './sandbox/judge-layers.ts'
import { type ProcessFacts as KernelFacts, readProcessFacts } from './sandbox/process-facts.ts'
import { hasNodePermissions } from './sandbox/try-deeds.ts'
import { listVolumes } from './storage/volume-store.ts'
import { lookAtVolume } from './storage/volumes.ts'
import { readProcessTimes, readPssBytes } from './system/process-memory.ts'
import type { ProcessFacts, StatusSources } from './system-status.ts'

/** What a child said of itself when it started. */
export type ToldSandbox = Pick<Measured, 'tried' | 'hasNodePermissions' | 'missing'>

export interface ReportSources
  extends Pick<StatusSources, 'db' | 'clock' | 'version' | 'startedMs' | 'processes' | 'problems' | 'statuses'> {
  readonly dataDir: string
  readonly database: DatabasePlace
  readonly told: (process: ProcessName) => ToldSandbox | undefined
  readonly givenUp: () => readonly string[]
}

/** A camera's clock may wander so far before it matters. */
const clockToleranceMs = 1000

export async function readSystemReport(sources: ReportSources): Promise<SystemReport> {
  const { db, clock, statuses } = sources
  const nowMs = clock.nowMs()
  const all: { readonly name: ProcessName; readonly pid: number | null }[] = [
    { name: 'control', pid: process.pid },
    ...sources.processes(),
  ]
  const own = await readProcessFacts('self', sources.dataDir)
  const cameras = await listCameras(db, 'all')
  const nameOf = (cameraId: string) => cameras.find((camera) => camera.id === cameraId)?.settings.name ?? ''
  const control: ProcessFacts | { name: 'control' } = { name: 'control' }
  return {
    version: sources.version,
    startedMs: sources.startedMs,
    nowMs,
    machine: {
      node: process.version,
      system: `Linux ${release()}, ${process.arch}`,
      cores: cpus().length,
      memoryBytes: totalmem(),
      freeMemoryBytes: freemem(),
    },
    processes: await Promise.all(
      [{ ...control, pid: process.pid, state: 'running' as const, restarts: 0 }, ...sources.processes()].map(
        async (facts) => ({
          ...facts,
          ...(facts.pid === null ? { cpuMs: null, startedMs: null } : await readProcessTimes(facts.pid, nowMs)),
          pssBytes: facts.pid === null ? null : await readPssBytes(facts.pid),
        }),
      ),
    ),
    sandbox: await Promise.all(all.map((one) => judge(one, own, sources))),
    givenUp: sources.givenUp().map((cameraId) => ({ cameraId, name: nameOf(cameraId) })),
    problems: [...sources.problems()],
    database: await readDatabaseFacts(db, sources.database),
    volumes: await Promise.all(
      (await listVolumes(db)).map(async (volume) => ({ name: volume.name, ...(await lookAtVolume(volume)) })),
    ),
    clocks: cameras.flatMap((camera) => {
      const offsetMs = statuses.get(camera.id, camera.settings.enabled, nowMs).clockOffsetMs
      return offsetMs === null || Math.abs(offsetMs) < clockToleranceMs
        ? []
        : [{ cameraId: camera.id, name: camera.settings.name, offsetMs }]
    }),
  }
}

async function judge(
  { name, pid }: { readonly name: ProcessName; readonly pid: number | null },
  own: KernelFacts | undefined,
  { dataDir, told }: ReportSources,
) {
  const facts = name === 'control' ? own : pid === null ? undefined : await readProcessFacts(pid, dataDir)
  const said = told(name) ?? { tried: [], hasNodePermissions: name === 'control' && hasNodePermissions(), missing: {} }
  return { process: name, layers: judgeLayers({ process: name, facts, own, ...said }), tried: [...said.tried] }
}
