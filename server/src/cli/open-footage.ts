/** What the commands that work on footage open: the database and the volumes that are there. */
import { readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Config } from '../config.ts'
import { requireNoControl } from '../control-lock.ts'
import { type Db, openDatabase } from '../db/database.ts'
import { AppError } from '../lib/app-error.ts'
import { systemClock } from '../lib/clock.ts'
import { listVolumes } from '../storage/volume-store.ts'
import { readMarker } from '../storage/volumes.ts'
import { readStartTicks } from '../system/process-memory.ts'

export interface VolumeOnDisk {
  readonly id: string
  readonly path: string
}

/** Volumes whose marker is their own. */
export async function volumesOnDisk(db: Db): Promise<VolumeOnDisk[]> {
  const found: VolumeOnDisk[] = []
  for (const { id, path, marker } of await listVolumes(db))
    if ((await readMarker(path)) === marker) found.push({ id, path })
  return found
}

/** Throws conflict while a control or a recorder works on this data folder. */
export async function requireNobody(config: Config): Promise<void> {
  await requireNoControl(config.dataDir)
  const text = await readFile(join(config.dataDir, 'recorder.lock'), 'utf8').catch(() => '')
  const lock = z.object({ pid: z.number(), startTicks: z.string() }).safeParse(text ? JSON.parse(text) : undefined)
  if (!lock.success || (await readStartTicks(lock.data.pid)) !== lock.data.startTicks) return
  throw new AppError(
    'conflict',
    `A recorder (process ${lock.data.pid}) still records into ${config.dataDir}: start and stop Vedette once, so that it ends in order.`,
  )
}

/** Opens the database; a damaged SQLite file is moved aside, never deleted, and a new one begun. `onMoved` hears where it is. */
export async function openOrBegin(config: Config, onMoved: (path: string) => void): Promise<Db> {
  try {
    return await openDatabase(config.database)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'database_damaged' || config.database.kind !== 'sqlite')
      throw error
    const { path } = config.database
    const aside = `${path}.damaged-${systemClock.nowMs()}`
    for (const ending of ['', '-wal', '-shm'])
      await rename(path + ending, aside + ending).catch((cause: unknown) => {
        if (ending === '') throw cause
      })
    onMoved(aside)
    return openDatabase(config.database)
  }
}
