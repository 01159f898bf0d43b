/**
 * The throw-away folders of `vedette start --demo`. One that was killed could not delete its own: the next demo does.
 * Only folders of this user, that hold the lock of a process that is gone; links are not followed.
 */
import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { findHolder } from '../process-lock.ts'

const prefix = 'vedette-demo-'

export const makeDemoFolder = (base: string): Promise<string> => mkdtemp(join(base, prefix))

/** Gives the folders that it removed. */
export async function removeDeadDemos(base: string): Promise<string[]> {
  const removed: string[] = []
  for (const name of await readdir(base)) {
    const path = join(base, name)
    if (!name.startsWith(prefix) || !(await isDeadDemo(path))) continue
    await rm(path, { recursive: true, force: true })
    removed.push(path)
  }
  return removed
}

/** Without a lock it may be one that is just beginning. */
async function isDeadDemo(path: string): Promise<boolean> {
  const folder = await lstat(path).catch(() => undefined)
  const lock = await lstat(join(path, 'control.lock')).catch(() => undefined)
  if (!folder?.isDirectory() || folder.uid !== process.getuid?.() || !lock?.isFile()) return false
  const holders = [await findHolder(join(path, 'control.lock')), await findHolder(join(path, 'recorder.lock'))]
  return holders.every((holder) => holder === undefined)
}
