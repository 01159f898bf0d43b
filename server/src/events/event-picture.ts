/** The picture of an event: a JPEG with the camera's footage, in the folder of the hour in which it began. Names are ids and times only. */
import { constants } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { id } from '@vedette/shared/id.ts'
import { makeFolder } from '../lib/make-folder.ts'

const maxBytes = 1024 * 1024

/** Relative to the volume's root. */
export function eventPicturePath(event: {
  readonly id: string
  readonly cameraId: string
  readonly startMs: number
}): string {
  const time = new Date(event.startMs).toISOString()
  return join(id.parse(event.cameraId), time.slice(0, 10), time.slice(11, 13), `${id.parse(event.id)}.jpg`)
}

/** Replaces the picture as a whole: a reader sees the old one or the new one. */
export async function writeEventPicture(root: string, path: string, jpeg: Uint8Array): Promise<void> {
  if (jpeg.length > maxBytes) return
  const target = join(root, path)
  const part = `${target}.part`
  await makeFolder(root, dirname(path))
  await rm(part, { force: true })
  const file = await open(part, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600)
  try {
    await file.writeFile(jpeg)
  } finally {
    await file.close()
  }
  await rename(part, target)
}

/** Undefined where it is gone. */
export async function readEventPicture(root: string, path: string): Promise<Buffer | undefined> {
  try {
    await using file = await open(join(root, path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    const facts = await file.stat()
    return facts.isFile() && facts.size <= maxBytes ? await file.readFile() : undefined
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP' || code === 'ENXIO') return undefined
    throw error
  }
}
