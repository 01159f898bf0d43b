/** The vision process as the recorder runs it: a real child, real packets, real ends. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { motionSettings } from '@vedette/shared/camera.ts'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { VoicedLauncher } from '../../../test/support/voiced-launcher.ts'
import { walkFromMs, watchedPackets } from '../../../test/support/watched-packets.ts'
import { visionLauncher } from '../child-launchers.ts'
import { systemClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import { newId } from '../lib/new-id.ts'
import { annexB, type Packet } from '../lib/packet.ts'
import { Launcher } from '../sandbox/launcher.ts'
import type { Observation } from './observation.ts'
import { VisionProcess } from './vision-process.ts'

const settings = motionSettings.parse({ quietMs: 2000 })
const [yard, door] = [newId(1), newId(2)]
const folder = mkdtempSync(join(tmpdir(), 'vedette-vision-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const opened: VisionProcess[] = []
afterEach(async () => {
  for (const vision of opened.splice(0)) await vision.close()
})

/** For a program of the test's own, which the sandbox would not show. */
const unheld = (node = process.execPath) =>
  new Launcher({
    name: 'vision',
    node,
    nodeFlags: [],
    environment: { PATH: process.env.PATH ?? '' },
    launches: [],
    filter: undefined,
    log: silentLog,
  })

function open(program = join(import.meta.dirname, '../vision-main.ts'), launcher = visionLauncher(silentLog)) {
  const observations: Observation[] = []
  const previews: string[] = []
  const vision = new VisionProcess({
    program,
    launcher,
    clock: systemClock,
    log: silentLog,
    onObservation: (observation) => void observations.push(observation),
    onPreview: (cameraId) => void previews.push(cameraId),
    onFacts: () => {},
  })
  opened.push(vision)
  vision.start()
  return { vision, observations, previews, running: () => until(() => vision.facts.state === 'running') }
}
const until = (fact: () => boolean, timeout = 15_000) => vi.waitFor(() => expect(fact()).toBe(true), { timeout })
const units = (packets: readonly Packet[]) => packets.map((packet) => annexB(packet))
const isJpeg = (bytes: Uint8Array) => bytes[0] === 0xff && bytes[1] === 0xd8

describe('the vision process', () => {
  test('watches cameras and says what moves, with a picture', async () => {
    const { vision, observations, previews, running } = open()
    await running()
    const { take, close } = vision.watch(yard, settings)
    const packets = await watchedPackets({}, 1, 1_700_000_000_000)
    const [first, ...others] = packets
    if (first) take(first)
    await until(() => previews.length > 0) // While a decoder opens only the last group of pictures is kept.
    for (const packet of others) take(packet)
    await until(() => observations.some((o) => o.state === 'ended'))
    const started = observations.find((o) => o.state === 'started')
    expect(started?.cameraId).toBe(yard)
    expect(Math.abs((started?.startMs ?? 0) - 1_700_000_000_000 - walkFromMs)).toBeLessThan(1500)
    expect(isJpeg(started?.jpeg ?? new Uint8Array())).toBe(true)
    expect(previews).toContain(yard)
    expect(vision.dropped).toBe(0)
    close()
  })

  test('that could not be started (no program, no processes left) is tried again', async () => {
    const { vision } = open(undefined, unheld(join(folder, 'no-node')))
    await until(() => vision.facts.restarts > 1)
    expect(vision.facts.state).toBe('starting')
  })

  test('makes previews where nothing is watched, of a key frame every ten seconds', async () => {
    const { vision, observations, previews, running } = open()
    await running()
    const { take } = vision.watch(yard, null)
    const packets = await watchedPackets({}, 1, 1_700_000_000_000)
    const later = packets.findIndex((packet) => packet.captureMs >= 1_700_000_010_000)
    for (const packet of packets.slice(0, later)) take(packet)
    await until(() => previews.length === 1)
    for (const packet of packets.slice(later)) take(packet)
    await until(() => previews.length === 2)
    expect(previews).toEqual([yard, yard])
    expect(observations).toEqual([])
  })

  test('makes pictures of frames', async () => {
    const { vision, running } = open()
    await running()
    const packets = await watchedPackets()
    const jpegs = await Promise.all([5, 20, 1].map((n) => vision.decode('h264', units(packets.slice(0, n)), 320)))
    expect(jpegs.every(isJpeg)).toBe(true)
    await expect(vision.decode('h264', [Buffer.from('no picture at all')], 320)).rejects.toThrow(/could not be decoded/)
  })

  test('garbage of one camera ends neither the parent nor the watch over another', async () => {
    const { vision, observations, running } = open()
    await running()
    const good = vision.watch(yard, settings)
    const bad = vision.watch(door, settings)
    for (const [index, packet] of (await watchedPackets()).entries()) {
      good.take(packet)
      const data = Buffer.from(packet.data)
      for (let i = 4 + (index % 11); i < data.length; i += 13) data[i] = (data[i] ?? 0) ^ (index + i)
      bad.take({ ...packet, data })
    }
    await until(() => observations.some((o) => o.cameraId === yard && o.state === 'ended'))
    expect(vision.facts).toMatchObject({ state: 'running', givenUp: [] })
  })

  test('is started again when it ends, refuses what was asked, and watches on', async () => {
    const { vision, observations, running } = open()
    await running()
    const { take } = vision.watch(yard, settings)
    const asked = vision.decode('h264', units((await watchedPackets()).slice(0, 20)), 320)
    process.kill(vision.facts.pid ?? 0, 'SIGKILL')
    await expect(asked).rejects.toThrow(/cannot be decoded right now/)
    await until(() => vision.facts.restarts === 1)
    await running()
    for (const packet of await watchedPackets()) take(packet)
    await until(() => observations.some((o) => o.state === 'ended'))
  })

  test('takes no more packets than may wait, and drops up to the next key frame', async () => {
    const { vision, running } = open()
    await running()
    const { take } = vision.watch(yard, settings)
    process.kill(vision.facts.pid ?? 0, 'SIGSTOP')
    const before = process.memoryUsage().arrayBuffers
    const packets = await watchedPackets({ kbitPerS: 500 })
    for (let i = 0; i < 20_000; i++) {
      const packet = packets[i % packets.length]
      if (packet) take(packet)
    }
    expect(vision.dropped).toBeGreaterThan(0)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 2 ** 20)
  })

  test('ends with its parent’s pipe', async () => {
    const { vision, running } = open()
    await running()
    const pid = vision.facts.pid ?? 0
    await vision.close()
    await vision.close()
    expect(() => process.kill(pid, 0)).toThrow()
    expect(vision.facts.state).toBe('stopped')
  })
})

describe('an end that is heard of late', () => {
  const alive = { say: 'alive', rssBytes: 1, decoded: 0, dropped: 0 }

  test('vision that is gone while what stands around it is not is ended with that', async () => {
    const nobody = 4_194_303
    const launcher = new VoicedLauncher(nobody)
    const { vision, running } = open(undefined, launcher)
    await until(() => launcher.voices.length === 1)
    launcher.voices[0]?.send(alive)
    await running()
    expect(vision.facts.pid).toBe(nobody)
    launcher.voices[0]?.send({ ...alive, rssBytes: 2 ** 32 })
    await until(() => vision.facts.restarts === 1)
    await until(() => launcher.voices.length === 2 && vision.facts.pid === nobody)
    await vision.close()
    expect(vision.facts.pid).toBeNull()
  })

  test('what it said and is read only then is not taken for the next one’s', async () => {
    const launcher = new VoicedLauncher()
    const { vision, running } = open(undefined, launcher)
    await until(() => launcher.voices.length === 1)
    launcher.voices[0]?.send(alive)
    await running()
    process.kill(vision.facts.pid ?? 0, 'SIGKILL')
    await until(() => vision.facts.restarts === 1)
    launcher.voices[0]?.send(alive)
    await until(() => launcher.voices.length === 2)
    expect(vision.facts.state).toBe('starting')
    launcher.voices[1]?.send(alive)
    await running()
  })
})

describe('a camera that ends vision', () => {
  /** Like vision-main.ts, but packets of `door` end it. */
  const fragile = join(folder, 'fragile.ts')
  writeFileSync(
    fragile,
    `
import { writeSync } from 'node:fs'
import { openInheritedPipe } from '${join(import.meta.dirname, '../lib/inherited-pipe.ts')}'
import { readPipeMessages } from '${join(import.meta.dirname, '../lib/message-pipe.ts')}'
const indexes = new Map()
readPipeMessages(openInheritedPipe(4), (message) => {
  if (message.do === 'watch') indexes.set(message.cameraId, message.index)
  if (message.do !== 'packet') return
  const mark = Buffer.alloc(4)
  mark.writeUInt32LE(indexes.get(message.cameraId) + 1)
  writeSync(5, mark, 0, 4, 0)
  if (message.cameraId === '${door}') process.abort()
  mark.writeUInt32LE(0)
  writeSync(5, mark, 0, 4, 0)
})
process.on('disconnect', () => process.exit(0))
setInterval(() => process.send({ say: 'alive', rssBytes: 1, decoded: 0, dropped: 0 }), 50)
`,
  )

  test('R16 is given up after three times, alone, until it is configured anew', async () => {
    const { vision, running } = open(fragile, unheld())
    const good = vision.watch(yard, settings)
    const bad = vision.watch(door, settings)
    const [key] = await watchedPackets()
    if (!key) throw new Error('no packet')
    for (let crash = 1; crash <= 3; crash++) {
      await running()
      good.take(key)
      bad.take(key)
      await until(() => vision.facts.restarts === crash)
    }
    expect(vision.facts.givenUp).toEqual([door])
    await running()
    for (let i = 0; i < 20; i++) {
      good.take(key)
      bad.take(key)
    }
    await until(() => vision.facts.state === 'running')
    expect(vision.facts.restarts).toBe(3)
    // Nor are pictures of it made on request.
    await expect(vision.decode('h264', units([key]), 320, door)).rejects.toThrow(/not decoded any more/)
    vision.watch(door, settings)
    expect(vision.facts.givenUp).toEqual([])
  })
})
