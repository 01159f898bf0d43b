/**
 * A real PostgreSQL for tests: Debian's, in a temporary folder, started by the first test that wants it and shared by
 * all test processes of a run. It ends when the run does, even if the run is killed. Nothing listens on the network.
 */
import { execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { outlivingFolder, runName } from './own-temporary-folder.ts'

const installed = '/usr/lib/postgresql'
/** The test runner's process: the cluster lives as long as it does. Workers are its children. */
const runner = process.env.VITEST ? process.ppid : process.pid

/** Folder with initdb and postgres; undefined where PostgreSQL is not installed. */
export function postgresPrograms(): string | undefined {
  const versions = existsSync(installed) ? readdirSync(installed) : []
  const newest = versions
    .filter((v) => existsSync(join(installed, v, 'bin/initdb')))
    .sort((a, b) => Number(b) - Number(a))[0]
  return newest === undefined ? undefined : join(installed, newest, 'bin')
}

/** URL of the cluster's server (database `postgres`), through its socket file. Starts it when this is the first caller. */
export async function startPostgres(programs: string): Promise<string> {
  const folder = join(outlivingFolder(), `vedette-postgres-${runName}`)
  const ready = join(folder, 'ready')
  try {
    mkdirSync(folder, { mode: 0o755 })
    createCluster(programs, folder)
    writeFileSync(ready, '')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    const patience = AbortSignal.timeout(40_000)
    while (!existsSync(ready)) await delay(50, undefined, { signal: patience })
  }
  return `postgres://vedette@/postgres?host=${encodeURIComponent(folder)}`
}

function createCluster(programs: string, folder: string): void {
  const user = unprivilegedUser()
  if (user) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const as = user ? { uid: user.uid, gid: user.gid } : {}
  const run = (program: string, ...args: string[]) =>
    execFileSync(join(programs, program), args, { ...as, cwd: folder, stdio: 'pipe' })
  run('initdb', '-D', data, '-U', 'vedette', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync')
  const options = `-k ${folder} -c listen_addresses= -c fsync=off -c full_page_writes=off -c max_connections=200 -c shared_buffers=256MB`
  run('pg_ctl', '-D', data, '-w', '-t', '30', '-l', join(folder, 'log'), '-o', options, 'start')
  const keeper = `while kill -0 ${runner} 2>/dev/null; do sleep 0.5; done; "$1/pg_ctl" -D "$2/data" -m immediate stop; rm -rf "$2"`
  // Not `as` the other user: kill -0 must be allowed to see the runner. pg_ctl refuses root, so only it changes user.
  const command = user
    ? keeper.replace('"$1/pg_ctl"', `setpriv --reuid ${user.uid} --regid ${user.gid} --clear-groups "$1/pg_ctl"`)
    : keeper
  spawn('sh', ['-c', command, 'keeper', programs, folder], { detached: true, stdio: 'ignore' }).unref()
}

/** initdb refuses root. */
export function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  const found = users.find((u) => u[0] === 'postgres') ?? users.find((u) => u[0] === 'nobody')
  return found ? { uid: Number(found[2]), gid: Number(found[3]) } : undefined
}

/** Ends this process's own cluster early (benches; test runs leave it to the keeper). */
export function removeCluster(programs: string): void {
  const folder = join(outlivingFolder(), `vedette-postgres-${runName}`)
  const user = unprivilegedUser()
  if (!existsSync(folder)) return
  execFileSync(join(programs, 'pg_ctl'), ['-D', join(folder, 'data'), '-m', 'immediate', 'stop'], {
    ...user,
    cwd: folder,
    stdio: 'pipe',
  })
  rmSync(folder, { recursive: true, force: true })
}
