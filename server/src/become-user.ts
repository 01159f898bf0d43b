/**
 * Started as root with a user given, Vedette becomes that user before it opens anything, in the same process: the children never
 * were root. Started as root without one it goes on, and says so. Commands become whoever the data folder belongs to.
 */
import { spawnSync } from 'node:child_process'
import { closeSync, constants, existsSync, fchownSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Config, ownEnvironment } from './config.ts'
import { AppError } from './lib/app-error.ts'
import { findPrograms } from './sandbox/find-programs.ts'

interface Account {
  readonly uid: number
  readonly gid: number
}

const name = /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/

/** For the console and the list of problems; null: nothing to say. */
export function rootProblem(): string | null {
  if (process.getuid?.() !== 0) return null
  return 'Vedette runs as root: whoever takes it over has the whole machine. Make a user for it, give that user the data folder (chown -R) and start Vedette with --user <name> or VEDETTE_USER=<name>.'
}

/** Returns when this process is that user; does not return (the program begins anew) when it has to become it. Throws bad_request. */
export function becomeUser({ user, dataDir, footageDir }: Config): void {
  if (user === null) return
  const wanted = findAccount(user)
  if (process.getuid?.() === wanted.uid) return
  if (process.getuid?.() !== 0)
    throw new AppError(
      'bad_request',
      `Only root can become ${user}. Start Vedette as root, or as ${user} without --user.`,
      {
        field: 'VEDETTE_USER',
      },
    )
  if (wanted.uid === 0)
    throw new AppError('bad_request', 'Give --user a user that is not root.', { field: 'VEDETTE_USER' })
  requireReadable(process.argv[1] ?? '', user, wanted)
  for (const folder of [dataDir, footageDir]) giveFolder(folder, user, wanted)
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1)]
  const environment = ownEnvironment()
  const { setpriv } = findPrograms()
  if (setpriv) {
    const { uid, gid } = wanted
    const become = [
      `--reuid=${uid}`,
      `--regid=${gid}`,
      '--init-groups',
      '--no-new-privs',
      '--bounding-set=-all',
      '--inh-caps=-all',
    ]
    process.execve?.(setpriv, [setpriv, ...become, '--', ...again], environment)
  }
  process.setgroups?.([wanted.gid])
  process.setgid?.(wanted.gid)
  process.setuid?.(wanted.uid)
  // Begins anew, so that the kernel takes the process for that user's own (/proc, core dumps).
  process.execve?.(process.execPath, again, environment)
}

/** Below /root, for one, nobody else may read: the program would begin anew and not find itself. */
export function requireReadable(program: string, user: string, { uid, gid }: Account): void {
  const { setpriv } = findPrograms()
  const test = ['/usr/bin/test', '-r', program] as const
  const look = setpriv
    ? spawnSync(setpriv, [`--reuid=${uid}`, `--regid=${gid}`, '--init-groups', '--', ...test], { env: {} })
    : spawnSync(test[0], test.slice(1), { uid, gid, env: {} })
  if (look.status === 1)
    throw new AppError(
      'bad_request',
      `${user} may not read ${program}. Put Vedette where that user may read it, /opt/vedette for one, or open the folders above it (chmod o+x).`,
      { field: 'VEDETTE_USER' },
    )
}

/**
 * A command that root gives goes on as whoever the data folder belongs to: what root makes there (a database's log, a key, a
 * folder) that user could not open, and what that user put there (a link) root must not follow. Gives whom it became.
 */
export function becomeOwner(dataDir: string): number | null {
  if (process.getuid?.() !== 0) return null
  const found = statSync(dataDir, { throwIfNoEntry: false })
  if (!found || found.uid === 0) return null
  const { uid, gid } = found
  // Disks may be open to a group. An owner without a name, as containers have them, has this one group.
  const { stdout } = spawnSync('/usr/bin/id', ['-G', '--', String(uid)], { encoding: 'utf8' })
  const groups = (stdout ?? '').trim().split(' ').map(Number)
  process.setgroups?.(groups.every((group) => group > 0) ? groups : [gid])
  process.setgid?.(gid)
  process.setuid?.(uid)
  return uid
}

/** A folder that is not there is made for the user, and all on the way to it; one that belongs to somebody else is left alone. */
export function giveFolder(folder: string, user: string, { uid, gid }: Account): void {
  if (!existsSync(folder)) {
    const made = makeMissing(folder)
    // The deepest first: until the last one is given away nobody else can put a link there.
    for (const one of made.reverse()) giveAway(one, uid, gid)
    return
  }
  if (statSync(folder).uid !== uid)
    throw new AppError(
      'bad_request',
      `${folder} does not belong to ${user}. Give it to that user: chown -R ${user}: ${folder}`,
      {
        field: 'VEDETTE_USER',
      },
    )
}

/** Those that were made, the outermost first. One by one: Node's own `recursive` never ends under /proc (lib/make-folder.ts). */
function makeMissing(folder: string): string[] {
  const missing: string[] = []
  for (let at = folder; !existsSync(at); at = dirname(at)) missing.unshift(at)
  try {
    for (const one of missing) mkdirSync(one, 0o700)
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause
    throw new AppError(
      'bad_request',
      `The folder ${folder} cannot be made (${cause.code}). Check the owner of what is above it and its disk, or give another with --data or VEDETTE_FOOTAGE.`,
      { cause },
    )
  }
  return missing
}

/** Never through a link: whoever owns the folder above could have put one there that leads to a file of root's. */
function giveAway(folder: string, uid: number, gid: number): void {
  const opened = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
  try {
    fchownSync(opened, uid, gid)
  } finally {
    closeSync(opened)
  }
}

function findAccount(user: string): Account {
  const idOf = (flag: '-u' | '-g') => Number(spawnSync('/usr/bin/id', [flag, '--', user], { encoding: 'utf8' }).stdout)
  const account = name.test(user) ? { uid: idOf('-u'), gid: idOf('-g') } : undefined
  if (
    !account ||
    !Number.isInteger(account.uid) ||
    !Number.isInteger(account.gid) ||
    (account.uid + account.gid === 0 && user !== 'root')
  )
    throw new AppError(
      'bad_request',
      `There is no user ${user} on this machine. Make it first: useradd --system ${user}`,
      {
        field: 'VEDETTE_USER',
      },
    )
  return account
}
