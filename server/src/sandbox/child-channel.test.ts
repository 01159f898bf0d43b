/** Children that were taken over and attack their parent through the channel: this process is the parent, and must live. */
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { silentLog } from '../lib/log.ts'
import { Launcher } from './launcher.ts'

const folder = mkdtempSync(join(tmpdir(), 'vedette-channel-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const plainLauncher = (node = process.execPath) =>
  new Launcher({
    name: 'vision',
    node,
    nodeFlags: [],
    environment: { PATH: '/usr/bin:/bin' },
    launches: [],
    filter: undefined,
    log: silentLog,
  })

/** Runs these lines in a child that nothing holds back, and gives what it said and how it ended. */
async function attack(name: string, lines: string) {
  const program = join(folder, `${name}.mjs`)
  writeFileSync(program, `import { writeSync } from 'node:fs'\n${lines}\n`)
  const launcher = plainLauncher()
  const { child, channel } = await launcher.start(program, ['ignore', 'ignore', 'ignore', 'ipc', 'pipe'])
  const said: unknown[] = []
  channel.onMessage((message) => said.push(message))
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

// A descriptor that is no socket aborts a parent that reads with recvmsg, as Node's own end of the channel does; no JavaScript
// can send one, code of somebody's own can.
const python = '/usr/bin/python3'
const whyNot = existsSync(python) ? '' : ' (skipped: python3 is not installed)'
test.runIf(existsSync(python))(
  `R26 a descriptor that is sent along ends nobody, filter or no filter${whyNot}`,
  async () => {
    const program = join(folder, 'hand-over.py')
    const send = [
      'import array, os, socket',
      'channel = socket.socket(fileno=3)',
      "files = array.array('i', [os.open('/etc/hostname', os.O_RDONLY) for _ in range(50)])",
      "channel.sendmsg([b'\\x00\\x00\\x00\\x04\\xff\\x0f\\x49\\x02'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, files)])",
      'channel.recv(1)',
    ]
    writeFileSync(program, send.join('\n'))
    const { child, channel } = await plainLauncher(python).start(program, ['ignore', 'ignore', 'inherit', 'ipc'])
    const ended = once(child, 'exit')
    expect(await new Promise((resolve) => channel.onMessage(resolve))).toBe(1)
    const isOurs = (fd: string) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`) === '/etc/hostname'
      } catch {
        return false
      }
    }
    expect(readdirSync('/proc/self/fd').filter(isOurs)).toEqual([])
    channel.close()
    expect((await ended)[0]).toBe(0)
  },
)

test('R26 what both say arrives as it was said, bytes too', async () => {
  const program = join(folder, 'echo.mjs')
  writeFileSync(program, "process.on('message', (message) => process.send(message))")
  const launcher = plainLauncher()
  const { child, channel } = await launcher.start(program, ['ignore', 'ignore', 'inherit', 'ipc'])
  const message = {
    do: 'x',
    bytes: new Uint8Array([1, 2, 3]),
    buffer: Buffer.alloc(200_000, 7),
    deep: [{ n: null, s: 'ü' }],
  }
  const answer = new Promise((resolve) => channel.onMessage(resolve))
  channel.send(message)
  expect(await answer).toEqual(message)
  const ended = once(child, 'exit')
  channel.close()
  expect((await ended)[0]).toBe(0)
})

test('R26 R38 a flood of messages is taken by and by: the parent’s other work goes on', async () => {
  const flood = `const one = process.send.bind(process)
    for (let i = 0; i < 30_000; i++) one(i)
    process.send('end', () => process.exit(0))`
  const program = join(folder, 'flood.mjs')
  writeFileSync(program, flood)
  const { child, channel } = await plainLauncher().start(program, ['ignore', 'ignore', 'inherit', 'ipc'])
  const ended = once(child, 'exit')
  let [inTurn, most, count] = [0, 0, 0]
  const turns = setInterval(() => {
    inTurn = 0
  }, 0)
  await new Promise<void>((resolve) =>
    channel.onMessage((message) => {
      most = Math.max(most, ++inTurn)
      count += 1
      if (message === 'end') resolve()
    }),
  )
  clearInterval(turns)
  await ended
  expect(count).toBe(30_001)
  expect(most).toBeLessThan(15_000)
})
