/**
 * One segment file while it is written: created exclusively under its volume, appended to, hashed, synced, closed.
 * Invariant: `sizeBytes` and the hash cover exactly what was written whole; a failed write leaves more in the file only
 * behind that mark. Durability rules: docs/design/storage.md. Not here: what is written (fragment-builder.ts), retries.
 */
import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../lib/app-error.ts'
import { type SegmentTail, tailBox } from './segment-format.ts'
import { type SegmentPlace, segmentPath } from './segment-path.ts'

/** What a segment needs of an open file; tests replace it to make a disk fail. */
export type WritableFile = Pick<FileHandle, 'writev' | 'truncate' | 'datasync' | 'close'>
export type OpenNewFile = (path: string) => Promise<WritableFile>

/** A new file or nothing; a link that lies there is not followed. */
export const createFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW
export const createFile: OpenNewFile = (path) => open(path, createFlags, 0o600)

const maxNamesTried = 100

export class SegmentFile {
  readonly place: SegmentPlace
  readonly #path: string
  readonly #file: WritableFile
  readonly #hash = createHash('sha256')
  #sizeBytes = 0
  #isInFolder = false

  private constructor(place: SegmentPlace, path: string, file: WritableFile) {
    this.place = place
    this.#path = path
    this.#file = file
  }

  /** Creates the file and its folders; where the name is taken, the next millisecond's. 'conflict': something is in the way. */
  static async create(
    volumePath: string,
    wanted: SegmentPlace,
    openNew: OpenNewFile = createFile,
  ): Promise<SegmentFile> {
    for (let fileMs = wanted.fileMs; fileMs < wanted.fileMs + maxNamesTried; fileMs++) {
      const place = { ...wanted, fileMs }
      const path = join(volumePath, segmentPath(place))
      await makeFolders(volumePath, dirname(segmentPath(place)))
      try {
        return new SegmentFile(place, path, await openNew(path))
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      }
    }
    throw new AppError('conflict', `A hundred files from ${wanted.fileMs} on are already there. Check the volume.`)
  }

  get sizeBytes(): number {
    return this.#sizeBytes
  }
  /** Of what was written so far. */
  get sha256(): string {
    return this.#hash.copy().digest('hex')
  }

  /** Writes all of it or throws; `sizeBytes` then stays where it was. */
  async append(buffers: readonly Uint8Array[]): Promise<void> {
    const bytes = await this.#write(buffers)
    for (const buffer of buffers) this.#hash.update(buffer)
    this.#sizeBytes += bytes
  }

  /** Makes what was written survive a power cut. A failure means that the file cannot be trusted any more. */
  async sync(): Promise<void> {
    await this.#file.datasync()
    if (this.#isInFolder) return
    await syncFolder(dirname(this.#path))
    this.#isInFolder = true
  }

  /** Writes the tail; `sync` and `close` must follow. */
  async seal(
    tail: Omit<SegmentTail, 'v' | 'sha256'>,
  ): Promise<{ readonly sizeBytes: number; readonly sha256: string }> {
    const { sha256 } = this
    const bytes = await this.#write([tailBox({ v: 1, sha256, ...tail })])
    return { sizeBytes: this.#sizeBytes + bytes, sha256 }
  }

  /** Cuts off what a failed write may have left. */
  async cutToWhole(): Promise<void> {
    await this.#file.truncate(this.#sizeBytes)
  }

  async close(): Promise<void> {
    await this.#file.close()
  }

  /** Closes and removes it: no footage came. */
  async remove(): Promise<void> {
    await this.#file.close()
    await unlink(this.#path)
  }

  async #write(buffers: readonly Uint8Array[]): Promise<number> {
    const bytes = buffers.reduce((sum, buffer) => sum + buffer.length, 0)
    const { bytesWritten } = await this.#file.writev(buffers, this.#sizeBytes)
    // A short write is how a file system says "full" when some bytes still fit.
    if (bytesWritten !== bytes) throw new AppError('disk_full', 'The disk took only a part of the footage.')
    return bytes
  }
}

/** Folders from ids and times under the volume's root, 0700; a link among them is refused. */
async function makeFolders(volumePath: string, relative: string): Promise<void> {
  let path = volumePath
  for (const name of relative.split('/')) {
    const parent = path
    path = join(path, name)
    try {
      await mkdir(path, 0o700)
      await syncFolder(parent)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      if (!(await lstat(path)).isDirectory()) throw new AppError('conflict', `${path} is not a folder. Remove it.`)
    }
  }
}

/** So that new names in the folder survive a power cut. */
export async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY)
  await folder.sync()
}
