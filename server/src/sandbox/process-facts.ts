/** What the kernel says of a process, read from outside by control: rights, filters, namespaces, limits, place in the queue. */
import { readFileSync } from 'node:fs'
import { readFile, readlink, stat } from 'node:fs/promises'

export interface ProcessFacts {
  /** As control sees it, whatever the process takes itself for. */
  readonly uid: number | null
  readonly effectiveCapabilities: string | null
  readonly permittedCapabilities: string | null
  readonly noNewPrivileges: boolean
  readonly seccompMode: number
  /** `net:[4026531840]` and so on. */
  readonly namespaces: Readonly<Partial<Record<NamespaceName, string>>>
  readonly coreLimit: string | null
  readonly dataLimit: string | null
  readonly fileLimit: string | null
  readonly threadLimit: string | null
  readonly oomScore: number | null
  /** Whether the data folder exists in its view of the file system; null: could not be seen. */
  readonly seesDataFolder: boolean | null
}

export type NamespaceName = 'user' | 'pid' | 'net' | 'mnt'
const namespaceNames: readonly NamespaceName[] = ['user', 'pid', 'net', 'mnt']

/** Undefined where there is no such process (any more). */
export async function readProcessFacts(pid: number | 'self', dataDir: string): Promise<ProcessFacts | undefined> {
  const folder = `/proc/${pid}`
  const [status, limits, oom] = await Promise.all(
    ['status', 'limits', 'oom_score_adj'].map((file) => read(folder, file)),
  )
  if (!status) return undefined
  const field = (name: string) => new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(status)?.[1] ?? null
  const soft = (name: string) => new RegExp(`^${name}\\s+(\\S+)`, 'm').exec(limits ?? '')?.[1] ?? null
  const links = await Promise.all(
    namespaceNames.map(async (name) => [name, await readlink(`${folder}/ns/${name}`).catch(() => undefined)] as const),
  )
  const uid = field('Uid')
  return {
    uid: uid === null ? null : Number(uid),
    effectiveCapabilities: field('CapEff'),
    permittedCapabilities: field('CapPrm'),
    noNewPrivileges: field('NoNewPrivs') === '1',
    seccompMode: Number(field('Seccomp') ?? 0),
    namespaces: Object.fromEntries(links.filter(([, link]) => link !== undefined)),
    coreLimit: soft('Max core file size'),
    dataLimit: soft('Max data size'),
    fileLimit: soft('Max open files'),
    threadLimit: soft('Max processes'),
    oomScore: oom ? Number(oom) : null,
    seesDataFolder: await sees(`${folder}/root${dataDir}`),
  }
}

/** The process itself, where this one is an `unshare` that waits for it; else the same. */
export function processWithin(pid: number): number {
  try {
    if (readFileSync(`/proc/${pid}/comm`, 'utf8').trim() !== 'unshare') return pid
    const child = /^\d+/.exec(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'))?.[0]
    return child === undefined ? pid : processWithin(Number(child))
  } catch {
    return pid // It ended, or the system does not tell.
  }
}

const read = (folder: string, file: string) => readFile(`${folder}/${file}`, 'utf8').catch(() => undefined)

async function sees(path: string): Promise<boolean | null> {
  try {
    await stat(path)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? false : null
  }
}
