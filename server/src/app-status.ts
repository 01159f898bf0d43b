/** Where the status page reads: what each room knows of itself now. */
import { listCameras } from './cameras/camera-store.ts'
import type { Footage } from './live/footage.ts'
import { cameraFacts } from './storage/camera-facts-store.ts'
import { coverageOf, coverageShare } from './storage/coverage-days-store.ts'
import { findVolume, listUsage, type Volume } from './storage/volume-store.ts'
import { viewVolume } from './storage/volume-view.ts'
import { lookAtVolume } from './storage/volumes.ts'
import { readTimeZone } from './system/time-zone-store.ts'
import type { StatusSources } from './system-status.ts'

export interface StatusOptions
  extends Pick<StatusSources, 'db' | 'clock' | 'version' | 'statuses' | 'processes' | 'problems'> {
  readonly footage: Footage
  readonly volume: Volume
}

/** The moment of the call counts as the start. */
export function statusSources(options: StatusOptions): StatusSources {
  const { db, clock, footage, volume } = options
  return {
    ...options,
    startedMs: clock.nowMs(),
    readTimeZone: () => readTimeZone(db),
    readCoverage: async (cameras, sinceMs) => {
      const ids = (await listCameras(db, cameras)).map((camera) => camera.id)
      // The ledger knows a segment when it is closed; what is being written counts, too.
      const { spans: open } = await footage.openSpans(ids, clock.nowMs())
      const openMs = open.reduce((sum, { startMs, endMs }) => sum + Math.max(0, endMs - Math.max(startMs, sinceMs)), 0)
      const { recordedMs, missingMs } = await coverageOf(db, ids, { startMs: sinceMs, endMs: clock.nowMs() })
      return coverageShare({ recordedMs: recordedMs + openMs, missingMs })
    },
    readDaysLeft: async () => {
      const health = await lookAtVolume(volume)
      const usage = await listUsage(db, clock.nowMs())
      return viewVolume((await findVolume(db, volume.id)) ?? volume, health, usage, await cameraFacts(db)).daysLeft
    },
  }
}
