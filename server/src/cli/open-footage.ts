/** What the commands open: the database, and the volumes that are there. */
import { existsSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { putAuditHeadAside } from '../audit/audit-head.ts'
import type { Config } from '../config.ts'
import { requireNoControl, takeControl } from '../control-lock.ts'
import { type Db, openDatabase } from '../db/database.ts'
import { AppError } from '../lib/app-error.ts'
import { systemClock } from '../lib/clock.ts'
import { findHolder } from '../process-lock.ts'
import { listVolumes } from '../storage/volume-store.ts'
import { readMarker } from '../storage/volumes.ts'

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
  const recorder = await findHolder(join(config.dataDir, 'recorder.lock'))
  if (!recorder) return
  throw new AppError(
    'conflict',
    `A recorder (process ${recorder.pid}) still records into ${config.dataDir}: start and stop Vedette once, so that it ends in order.`,
  )
}

/** Takes the data folder for a command that writes; the returned function gives it back. Throws conflict as requireNobody. */
export async function takeFolder(config: Config): Promise<() => Promise<void>> {
  const giveBack = await takeControl(config.dataDir)
  try {
    await requireNobody(config)
  } catch (error) {
    await giveBack()
    throw error
  }
  return giveBack
}

/**
 * Opens a database that is there: a command that only looks must not begin an empty one in a folder that was mistyped. One of an
 * earlier version is brought up to date while nobody else works on it; throws conflict where somebody does.
 */
export async function openInstalled(config: Config): Promise<Db> {
  requireInstalled(config)
  return openDatabase(config.database, () => takeControl(config.dataDir))
}

/** Throws not_found where no Vedette is. */
export function requireInstalled({ database, dataDir }: Config): void {
  if (database.kind === 'sqlite' && !existsSync(database.path))
    throw new AppError(
      'not_found',
      `There is no Vedette in ${dataDir}. Give its folder with --data; where only footage is left, run \`npx vedette rebuild\`.`,
    )
}

/**
 * Opens the database; a damaged SQLite file is moved aside with the end of its audit log, never deleted, and a new one begun.
 * `onMoved` hears where it is.
 */
export async function openOrBegin(config: Config, onMoved: (path: string) => void): Promise<Db> {
  try {
    return await openDatabase(config.database)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'database_damaged' || config.database.kind !== 'sqlite')
      throw error
    const { path } = config.database
    const mark = `.damaged-${systemClock.nowMs()}`
    const aside = path + mark
    await putAuditHeadAside(config.dataDir, mark) // First: without the damaged file nobody would know that it is to go.
    for (const ending of ['', '-wal', '-shm'])
      await rename(path + ending, aside + ending).catch((cause: unknown) => {
        if (ending === '') throw cause
      })
    onMoved(aside)
    return openDatabase(config.database)
  }
}
