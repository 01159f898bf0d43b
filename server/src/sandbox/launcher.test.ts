/** Real starts of a real child under each set of programs that a system may have: what is not offered is skipped, and said. */
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type TriedDeed, triedDeed } from '@vedette/shared/sandbox.ts'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { silentLog } from '../lib/log.ts'
import { findPrograms, type SandboxPrograms } from './find-programs.ts'
import { judgeLayers } from './judge-layers.ts'
import { permissionFlags, visionLaunches } from './launch.ts'
import { Launcher } from './launcher.ts'
import { processWithin, readProcessFacts } from './process-facts.ts'
import { seccompFilter } from './seccomp-filter.ts'

const project = resolve(import.meta.dirname, '../../..')
const code = ['server/src', 'server/package.json', 'shared', 'node_modules', 'package.json'].map((path) =>
  resolve(project, path),
)
const said = z.object({ hasNodePermissions: z.boolean(), tried: z.array(triedDeed) })
const own = findPrograms()
const { bwrap: _, ...withoutBox } = own

/** Layers by name, of a child started with these programs. */
async function measure(programs: SandboxPrograms, flags: readonly string[]) {
  const filter = seccompFilter(process.arch)
  const launcher = new Launcher({
    name: 'vision',
    node: process.execPath,
    nodeFlags: ['--disable-warning=SecurityWarning', ...flags],
    environment: { PATH: '/usr/bin:/bin' },
    launches: visionLaunches(programs, { node: process.execPath, code }, filter !== undefined),
    filter,
    log: silentLog,
  })
  const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const
  const { channel, pid } = await launcher.start(resolve(project, 'server/src/probe-main.ts'), stdio)
  try {
    const heard = new Promise((resolve) => channel.onMessage(resolve))
    channel.send({
      keyPath: '/etc/hostname',
      databasePath: null,
      programPath: resolve(import.meta.dirname, 'launch.ts'),
      parentId: process.pid,
    })
    const { tried, hasNodePermissions } = said.parse(await heard)
    const facts = await readProcessFacts(processWithin((await pid) ?? 0), project)
    const self = await readProcessFacts('self', project)
    const measured = {
      process: 'vision',
      facts,
      own: self,
      tried,
      hasNodePermissions,
      missing: launcher.missing,
    } as const
    return { tried, layers: new Map(judgeLayers(measured).map((layer) => [layer.name, layer])) }
  } finally {
    channel.close()
  }
}
const fence = permissionFlags({ read: code.flatMap((path) => [path, `${path}/*`]) })
const answerOf = (tried: readonly TriedDeed[], deed: TriedDeed['deed']) => tried.find((one) => one.deed === deed)

test.runIf(own.bwrap)('R26 the box holds by itself, also where Node’s own fence is not there', async () => {
  const { tried, layers } = await measure(own, [])
  expect(layers.get('node_permissions')?.state).toBe('missing')
  expect(layers.get('files')?.state).toBe('missing') // The project is in the view: it is the program.
  expect(answerOf(tried, 'read_key')).toMatchObject({ refused: true, answer: 'ENOENT' })
  expect(answerOf(tried, 'change_program')).toMatchObject({ refused: true, answer: 'EROFS' })
  expect(answerOf(tried, 'start_program')).toMatchObject({ refused: true, answer: 'EPERM' })
  expect(answerOf(tried, 'reach_network')).toMatchObject({ refused: true, answer: 'EPERM' })
  expect(layers.get('system_calls')?.state).toBe('active')
})

test.runIf(own.unshare)('R26 without bubblewrap the network is still away, and what is missing names it', async () => {
  const { tried, layers } = await measure(withoutBox, fence)
  expect(layers.get('network')?.state).toBe('active')
  expect(answerOf(tried, 'reach_network')?.answer).toBe('ENETUNREACH')
  expect(layers.get('no_new_privileges')?.state).toBe('active')
  expect(layers.get('capabilities')?.state).toBe('active')
  expect(layers.get('processes')?.state).toBe('active')
  expect(answerOf(tried, 'signal_parent')).toMatchObject({ refused: true, answer: 'ESRCH' })
  for (const name of ['files', 'system_calls'] as const)
    expect(layers.get(name)).toMatchObject({ state: 'missing', reason: 'no_bubblewrap' })
})

test('R26 without any of the programs there is Node’s fence, and each missing layer says what to install', async () => {
  const { tried, layers } = await measure({}, fence)
  expect(layers.get('node_permissions')?.state).toBe('active')
  expect(answerOf(tried, 'read_key')?.answer).toBe('ERR_ACCESS_DENIED')
  expect(layers.get('network')).toMatchObject({ state: 'missing', reason: 'no_util_linux' })
  expect(layers.get('limits')).toMatchObject({ state: 'missing', reason: 'no_util_linux' })
  expect(layers.get('system_calls')).toMatchObject({ state: 'missing', reason: 'no_bubblewrap' })
})

test.runIf(own.unshare)(
  'R26 R31 what stands around a process ends it and all that it started, also one that ignores signals',
  async () => {
    const { prlimit: _, ...programs } = withoutBox
    const folder = mkdtempSync(join(tmpdir(), 'vedette-launcher-'))
    const program = join(folder, 'stubborn.mjs')
    const stubborn =
      "for (const name of ['SIGTERM', 'SIGHUP', 'SIGINT']) process.on(name, () => {})\nsetInterval(() => {}, 1000)\n"
    writeFileSync(
      program,
      `import { spawn } from 'node:child_process'
    if (process.argv[2] !== 'more') spawn(process.execPath, [process.argv[1], 'more'], { detached: true, stdio: ['ignore', 4, 'ignore'] })
    ${stubborn}process.on('disconnect', () => {}); process.send?.('runs')`,
    )
    const launcher = new Launcher({
      name: 'vision',
      node: process.execPath,
      nodeFlags: [],
      environment: { PATH: '/usr/bin:/bin' },
      launches: visionLaunches(programs, { node: process.execPath, code }, false),
      filter: undefined,
      log: silentLog,
    })
    // The pipe is closed when the last process that holds it has ended.
    const { child, channel } = await launcher.start(program, ['ignore', 'ignore', 'ignore', 'ipc', 'pipe'])
    const runs = new Promise((resolve) => channel.onMessage(resolve))
    const pipe = child.stdio.at(4)
    if (!pipe || !('read' in pipe)) throw new Error('no pipe')
    pipe.resume()
    const closed = once(pipe, 'close')
    await runs
    child.kill('SIGKILL')
    await closed
    rmSync(folder, { recursive: true })
  },
)
