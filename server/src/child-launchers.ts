/** How control starts the recorder and the recorder starts vision: which folders each may see, and what Node allows it. */
import { statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type Config, childEnvironment } from './config.ts'
import type { Log } from './lib/log.ts'
import { findPrograms } from './sandbox/find-programs.ts'
import { permissionFlags, recorderLaunches, visionLaunches } from './sandbox/launch.ts'
import { Launcher } from './sandbox/launcher.ts'
import { seccompFilter } from './sandbox/seccomp-filter.ts'

const project = resolve(import.meta.dirname, '../..')
/** Not the project's folder: the data folder may lie in it. */
const code = ['server/src', 'server/package.json', 'shared', 'node_modules', 'package.json'].map((path) =>
  join(project, path),
)
/** What a process reads of itself. */
const ownFacts = ['/proc/self/stat', '/proc/self/statm', '/proc/self/status', '/proc/sys/kernel/random/boot_id']
/** Where vision's mark lies (vision-process.ts). */
const marks = '/tmp/vedette-mark-*'
const folder = (path: string) => [path, `${path}/*`]

/**
 * Footage passes through as buffers outside V8's heap, which count towards its limit all the same: left alone it collects the
 * whole heap after every 8 MB, once a second with 16 cameras and half of the recorder's CPU. So it may grow to four times of
 * what is alive (a few seconds of footage). Nearly all that is alive is code that stays: marked here, without threads that are
 * woken for it, and kept. Together 3/5 of what garbage cost before, and 20 MB more with 16 cameras.
 */
const recorderMemory = [
  '--max-semi-space-size=4',
  '--heap-growing-percent=300',
  '--no-concurrent-marking',
  '--no-flush-bytecode',
  '--expose-gc',
]
/** FFmpeg's pictures count towards V8's limit although they are freed at once, too. Nobody waits for it: no threads for garbage. */
const visionMemory = [
  '--max-semi-space-size=2',
  '--heap-growing-percent=200',
  '--single-threaded-gc',
  '--no-flush-bytecode',
  '--expose-gc',
]
const common = [
  '--disable-warning=ExperimentalWarning',
  '--disable-warning=SecurityWarning',
  `--import=${join(import.meta.dirname, 'stripped-code.mjs')}`,
]

/** `volumes`: folders of footage. The recorder writes there, into the journal and its lock; it reads no key and no database. */
export function recorderLauncher(config: Config, volumes: readonly string[], log: Log): Launcher {
  const { dataDir } = config
  const programs = findPrograms()
  const uid = process.getuid?.() ?? 0
  const writes = [
    ...folder(join(dataDir, 'journal')),
    join(dataDir, 'recorder.lock*'),
    ...volumes.flatMap(folder),
    marks,
  ]
  const cache = childEnvironment(1).NODE_COMPILE_CACHE
  const ownCache = cache === undefined ? [] : folder(`${cache}-recorder`)
  return new Launcher({
    name: 'recorder',
    node: process.execPath,
    nodeFlags: [
      ...common,
      ...recorderMemory,
      ...permissionFlags({
        read: [...code.flatMap(folder), ...ownFacts, ...Object.values(programs), ...writes, ...ownCache],
        write: [...writes, ...ownCache],
        childProcesses: true,
      }),
    ],
    environment: {
      ...childEnvironment(8),
      // A cache of its own: what it could write there, only its own next life would run.
      ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: `${cache}-recorder` }),
      VEDETTE_DATA: dataDir,
      // Only where it is: the recorder tries to read it, and is refused.
      ...(config.keyPlace.kind === 'own' ? {} : { VEDETTE_KEY_FILE: config.keyPlace.path }),
      VEDETTE_LOG_LEVEL: config.logLevel,
      VEDETTE_ALLOW_LOOPBACK_CAMERAS: config.allowLoopbackCameras ? '1' : '0',
    },
    launches: recorderLaunches(programs, {
      isRoot: uid === 0,
      ownsFolders: [dataDir, ...volumes].every((path) => isOwnedBy(path, uid)),
      uid,
      gid: process.getgid?.() ?? 0,
    }),
    filter: undefined,
    log,
  })
}

/** Vision reads its own program and nothing else, writes nothing and starts nothing. */
export function visionLauncher(log: Log): Launcher {
  const filter = seccompFilter(process.arch)
  const { NODE_COMPILE_CACHE: _, ...environment } = childEnvironment(2)
  return new Launcher({
    name: 'vision',
    node: process.execPath,
    nodeFlags: [
      ...common,
      ...visionMemory,
      ...permissionFlags({ read: [...code.flatMap(folder), ...ownFacts], addons: true }),
    ],
    environment,
    launches: visionLaunches(findPrograms(), { node: process.execPath, code }, filter !== undefined),
    filter,
    log,
  })
}

/** For one picture that a user sent (picture-main.ts): like vision. */
export function pictureLauncher(log: Log): Launcher {
  const filter = seccompFilter(process.arch)
  const { NODE_COMPILE_CACHE: _, ...environment } = childEnvironment(1)
  return new Launcher({
    name: 'picture',
    node: process.execPath,
    nodeFlags: [
      ...common,
      '--max-old-space-size=64',
      ...permissionFlags({ read: [...code.flatMap(folder), ...ownFacts], addons: true }),
    ],
    environment,
    launches: visionLaunches(findPrograms(), { node: process.execPath, code }, filter !== undefined),
    filter,
    log,
  })
}

/** A volume that is away now is looked at by its parent. */
function isOwnedBy(path: string, uid: number): boolean {
  try {
    return statSync(path).uid === uid
  } catch {
    return dirname(path) !== path && isOwnedBy(dirname(path), uid)
  }
}
