/** Code of somebody else's in a process that may start one program only: it tries all ways to start another. */
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { silentLog } from '../lib/log.ts'
import { Launcher } from './launcher.ts'

const folder = mkdtempSync(join(tmpdir(), 'vedette-only-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const here = (name: string) => JSON.stringify(join(import.meta.dirname, name))

/** Each must throw, or the child that it gives must have an error. Tampering goes before and stays. */
const attacks = {
  spawn: "cp.spawn('/bin/cat', [key])",
  exec: "cp.exec('cat ' + key)",
  execFile: "cp.execFile('/bin/cat', [key])",
  fork: "cp.fork('/bin/cat', [key], { execPath: '/bin/cat' })",
  spawnSync: "cp.spawnSync('/bin/cat', [key])",
  execSync: "cp.execSync('cat ' + key)",
  execFileSync: "cp.execFileSync('/bin/cat', [key])",
  'the import': "(await import('node:child_process')).execSync('cat ' + key)",
  'the class': "new cp.ChildProcess().spawn({ file: '/bin/cat', args: ['cat', key], stdio: [], envPairs: [] })",
  'the handle':
    "new cp.ChildProcess()._handle.spawn({ file: '/bin/cat', args: ['cat', key], stdio: [], envPairs: [] })",
  'the handle’s maker':
    "new (Object.getPrototypeOf(new cp.ChildProcess()._handle).constructor)().spawn('/bin/cat', ['cat', key], undefined, [], [], 0)",
  'another environment': "cp.spawn(process.execPath, [own], { env: { NODE_OPTIONS: '--version' } })",
  'a linker’s variable': "cp.spawn(process.execPath, [own], { env: { LD_PRELOAD: '/tmp/x.so' } })",
  'more arguments': 'cp.spawn(process.execPath, [own, key], { env: {} })',
  'put back by its description':
    "(Object.defineProperty(Object.getPrototypeOf(new cp.ChildProcess()._handle), 'spawn', { value: () => 0 }), 'gone')",
  'a set that has everything': "(Set.prototype.has = () => true, cp.spawn('/bin/cat', [key]))",
  'a join that lies': "(Array.prototype.join = () => own, Array.prototype.map = () => [], cp.spawn('/bin/cat', [key]))",
  'put back': "(Object.getPrototypeOf(new cp.ChildProcess()._handle).spawn = () => {}, cp.spawn('/bin/cat', [key]))",
  'a new self': "process.execve('/bin/cat', ['cat', key], {})",
  cluster: "(await import('node:cluster')).default.fork()",
  'Node’s inside': "process.binding('spawn_sync').spawn({ file: '/bin/cat', args: ['cat', key] })",
}

test('R26 no way leads to another program, and its own is started', async () => {
  const key = join(folder, 'key')
  writeFileSync(key, 'secret')
  const own = join(folder, 'own.mjs')
  writeFileSync(own, "process.send('it runs', () => process.exit(0))")
  const program = join(folder, 'recorder.mjs')
  writeFileSync(
    program,
    `import cp from 'node:child_process'
    import { once } from 'node:events'
    import { Launcher } from ${here('launcher.ts')}
    import { allowOnlyPrograms } from ${here('only-these-programs.ts')}
    import { silentLog } from ${JSON.stringify(join(import.meta.dirname, '../lib/log.ts'))}
    const [key, own] = [${JSON.stringify(key)}, ${JSON.stringify(own)}]
    const launcher = new Launcher({ name: 'own', node: process.execPath, nodeFlags: ['--permission', '--allow-fs-read=*'], environment: { TZ: 'UTC' }, launches: [], filter: undefined, log: silentLog })
    allowOnlyPrograms(launcher.starts(own))
    const worked = []
    async function attack(name, act) {
      try {
        const child = await act()
        if (typeof child === 'number') return child === 0 && worked.push(name)
        child?.on?.('error', () => {})
        if (child?.process?.pid !== undefined || child?.pid !== undefined || !child?.on) worked.push(name)
      } catch {}
    }
    const { child, channel } = await launcher.start(own, ['ignore', 'ignore', 'inherit', 'ipc'])
    const said = await new Promise((resolve) => channel.onMessage(resolve))
    await once(child, 'exit')
    ${Object.entries(attacks)
      .map(([name, code]) => `await attack(${JSON.stringify(name)}, async () => ${code})`)
      .join('\n    ')}
    process.send({ said, worked }, () => process.exit(0))`,
  )
  const launcher = new Launcher({
    name: 'recorder',
    node: process.execPath,
    nodeFlags: [
      '--disable-warning=ExperimentalWarning',
      '--permission',
      '--allow-child-process',
      '--allow-fs-read=*',
      '--allow-fs-write=*',
    ],
    environment: { PATH: '/usr/bin:/bin' },
    launches: [],
    filter: undefined,
    log: silentLog,
  })
  const { child, channel } = await launcher.start(program, ['ignore', 'ignore', 'inherit', 'ipc'])
  const heard = new Promise((resolve) => channel.onMessage(resolve))
  const ended = once(child, 'exit')
  expect(await Promise.race([heard, ended])).toEqual({ said: 'it runs', worked: [] })
})
