/** Children that were taken over and attack their parent through the channel: this process is the parent, and must live. */
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { silentLog } from '../lib/log.ts'
import { Launcher } from './launcher.ts'

const folder = mkdtempSync(join(tmpdir(), 'vedette-channel-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs these lines in a child and gives what it said and how it ended. */
async function attack(name: string, lines: string) {
  const program = join(folder, `${name}.mjs`)
  writeFileSync(program, `import { writeSync } from 'node:fs'\n${lines}\n`)
  const launcher = new Launcher({
    name: 'vision',
    node: process.execPath,
    nodeFlags: [],
    environment: { PATH: '/usr/bin:/bin' },
    launches: [],
    filter: undefined,
    log: silentLog,
  })
  const { child } = await launcher.start(program, ['ignore', 'ignore', 'ignore', 'ipc'])
  const said: unknown[] = []
  child.on('message', (message) => said.push(message))
  const [code, signal]: unknown[] = await once(child, 'exit')
  return { said, code, signal }
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
