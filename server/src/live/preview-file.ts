/**
 * Small pictures for scrubbing, one every ten seconds: a file per camera and hour,
 *   <volume>/<camera id>/<yyyy-mm-dd>/<HH>/previews.bin  (UTC),
 * of records { magic u32 · capture time ms f64 · bytes u32 · JPEG }, little-endian, appended and never changed.
 * A record that was cut by a crash ends the file for readers; the next writer begins there.
 */
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { id, timeMs } from '@vedette/shared/id.ts'
import { makeFolder } from '../lib/make-folder.ts'

export const hourMs = 3_600_000
const magic = 0x31_76_72_70 // 'prv1'
const headBytes = 16
/** Larger ones are not previews. */
export const maxPreviewBytes = 512 * 1024
/** Ten times what one every ten seconds makes. */
const maxPreviewsPerFile = 3600

export interface PreviewEntry {
  readonly captureMs: number
  /** Of the JPEG in the file. */
  readonly offset: number
  readonly sizeBytes: number
}

/** Relative to a volume's root. Throws where the id or the time is none. */
export function previewPath(cameraId: string, atMs: number): string {
  const time = new Date(timeMs.parse(Math.floor(atMs))).toISOString()
  return join(id.parse(cameraId), time.slice(0, 10), time.slice(11, 13), 'previews.bin')
}

/** The whole records of a file and where they end. */
export async function scanPreviews(
  file: FileHandle,
  sizeBytes: number,
): Promise<{ readonly entries: readonly PreviewEntry[]; readonly endOffset: number }> {
  const entries: PreviewEntry[] = []
  const head = Buffer.alloc(headBytes)
  let offset = 0
  while (offset + headBytes <= sizeBytes && entries.length < maxPreviewsPerFile) {
    await file.read(head, 0, headBytes, offset)
    const jpegBytes = head.readUInt32LE(12)
    const captureMs = head.readDoubleLE(4)
    const end = offset + headBytes + jpegBytes
    if (head.readUInt32LE(0) !== magic || jpegBytes > maxPreviewBytes || end > sizeBytes || !(captureMs >= 0)) break
    entries.push({ captureMs, offset: offset + headBytes, sizeBytes: jpegBytes })
    offset = end
  }
  return { entries, endOffset: offset }
}

/** Pictures that wait for a disk that hangs; more are left out. */
const maxWaiting = 64

/** Writes previews; used by the recorder, one writer per volume. */
export class PreviewWriter {
  /** Where each camera's current file ends. */
  readonly #ends = new Map<string, { readonly path: string; readonly endOffset: number; readonly count: number }>()
  #waiting = 0
  #last: Promise<unknown> = Promise.resolve()
  /** Pictures left out because the disk was too slow. */
  dropped = 0

  /** Adds a picture under a volume's root, one after the other. Rejects where the disk does; the file stays good. */
  async write(root: string, cameraId: string, captureMs: number, jpeg: Uint8Array): Promise<void> {
    if (this.#waiting >= maxWaiting) {
      this.dropped += 1
      return
    }
    this.#waiting += 1
    const written = this.#last.then(() => this.#append(root, cameraId, captureMs, jpeg))
    this.#last = Promise.allSettled([written])
    try {
      await written
    } finally {
      this.#waiting -= 1
    }
  }

  async #append(root: string, cameraId: string, captureMs: number, jpeg: Uint8Array): Promise<void> {
    if (jpeg.length > maxPreviewBytes) return
    const path = join(root, previewPath(cameraId, captureMs))
    await makeFolder(root, dirname(previewPath(cameraId, captureMs)))
    await using file = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600)
    const known = this.#ends.get(cameraId)
    const { endOffset, count } = known?.path === path ? known : await endOf(file)
    if (count >= maxPreviewsPerFile) return
    const head = Buffer.alloc(headBytes)
    head.writeUInt32LE(magic, 0)
    head.writeDoubleLE(captureMs, 4)
    head.writeUInt32LE(jpeg.length, 12)
    const record = Buffer.concat([head, jpeg])
    await file.write(record, 0, record.length, endOffset)
    this.#ends.set(cameraId, { path, endOffset: endOffset + record.length, count: count + 1 })
  }
}

async function endOf(file: FileHandle): Promise<{ endOffset: number; count: number }> {
  const { entries, endOffset } = await scanPreviews(file, (await file.stat()).size)
  return { endOffset, count: entries.length }
}
