/** The system's programs that hold a process back. None is needed: without one there are fewer layers, and that is said. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const names = ['bwrap', 'unshare', 'setpriv', 'prlimit', 'choom'] as const
export type SandboxPrograms = Readonly<Partial<Record<(typeof names)[number], string>>>

/** Not PATH: what is started here comes from the system's own folders. */
const folders = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/usr/local/bin', '/run/current-system/sw/bin']

export function findPrograms(isThere: (path: string) => boolean = isThereForUs): SandboxPrograms {
  const found = names.map((name) => [name, folders.map((folder) => join(folder, name)).find(isThere)] as const)
  return Object.fromEntries(found.filter(([, path]) => path !== undefined))
}

/** Node's permissions throw instead of answering: the recorder may read the programs that control found, no other place. */
function isThereForUs(path: string): boolean {
  try {
    return existsSync(path)
  } catch {
    return false
  }
}
