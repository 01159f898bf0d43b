/** Makes folders: for us alone, and where something is to stay in a volume, not through a link that leads elsewhere. */
import { mkdir, realpath, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from './app-error.ts'

/** `relative` is made of ids and times. Returns the folder's path. Throws disk_failed where a link leads out of the place. */
export async function makeFolder(root: string, relative: string): Promise<string> {
  const folder = join(root, relative)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if ((await realpath(folder)) !== join(await realpath(root), relative))
    throw new AppError('disk_failed', `${folder} leads elsewhere through a link. Remove the link.`)
  return folder
}

/**
 * Makes a folder with all that lead to it; one that is there stays as it is. Throws what mkdir(2) says. Node's own `recursive` never
 * ends where the system answers ENOENT to making a folder in one that is there (/proc).
 */
export async function makeFolderPath(path: string): Promise<void> {
  if (await makeOne(path)) return
  await makeFolderPath(dirname(path))
  if (!(await makeOne(path))) throw Object.assign(new Error(`${path} cannot be made there`), { code: 'ENOENT' })
}

/** False: the folder that it is to lie in is missing. */
async function makeOne(path: string): Promise<boolean> {
  try {
    await mkdir(path, 0o700)
    return true
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code === 'ENOENT' && dirname(path) !== path) return false
    // A file system that only reads says so also of folders that are there.
    if (
      await stat(path).then(
        (found) => found.isDirectory(),
        () => false,
      )
    )
      return true
    throw error
  }
}
