/** Makes a folder below a root and refuses one that a symbolic link leads elsewhere: what is written there must stay in the volume. */
import { mkdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from './app-error.ts'

/** `relative` is made of ids and times. Returns the folder's path. Throws disk_failed where a link leads out of the place. */
export async function makeFolder(root: string, relative: string): Promise<string> {
  const folder = join(root, relative)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if ((await realpath(folder)) !== join(await realpath(root), relative))
    throw new AppError('disk_failed', `${folder} leads elsewhere through a link. Remove the link.`)
  return folder
}
