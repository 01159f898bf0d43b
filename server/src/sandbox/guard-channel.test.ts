/** Children that were taken over and attack their parent through the channel: this process is the parent, and must live. */
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { silentLog } from '../lib/log.ts'
import { findPrograms } from './find-programs.ts'
import type { Launch } from './launch.ts'
import { visionLaunches } from './launch.ts'
import { Launcher } from './launcher.ts'
import { seccompFilter } from './seccomp-filter.ts'

const folder = mkdtempSync(join(tmpdir(), 'vedette-channel-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs these lines in a child, held back like this, and gives what it said and how it ended. */
async function attack(name: string, lines: string, launches: readonly Launch[] = []) {
  const program = join(folder, `${name}.mjs`)
  writeFileSync(program, `import { writeSync } from 'node:fs'\n${lines}\n`)
  const launcher = new Launcher({
    name: 'vision',
    node: process.execPath,
    nodeFlags: [],
    environment: { PATH: '/usr/bin:/bin' },
    launches,
    filter: seccompFilter(process.arch),
    log: silentLog,
  })
  const { child } = await launcher.start(program, ['ignore', 'ignore', 'ignore', 'ipc', 'pipe'])
  const said: unknown[] = []
  child.on('message', (message) => said.push(message))
  const orders: unknown[] = []
  child.on('internalMessage', (order) => orders.push(order))
  const [code, signal]: unknown[] = await once(child, 'exit')
  return { said, orders, code, signal }
}

const stays = 'setInterval(() => {}, 1000)'
const ends = "process.send('still here', () => process.exit(0))"

test.for(['NODE_HANDLE_ACK', 'NODE_HANDLE_NACK', 'NODE_HANDLE'])(
  'R26 an order of Node’s own (%s) from a child is not carried out, and the next message is read',
  async (cmd) => {
    const { said, code } = await attack(cmd, `process.send({ cmd: '${cmd}', type: 'net.Socket', key: 'a' })\n${ends}`)
    expect(said).toEqual(['still here'])
    expect(code).toBe(0)
  },
)

test('R26 a child that writes garbage into the channel is ended, not its parent', async () => {
  const { said, signal } = await attack('garbage', `writeSync(3, Buffer.from([0, 0, 0, 4, 1, 2, 3, 4]))\n${stays}`)
  expect(said).toEqual([])
  expect(signal).toBe('SIGKILL')
})

test('R26 a child whose bytes are no value is ended, not its parent', async () => {
  const { signal } = await attack('no-value', `writeSync(3, Buffer.from([0, 0, 0, 3, 255, 15, 1]))\n${stays}`)
  expect(signal).toBe('SIGKILL')
})

test('R26 R38 a message without an end is not collected for ever', async () => {
  const endless = `const piece = Buffer.alloc(65536)
    piece.writeUInt32BE(0xffffffff, 0)
    for (;;) try { writeSync(3, piece) } catch (error) { if (error.code !== 'EAGAIN') throw error }`
  const { signal } = await attack('endless', endless)
  expect(signal).toBe('SIGKILL')
})

const programs = findPrograms()
test.runIf(programs.bwrap && seccompFilter(process.arch))(
  'R26 no descriptor leaves the box: one that is no socket would end the parent within Node, before any guard',
  async () => {
    const handOver = `const { Socket } = await import('node:net')
      process.send('take this', new Socket({ fd: 4 })._handle, {}, () => process.exit(41))`
    expect(await attack('outside', handOver)).toMatchObject({ code: 41, orders: [{ cmd: 'NODE_HANDLE' }] })
    const launches = visionLaunches(programs, { node: process.execPath, code: [folder] }, true)
    expect(await attack('inside', handOver, launches)).toMatchObject({ code: 41, orders: [] })
  },
)
