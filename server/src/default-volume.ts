/** The volume that every installation has: its row, its marker, and whether the footage on it belongs to another index. */

import { realpath } from 'node:fs/promises'
import type { Db } from './db/database.ts'
import { AppError } from './lib/app-error.ts'
import type { Clock } from './lib/clock.ts'
import { makeFolderPath } from './lib/make-folder.ts'
import { newId } from './lib/new-id.ts'
import type { CleanableVolume } from './record/cleaner.ts'
import { addVolume, defaultReserveShare, listVolumes, moveVolume, type Volume } from './storage/volume-store.ts'
import { claimVolume, footageExists, heldReserveShare, lookAtVolume, readMarker } from './storage/volumes.ts'

/** Known volumes are left as they are, even when their disk is away; one that was moved is followed; a new one gets its folder, row and marker. */
export async function openDefaultVolume(db: Db, path: string, clock: Clock): Promise<Volume> {
  const volumes = await listVolumes(db)
  const known = volumes.find((volume) => volume.path === path)
  if (known) return known
  await makeFolderPath(path).catch((cause: unknown) => {
    const code = cause instanceof Error && 'code' in cause ? ` (${cause.code})` : ''
    throw new AppError(
      'bad_request',
      `The footage folder ${path} cannot be made${code}. Check its owner and its disk, or give another in VEDETTE_FOOTAGE.`,
      { cause, field: 'VEDETTE_FOOTAGE' },
    )
  })
  const real = await realpath(path)
  const sameFolder = volumes.find((volume) => volume.path === real)
  if (sameFolder) return sameFolder
  const marker = await readMarker(real)
  const moved = volumes.find((volume) => volume.marker === marker)
  if (moved) {
    // The data folder was moved, or a copy of it is started: its rows and its footage belong together wherever they lie.
    await moveVolume(db, moved.id, real)
    return { ...moved, path: real }
  }
  // The marker of an index that was lost: its id stays, so that the rebuilt rows fit.
  const id = marker ?? newId(clock.nowMs())
  const volume: Volume = {
    id,
    name: 'Footage',
    path: real,
    marker: id,
    quotaBytes: null,
    reserveShare: defaultReserveShare,
  }
  await claimVolume(real, id)
  await addVolume(db, volume, clock.nowMs())
  return volume
}

/** Why set-up must not open: footage lies there that this database knows nothing of. Null: it may. */
export async function findForeignFootage(db: Db, volume: Volume): Promise<string | null> {
  const known = await db.selectFrom('segment').select('id').limit(1).execute()
  if (known.length > 0 || !(await footageExists(volume.path))) return null
  return `There is footage in ${volume.path}, but the database is new. Put the old database back, or stop Vedette and run \`npx vedette rebuild\` to make the index again from the footage.`
}

/** Volumes that are there and can be written: only from those may be deleted. */
export async function cleanableVolumes(db: Db): Promise<CleanableVolume[]> {
  const cleanable: CleanableVolume[] = []
  for (const { id, path, marker, quotaBytes, reserveShare } of await listVolumes(db)) {
    const { state, totalBytes, freeBytes } = await lookAtVolume({ path, marker })
    const isThere = state === 'ok' || state === 'full' || state === 'slow'
    if (!isThere) continue
    const held = heldReserveShare(reserveShare, totalBytes)
    cleanable.push({ id, path, quotaBytes, reserveShare: held, totalBytes, freeBytes })
  }
  return cleanable
}
