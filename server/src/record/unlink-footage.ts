/**
 * Removes files of footage under a volume's root, by ids and times only.
 * Invariant: nothing outside the volume is touched: a folder on the way that is a link, or leads elsewhere, is refused.
 * Not here: what is removed (retention.ts), rows (deletion-store.ts).
 */
import { readdir, realpath, rmdir, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { id } from '@vedette/shared/id.ts'
import { AppError } from '../lib/app-error.ts'
import type { CameraHour } from './deletion-store.ts'
import { syncFolder } from './segment-file.ts'
import { type SegmentPlace, segmentPath } from './segment-path.ts'

/** At once, so that a slow disk is not asked one by one. */
const unlinksAtOnce = 8

/** Unlinks segment files and makes that survive a power cut; those that are gone already are fine. */
export async function unlinkSegments(root: string, places: readonly SegmentPlace[]): Promise<void> {
  const paths = places.map((place) => join(root, segmentPath(place)))
  for (const [folder, inFolder] of Map.groupBy(paths, (path) => dirname(path))) {
    if (!(await isOwnFolder(root, folder))) continue
    for (let at = 0; at < inFolder.length; at += unlinksAtOnce)
      await Promise.all(inFolder.slice(at, at + unlinksAtOnce).map(unlinkIfThere))
    await syncFolder(folder)
  }
}

/** False: not there. Throws where the path leads anywhere else than to itself. */
async function isOwnFolder(root: string, folder: string): Promise<boolean> {
  const real = await realpath(folder).catch(ignoreMissing)
  if (real === undefined) return false
  if (real !== join(await realpath(root), folder.slice(root.length)))
    throw new AppError('disk_failed', `${folder} leads through a symbolic link to ${real}. Remove the link.`)
  return true
}

const leftover = /^(previews\.bin|[0-9A-HJKMNP-TV-Z]{26}\.jpg)$/

/** What belongs to an hour beside its segments: previews and events' pictures. */
export function isLeftover(name: string): boolean {
  return leftover.test(name)
}

/**
 * After the last segment of a camera's hour: removes its previews and the pictures of its events but the kept ones, then
 * the folders that became empty. What else lies there stays for reconciling. Gives the events whose pictures went.
 */
export async function tidyHour(root: string, hour: CameraHour, keptEvents: ReadonlySet<string>): Promise<string[]> {
  const folder = hourFolder(root, hour)
  if (!(await isOwnFolder(root, folder))) return []
  const names = await readdir(folder)
  const removed = names.filter((name) => isLeftover(name) && !keptEvents.has(pictureOf(name) ?? ''))
  for (const name of removed) await unlinkIfThere(join(folder, name))
  for (const path of [folder, dirname(folder), dirname(dirname(folder))]) if (!(await removeIfEmpty(path))) break
  return removed.map(pictureOf).filter((eventId) => eventId !== undefined)
}

function pictureOf(name: string): string | undefined {
  return name.endsWith('.jpg') ? name.slice(0, -'.jpg'.length) : undefined
}

function hourFolder(root: string, { cameraId, hourMs }: CameraHour): string {
  const time = new Date(hourMs).toISOString()
  return join(root, id.parse(cameraId), time.slice(0, 10), time.slice(11, 13))
}

async function unlinkIfThere(path: string): Promise<void> {
  await unlink(path).catch(ignoreMissing)
}

async function removeIfEmpty(path: string): Promise<boolean> {
  try {
    await rmdir(path)
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOTEMPTY' || codeOf(error) === 'ENOENT') return false
    throw error
  }
}

function ignoreMissing(error: unknown): undefined {
  if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined
  throw error
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
