import { spawnSync } from 'node:child_process'
import { closeSync, fstatSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findPrograms } from './find-programs.ts'
import { recorderLaunches, visionLaunches } from './launch.ts'
import { seccompFilter } from './seccomp-filter.ts'

const folders = { node: '/opt/node', code: ['/opt/vedette/server/src'] }
const all = findPrograms(() => true)

test('R26 vision goes from the most to the least held back, and each step says what it goes without', () => {
  const launches = visionLaunches(all, folders, true)
  const counts = launches.map(({ missing }) => Object.keys(missing).length)
  expect(counts).toEqual(counts.toSorted((a, b) => a - b))
  expect(launches[0]?.missing).toEqual({})
  expect(launches.at(-1)?.wrapper).toEqual([])
})

test('R26 without the system’s programs nothing is wrapped, and each missing layer names what to install', () => {
  const [only, ...more] = visionLaunches({}, folders, true)
  expect(more).toEqual([])
  expect(only?.wrapper).toEqual([])
  expect(only?.missing).toEqual({
    network: 'no_util_linux',
    processes: 'no_util_linux',
    files: 'no_bubblewrap',
    system_calls: 'no_bubblewrap',
    no_new_privileges: 'no_util_linux',
    capabilities: 'no_util_linux',
    limits: 'no_util_linux',
  })
})

test('R26 the box shows the program and nothing else, read-only', () => {
  const wrapper = visionLaunches(all, folders, true)[0]?.wrapper ?? []
  const shown = wrapper.flatMap((word, at) => (word === '--ro-bind-try' ? [wrapper[at + 1]] : []))
  expect(shown).toContain('/opt/vedette/server/src')
  expect(shown).not.toContain('/opt/vedette')
  expect(wrapper.filter((word) => word === '--bind' || word === '--bind-try')).toEqual([])
})

test('R26 a root whose folders belong to somebody else keeps the right to them, and it is said', () => {
  const account = { isRoot: true, uid: 0, gid: 0 }
  const [own] = recorderLaunches(all, { ...account, ownsFolders: true })
  expect(own?.wrapper).toContain('--map-user=65534')
  const [foreign] = recorderLaunches(all, { ...account, ownsFolders: false })
  expect(foreign?.missing).toMatchObject({ capabilities: 'foreign_folder', processes: 'foreign_folder' })
  expect(foreign?.wrapper).not.toContain('--bounding-set=-all')
})

const { prlimit, bwrap, setpriv, unshare } = findPrograms()
test.runIf(prlimit)('R26 what vision may write is its mark: it fills no disk through it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vedette-launch-'))
  const mark = openSync(join(folder, 'mark'), 'wx+')
  const [program = '', ...wrapper] = visionLaunches({ ...(prlimit && { prlimit }) }, folders, false)[0]?.wrapper ?? []
  const fill =
    "const fs = require('fs'); fs.writeSync(5, Buffer.alloc(4), 0, 4, 0); fs.writeSync(5, Buffer.alloc(1e6), 0, 1e6, 4)"
  const stdio = ['ignore', 'ignore', 'ignore', 'ignore', 'ignore', mark] as const
  spawnSync(program, [...wrapper, process.execPath, '-e', `${fill}; fs.writeSync(5, Buffer.alloc(1e6), 0, 1e6, 1e6)`], {
    stdio: [...stdio],
  })
  expect(fstatSync(mark).size).toBeGreaterThanOrEqual(4)
  expect(fstatSync(mark).size).toBeLessThanOrEqual(4096)
  closeSync(mark)
  rmSync(folder, { recursive: true })
})

const filter = seccompFilter(process.arch)
test.runIf(bwrap && setpriv && filter)(
  'R26 R31 what is in the box cannot take back that it ends with its parent',
  () => {
    if (!bwrap || !setpriv || !filter) return
    const folder = mkdtempSync(join(tmpdir(), 'vedette-launch-'))
    writeFileSync(join(folder, 'filter'), filter)
    const end = (hasFilter: boolean) => {
      const code = [setpriv, process.execPath]
      const [launch] = visionLaunches({ bwrap }, { node: process.execPath, code }, hasFilter)
      const [program = '', ...wrapper] = launch?.wrapper ?? []
      const file = openSync(join(folder, 'filter'), 'r')
      const nowhere = openSync('/dev/null', 'w')
      const ignored = Array.from({ length: 6 }, () => 'ignore' as const)
      const { status } = spawnSync(program, [...wrapper, setpriv, '--pdeathsig=clear', process.execPath, '--version'], {
        stdio: [...ignored, file, nowhere],
        timeout: 10_000,
      })
      closeSync(file)
      return status
    }
    expect(end(false)).toBe(0)
    expect(end(true)).not.toBe(0)
    rmSync(folder, { recursive: true })
  },
)

test.runIf(unshare)('R26 code in the recorder’s place reads nothing of the process above it', () => {
  const account = { isRoot: process.getuid?.() === 0, uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
  const [launch] = recorderLaunches(findPrograms(), { ...account, ownsFolders: true })
  const [program = '', ...wrapper] = launch?.wrapper ?? []
  const look = `const fs = require('fs')
    const able = []
    const of = '/proc/' + process.ppid + '/'
    for (const file of ['environ', 'mem', 'maps', 'auxv']) try { fs.closeSync(fs.openSync(of + file)); able.push(file) } catch {}
    for (const link of ['root', 'cwd', 'exe', 'fd/0']) try { fs.readlinkSync(of + link); able.push(link) } catch {}
    console.log(JSON.stringify({ able, fds: fs.readdirSync('/proc/self/fd').filter((fd) => { try { return fs.fstatSync(Number(fd)).isFile() } catch { return false } }) }))`
  const run = (args: readonly string[]) =>
    spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 60_000 }).stdout
  const held = spawnSync(program, [...wrapper, process.execPath, '-e', look], {
    encoding: 'utf8',
    timeout: 60_000,
  }).stdout
  // Unheld it could: the attempt itself works.
  expect(JSON.parse(run(['-e', look])).able).toContain('environ')
  // No file of ours was inherited, either.
  expect(JSON.parse(held)).toEqual({ able: [], fds: [] })
})
