/** Finds and reads previews over all volumes. Remembers where pictures lie, up to a bound. */
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { BoundedCache } from './bounded-cache.ts'
import { hourMs, type PreviewEntry, previewPath, scanPreviews } from './preview-file.ts'

/** More would not fit on any screen. */
export const maxListed = 2000
/** Files read for one list; of a longer span only every so many hours are looked at. */
const maxHours = 48

interface Found {
  readonly path: string
  readonly entry: PreviewEntry
}

export class PreviewReader {
  readonly #volumeRoots: () => readonly string[]
  // Some 60 bytes each: 30 MB, two months of one camera.
  readonly #indexes = new BoundedCache<readonly PreviewEntry[]>(500_000, (entries) => entries.length + 10)

  constructor(volumeRoots: () => readonly string[]) {
    this.#volumeRoots = volumeRoots
  }

  /** Capture times in [fromMs, toMs), ascending, spread evenly where there are more than 2000. */
  async times(cameraId: string, fromMs: number, toMs: number): Promise<number[]> {
    const firstHour = Math.floor(fromMs / hourMs)
    const hours = Math.ceil(toMs / hourMs) - firstHour
    const step = Math.max(1, Math.ceil(hours / maxHours))
    const times: number[] = []
    for (let hour = 0; hour < hours; hour += step)
      for (const { entry } of await this.#inHour(cameraId, (firstHour + hour) * hourMs))
        if (entry.captureMs >= fromMs && entry.captureMs < toMs) times.push(Math.round(entry.captureMs))
    times.sort((a, b) => a - b)
    const every = Math.ceil(times.length / maxListed)
    return every > 1 ? times.filter((_, i) => i % every === 0) : times
  }

  /** The last picture at or before `atMs`, at most two hours before; undefined where there is none. */
  async pictureAt(cameraId: string, atMs: number): Promise<{ captureMs: number; jpeg: Buffer } | undefined> {
    for (const hour of [0, 1, 2]) {
      const startMs = Math.floor(atMs / hourMs - hour) * hourMs
      if (startMs < 0) return undefined
      const found = (await this.#inHour(cameraId, startMs))
        .filter(({ entry }) => Math.round(entry.captureMs) <= atMs)
        .reduce<Found | undefined>((a, b) => (a && a.entry.captureMs > b.entry.captureMs ? a : b), undefined)
      if (found) return { captureMs: Math.round(found.entry.captureMs), jpeg: await readJpeg(found) }
    }
    return undefined
  }

  async #inHour(cameraId: string, atMs: number): Promise<Found[]> {
    const found: Found[] = []
    for (const root of this.#volumeRoots()) {
      const path = join(root, previewPath(cameraId, atMs))
      for (const entry of await this.#entries(path)) found.push({ path, entry })
    }
    return found
  }

  async #entries(path: string): Promise<readonly PreviewEntry[]> {
    await using file = await openIfThere(path)
    if (!file) return []
    const { size } = await file.stat()
    // The size is part of the key: a file that grew is read again.
    return (await this.#indexes.get(`${path} ${size}`, async () => (await scanPreviews(file, size)).entries)) ?? []
  }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await openFile(path)
  } catch {
    return undefined // Nothing was written in that hour, or the volume is away.
  }
}

/** Not through a link, and without waiting for whoever might write into a pipe. */
function openFile(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
}

async function readJpeg({ path, entry }: Found): Promise<Buffer> {
  await using file = await openFile(path)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(entry.sizeBytes), 0, entry.sizeBytes, entry.offset)
  return buffer.subarray(0, bytesRead)
}
