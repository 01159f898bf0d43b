/**
 * Walks the footage under a volume's root, hour by hour in the order of camera and time. Links are never followed.
 * Not here: what is at the root itself (marker, quarantine, what other programs put there): only cameras' folders are ours.
 */
import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { id } from '@vedette/shared/id.ts'
import { parseSegmentPath, type SegmentPlace } from './segment-path.ts'

export interface FootageHour {
  readonly cameraId: string
  /** `<camera id>/<yyyy-mm-dd>/<HH>`, or the folder of unknown things, relative to the root. */
  readonly folder: string
  /** Undefined: not the folder of an hour. */
  readonly hourMs: number | undefined
  /** Files named like segments, oldest first. */
  readonly segments: readonly SegmentPlace[]
  /** Names of everything else in the folder, folders and links included. */
  readonly others: readonly string[]
}

export interface WalkOptions {
  readonly signal: AbortSignal
  readonly cameraId?: string | undefined
  /** Skips hours up to this folder: where an earlier walk stopped. */
  readonly after?: string | undefined
}

const day = /^\d{4}-\d{2}-\d{2}$/
const hour = /^([01]\d|2[0-3])$/

/** Ends early when aborted. A camera's and a day's own folders come after their hours, if there is anything else in them. */
export async function* walkFootage(root: string, options: WalkOptions): AsyncGenerator<FootageHour> {
  const { signal, after = '' } = options
  const cameras = (await sortedEntries(root)).filter((entry) => entry.isDirectory() && id.safeParse(entry.name).success)
  for (const { name: cameraId } of cameras) {
    if (signal.aborted) return
    if (options.cameraId !== undefined && cameraId !== options.cameraId) continue
    const days = await sortedEntries(`${root}/${cameraId}`)
    for (const { name: date } of days.filter((entry) => entry.isDirectory() && isDay(entry.name))) {
      if (`${cameraId}/${date}/24` < after) continue
      const hours = await sortedEntries(`${root}/${cameraId}/${date}`)
      for (const { name } of hours.filter((entry) => entry.isDirectory() && hour.test(entry.name))) {
        if (signal.aborted) return
        const folder = `${cameraId}/${date}/${name}`
        if (folder > after) yield await readHour(root, cameraId, folder)
      }
      yield* others(
        cameraId,
        `${cameraId}/${date}`,
        hours.filter((entry) => !entry.isDirectory() || !hour.test(entry.name)),
      )
    }
    yield* others(
      cameraId,
      cameraId,
      days.filter((entry) => !entry.isDirectory() || !isDay(entry.name)),
    )
  }
}

async function readHour(root: string, cameraId: string, folder: string): Promise<FootageHour> {
  const entries = await sortedEntries(`${root}/${folder}`)
  const segments: SegmentPlace[] = []
  const others: string[] = []
  for (const entry of entries) {
    const place = entry.isFile() ? parseSegmentPath(`${folder}/${entry.name}`) : undefined
    if (place) segments.push(place)
    else others.push(entry.name)
  }
  segments.sort((a, b) => a.fileMs - b.fileMs)
  const [, date, hh] = folder.split('/')
  return { cameraId, folder, hourMs: Date.parse(`${date}T${hh}:00:00Z`), segments, others }
}

function* others(cameraId: string, folder: string, entries: readonly Dirent[]): Generator<FootageHour> {
  if (entries.length === 0) return
  yield { cameraId, folder, hourMs: undefined, segments: [], others: entries.map((entry) => entry.name) }
}

function isDay(name: string): boolean {
  return day.test(name) && !Number.isNaN(Date.parse(`${name}T00:00:00Z`))
}

/** Empty where the folder went away meanwhile. */
async function sortedEntries(path: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true })
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
