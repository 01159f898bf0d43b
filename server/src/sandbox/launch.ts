/**
 * How a child process is started so that it can do the least: programs of the system before Node, and Node's own flags.
 * Pure: here stands what is asked for; what works is tried out (try-launches.ts) and what is active is measured (judge-layers.ts).
 * Invariant: descriptors and the channel that were inherited go through every wrapper, so the child cannot tell the difference.
 */
import type { SandboxLayerName, SandboxReason } from '@vedette/shared/sandbox.ts'
import type { SandboxPrograms } from './find-programs.ts'

export type MissingLayers = Readonly<Partial<Record<SandboxLayerName, SandboxReason>>>

export interface Launch {
  /** Program and arguments that stand before Node; none: Node itself is started. */
  readonly wrapper: readonly string[]
  /** bubblewrap reads its filter from descriptor 6 and says on 7 whom it started. */
  readonly isBoxed: boolean
  /** The wrapper stays and waits for the process (unshare --fork): Ctrl-C is not for it, and its end is everybody's end. */
  readonly waits?: boolean
  /** What this launch does without, and why. */
  readonly missing: MissingLayers
}

export interface Limits {
  /** Memory that may be written to, in bytes. Not the address space: V8 reserves gigabytes of it that it never uses. */
  readonly dataBytes: number
  /** null: as many as the system gave; each camera and each viewer takes some. */
  readonly openFiles: number | null
  /** Of a file that is written; null: as large as it may be. Vision's one file, the mark, takes four bytes. */
  readonly fileBytes: number | null
  /** Threads count. Only where the process has a user namespace of its own. */
  readonly threads: number
}

export interface Folders {
  /** The Node that runs us. */
  readonly node: string
  /** server/src, shared, node_modules and the package.json files beside them. */
  readonly code: readonly string[]
}

const mib = 1024 * 1024
/** By it a box is known as one of ours. */
export const boxName = 'vision'
export const visionLimits: Limits = { dataBytes: 1536 * mib, openFiles: 256, fileBytes: 4096, threads: 64 }
export const recorderLimits: Limits = { dataBytes: 6144 * mib, openFiles: null, fileBytes: null, threads: 256 }

/** From the most to the least held back; the last one always works. */
export function visionLaunches(programs: SandboxPrograms, folders: Folders, hasFilter: boolean): Launch[] {
  const { bwrap, prlimit } = programs
  const plain: MissingLayers = {
    network: 'no_util_linux',
    files: 'no_bubblewrap',
    processes: 'no_util_linux',
    system_calls: 'no_bubblewrap',
  }
  const before = [...lower(programs, 800), ...limit(prlimit, { ...visionLimits, threads: 0 })]
  const launches: Launch[] = []
  if (bwrap) {
    const inside = limit(prlimit, visionLimits, 'threads')
    const boxes: { filter: boolean; missing: MissingLayers }[] = [
      ...(hasFilter ? [{ filter: true, missing: {} }] : []),
      { filter: false, missing: { system_calls: 'not_offered' } },
    ]
    for (const { filter, missing } of boxes)
      launches.push({
        wrapper: [...before, ...box(bwrap, folders, prlimit, filter), ...inside],
        isBoxed: true,
        missing: prlimit ? missing : { ...missing, limits: 'no_util_linux' },
      })
  }
  const noBox: MissingLayers = bwrap ? { files: 'no_user_namespaces', system_calls: 'no_user_namespaces' } : {}
  // Where the system's own /proc is partly covered (containers) no new one can be mounted.
  for (const ownProc of programs.unshare ? [true, false] : [])
    launches.push({
      wrapper: [...before, ...apart(programs, ownProc), ...privileges(programs.setpriv, [])],
      isBoxed: false,
      waits: true,
      missing: { files: 'no_bubblewrap', system_calls: 'no_bubblewrap', ...noBox, ...withoutPrivileges(programs) },
    })
  const noSpaces: MissingLayers = programs.unshare
    ? { ...plain, network: 'no_user_namespaces', processes: 'no_user_namespaces' }
    : plain
  const last = { ...noSpaces, ...noBox, ...withoutPrivileges(programs) }
  launches.push({ wrapper: [...before, ...privileges(programs.setpriv, [])], isBoxed: false, missing: last })
  if (before.length > 0) launches.push({ wrapper: [], isBoxed: false, missing: { ...last, limits: 'not_offered' } })
  return launches
}

/** `isRoot`: of the system. `ownsFolders`: what it writes to belongs to the user that it runs as. */
export function recorderLaunches(
  programs: SandboxPrograms,
  { isRoot, ownsFolders, uid, gid }: { isRoot: boolean; ownsFolders: boolean; uid: number; gid: number },
): Launch[] {
  const before = limit(programs.prlimit, { ...recorderLimits, threads: 0 })
  const missing = withoutPrivileges(programs)
  const launches: Launch[] = []
  // Root gives up its rights by being somebody else inside; it stays the owner of its files.
  const [asUser, asGroup] = isRoot ? [65_534, 65_534] : [uid, gid]
  if (programs.unshare && ownsFolders)
    launches.push({
      wrapper: [
        ...before,
        programs.unshare,
        '--user',
        `--map-user=${asUser}`,
        `--map-group=${asGroup}`,
        '--',
        ...privileges(programs.setpriv, []),
      ],
      isBoxed: false,
      missing,
    })
  const why: SandboxReason = !ownsFolders ? 'foreign_folder' : programs.unshare ? 'no_user_namespaces' : 'no_util_linux'
  const kept = isRoot && !ownsFolders ? [] : ['--bounding-set=-all', '--inh-caps=-all']
  if (isRoot)
    launches.push({
      wrapper: [...before, ...privileges(programs.setpriv, kept)],
      isBoxed: false,
      missing: { ...missing, processes: why, ...(ownsFolders ? {} : { capabilities: 'foreign_folder' }) },
    })
  launches.push({
    wrapper: [...before, ...privileges(programs.setpriv, [])],
    isBoxed: false,
    missing: { ...missing, processes: why },
  })
  if (before.length > 0)
    launches.push({ wrapper: [], isBoxed: false, missing: { ...missing, processes: why, limits: 'not_offered' } })
  return launches
}

/** `--permission` and what is allowed; everything else is refused by Node itself. */
export function permissionFlags(allowed: {
  readonly read: readonly string[]
  readonly write?: readonly string[]
  readonly addons?: boolean
  readonly childProcesses?: boolean
}): string[] {
  return [
    '--permission',
    ...allowed.read.map((path) => `--allow-fs-read=${path}`),
    ...(allowed.write ?? []).map((path) => `--allow-fs-write=${path}`),
    ...(allowed.addons ? ['--allow-addons'] : []),
    ...(allowed.childProcesses ? ['--allow-child-process'] : []),
  ]
}

/** A view of the file system with the programs and nothing else, no network, nobody else's processes, no way to more rights. */
function box(bwrap: string, { node, code }: Folders, prlimit: string | undefined, filter: boolean): string[] {
  const show = (path: string) => ['--ro-bind-try', path, path]
  return [
    bwrap,
    '--unshare-user',
    '--unshare-pid',
    '--unshare-net',
    '--unshare-ipc',
    '--unshare-uts',
    '--unshare-cgroup-try',
    '--cap-drop',
    'ALL',
    '--new-session',
    '--die-with-parent',
    '--as-pid-1',
    '--hostname',
    boxName,
    ...['/usr/lib', '/usr/lib64', '/lib', '/lib64', '/etc/ld.so.cache', '/nix/store'].flatMap(show),
    ...(prlimit ? show(prlimit) : []),
    ...show(node),
    ...code.flatMap(show),
    '--proc',
    '/proc',
    ...['/dev/null', '/dev/urandom'].flatMap((path) => ['--dev-bind', path, path]),
    '--remount-ro',
    '/',
    '--chdir',
    '/',
    ...(filter ? ['--seccomp', '6'] : []),
    '--info-fd',
    '7',
    '--',
  ]
}

/**
 * No network, and processes of its own: it can signal nobody outside. The second `unshare` is process 1 inside, which what runs
 * below it can neither kill nor leave: when it ends the kernel ends all of them, and it ends with the first, and that with us.
 */
function apart({ unshare = '', setpriv }: SandboxPrograms, ownProc: boolean): string[] {
  const [user, spaces] = [
    ['--user', '--map-user=65534', '--map-group=65534'],
    ['--net', '--ipc', '--uts', '--pid', ...(ownProc ? ['--mount-proc'] : [])],
  ]
  return [
    ...(setpriv ? [setpriv, '--pdeathsig=KILL', '--'] : []),
    ...[unshare, ...user, ...spaces, '--fork', '--kill-child', '--'],
    ...[unshare, '--fork', '--kill-child', '--'],
  ]
}

function limit(prlimit: string | undefined, limits: Limits, only?: 'threads'): string[] {
  if (!prlimit) return []
  if (only) return [prlimit, `--nproc=${limits.threads}`, '--']
  const { dataBytes, openFiles, fileBytes } = limits
  const more = [openFiles === null ? [] : [`--nofile=${openFiles}`], fileBytes === null ? [] : [`--fsize=${fileBytes}`]]
  return [prlimit, '--core=0', `--data=${dataBytes}`, ...more.flat(), '--']
}

/** The kernel ends this one first when the machine has no memory left. */
const lower = ({ choom }: SandboxPrograms, score: number) => (choom ? [choom, '-n', String(score), '--'] : [])

const privileges = (setpriv: string | undefined, more: readonly string[]) =>
  setpriv ? [setpriv, '--no-new-privs', ...more, '--'] : []

function withoutPrivileges({ setpriv, prlimit }: SandboxPrograms): MissingLayers {
  return {
    ...(setpriv ? {} : ({ no_new_privileges: 'no_util_linux', capabilities: 'no_util_linux' } as const)),
    ...(prlimit ? {} : ({ limits: 'no_util_linux' } as const)),
  }
}
