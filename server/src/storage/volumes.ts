/**
 * A volume's root on disk: claimed once by a marker file, looked at whenever somebody asks.
 * Invariant: nothing is written to or deleted from a folder whose marker is not the volume's own.
 * Not here: rows (volume-store.ts), what the recorder learns from its writes (record/disk-health.ts).
 */

import { constants } from 'node:fs'
import { open, readdir, realpath, rm, statfs } from 'node:fs/promises'
import { isAbsolute, join, normalize, sep } from 'node:path'
import { id } from '@vedette/shared/id.ts'
import type { VolumeState } from '@vedette/shared/storage.ts'
import { z } from 'zod'
import { AppError } from '../lib/app-error.ts'
import { makeFolderPath } from '../lib/make-folder.ts'

export const markerName = '.vedette-volume'
const probeName = '.vedette-probe'
const maxMarkerBytes = 1000
const marker = z.object({ id })

/** Below this, writing stops soon whatever the reserve says. */
const fullBytes = 64 * 1024 * 1024

/**
 * The reserve as rules see it: on a small disk more than was asked for, because footage that fills it until it counts as
 * full stops the recording that the reserve is there for.
 */
export function heldReserveShare(reserveShare: number, totalBytes: number): number {
  return Math.max(reserveShare, Math.min(0.5, (2 * fullBytes) / Math.max(1, totalBytes)))
}

export interface VolumeHealth {
  readonly state: VolumeState
  /** A sentence with what to do; null while all is well. */
  readonly problem: string | null
  readonly totalBytes: number
  readonly freeBytes: number
}

/**
 * The path as it may be stored: absolute, without links, inside one of the allowed roots. The folder must be there.
 * Throws bad_request with what to change.
 */
export async function checkVolumePath(path: string, allowedRoots: readonly string[]): Promise<string> {
  const refuse = (why: string) => new AppError('bad_request', why, { field: 'path' })
  if (!isAbsolute(path) || normalize(path) !== path || path.includes('\0'))
    throw refuse('Give the full path of a folder, without .. and without a slash at its end.')
  const isAllowed = allowedRoots.some(
    (root) => path === root || path.startsWith(root.endsWith(sep) ? root : root + sep),
  )
  if (!isAllowed)
    throw refuse(
      `Storage may only lie in ${allowedRoots.join(', ')}. Start Vedette with another allowed folder to change that.`,
    )
  const real = await realpath(path).catch((cause: unknown) => {
    throw new AppError('bad_request', `There is no folder ${path}. Make it first.`, { cause, field: 'path' })
  })
  if (real !== path) throw refuse(`${path} leads through a symbolic link to ${real}. Give that path instead.`)
  return path
}

/** Makes the folder and its marker. A marker of this volume is fine, another one throws volume_missing. */
export async function claimVolume(path: string, volumeId: string): Promise<void> {
  await makeFolderPath(path)
  try {
    await using file = await open(join(path, markerName), 'wx', 0o600)
    await file.writeFile(JSON.stringify({ id: volumeId }))
    await file.sync()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    if ((await readMarker(path)) !== volumeId)
      throw new AppError('volume_missing', `${path} belongs to another Vedette volume. Choose another folder.`, {
        cause: error,
      })
  }
  await using folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY)
  await folder.sync()
}

/** Id in the folder's marker file; undefined where there is none or it is not one of ours. */
export async function readMarker(path: string): Promise<string | undefined> {
  try {
    await using file = await open(join(path, markerName), constants.O_RDONLY | constants.O_NOFOLLOW)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(maxMarkerBytes), 0, maxMarkerBytes, 0)
    return marker.parse(JSON.parse(buffer.toString('utf8', 0, bytesRead))).id
  } catch {
    return undefined // Not there, not readable, not JSON: in every case not our volume.
  }
}

/** Waits at most `patienceMs` for a disk that may hang (a network mount that is gone). */
export async function lookAtVolume(
  volume: { readonly path: string; readonly marker: string },
  patienceMs = 5000,
): Promise<VolumeHealth> {
  const timeout = Promise.withResolvers<VolumeHealth>()
  const timer = setTimeout(
    () => timeout.resolve(unwell('failed', 'The disk does not answer. Check its connection.')),
    patienceMs,
  )
  try {
    return await Promise.race([look(volume), timeout.promise])
  } finally {
    clearTimeout(timer)
  }
}

async function look({
  path,
  marker: volumeId,
}: {
  readonly path: string
  readonly marker: string
}): Promise<VolumeHealth> {
  const found = await readMarker(path)
  if (found === undefined)
    return unwell('missing', `${path} or its marker file ${markerName} is not there. Mount the disk again.`)
  if (found !== volumeId) return unwell('swapped', `Another volume is mounted at ${path}. Mount the right disk.`)
  const { bsize, blocks, bavail } = await statfs(path)
  const space = { totalBytes: bsize * blocks, freeBytes: bsize * bavail }
  if (space.freeBytes < fullBytes)
    return { state: 'full', problem: 'The disk is full. Free some space or lower the quota.', ...space }
  const isWritable = await tryWriting(path)
  if (isWritable) return { state: 'ok', problem: null, ...space }
  return { state: 'read_only', problem: `${path} cannot be written to. Check its mount options and owner.`, ...space }
}

async function tryWriting(path: string): Promise<boolean> {
  const probe = join(path, probeName)
  try {
    await using file = await open(probe, constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW, 0o600)
    await file.write('x')
    // Another look at the same moment may have removed it already.
    await rm(probe, { force: true })
    return true
  } catch {
    return false // Whatever the reason, footage cannot be written either.
  }
}

function unwell(state: VolumeState, problem: string): VolumeHealth {
  return { state, problem, totalBytes: 0, freeBytes: 0 }
}

/**
 * Whether a folder holds footage of an earlier index: set-up must not open over it, and nothing is deleted until
 * the index is rebuilt. A folder that cannot be read counts as holding some.
 */
export async function footageExists(path: string): Promise<boolean> {
  try {
    const names = await readdir(path)
    return names.some((name) => id.safeParse(name).success)
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ENOENT')
  }
}
