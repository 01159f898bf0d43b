/**
 * R16: cameras that attack, one after the other and many at once, beside one good camera, with the whole program: the good
 * camera's footage has no hole, nothing of Vedette ends, memory stays where it was, and people are told what is wrong.
 */
import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { CameraView } from '@vedette/shared/camera.ts'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { readFootage } from '../../bench/footage.ts'
import { HostileCamera } from '../cameras/hostile-camera.ts'
import { hostileModes, type NamedMode } from '../cameras/hostile-modes.ts'
import { RunningVedette } from '../support/running-vedette.ts'
import { statusOf } from '../support/vedette-processes.ts'

const soon = { timeout: 30_000, interval: 100 }
const modes = await hostileModes()
/** The recorder with all of them at once, over what it was with one camera. */
const maxGrowthBytes = 250e6

let vedette: RunningVedette
let good: { address: string; close: () => void }
beforeAll(async () => {
  good = await startGoodCamera()
  vedette = await RunningVedette.open()
  await vedette.setUp()
  await vedette.addCamera({ name: 'Good', address: good.address })
  await vi.waitFor(async () => expect((await find('Good')).status.recording).toBe(true), soon)
})
afterAll(async () => {
  await vedette?.close()
  good?.close()
})

/** In a process of its own, or the attackers of this one would slow it down. */
async function startGoodCamera() {
  const program = resolve(import.meta.dirname, '../cameras/main.ts')
  const child = spawn(process.execPath, [program, '--no-sub', '--gop', '25', '--kbit', '500', '--with-parent'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const line = await new Promise<string>((done) => createInterface({ input: child.stdout }).once('line', done))
  const { cameras } = JSON.parse(line) as { cameras: { main: string }[] }
  return { address: cameras[0]?.main ?? '', close: () => child.stdin.end() }
}

async function find(name: string): Promise<CameraView> {
  const found = (await vedette.cameras()).find((camera) => camera.name === name)
  if (!found) throw new Error(`no camera ${name}`)
  return found
}
const processOf = async (name: string) => (await statusOf(vedette)).processes.find((one) => one.name === name)

/** Runs attackers beside the good camera and gives what was said of each, when all have been spoken of. */
async function attack(attackers: readonly NamedMode[], isOver: (views: CameraView[]) => void): Promise<CameraView[]> {
  const cameras = await Promise.all(attackers.map((mode) => HostileCamera.open(mode)))
  const added = await Promise.all(
    attackers.map((mode, n) =>
      vedette.addCamera({
        name: mode.name,
        address: cameras[n]?.address(mode.scheme) ?? '',
        username: 'admin',
        password: 'the camera’s secret',
      }),
    ),
  )
  const views = () => Promise.all(attackers.map((mode) => find(mode.name)))
  try {
    await vi.waitFor(async () => isOver(await views()), soon)
    return await views()
  } finally {
    for (const { id } of added) await vedette.call('DELETE', `/api/cameras/${id}?footage=delete`)
    await Promise.all(cameras.map((camera) => camera.close()))
  }
}

/** What a person reads: a sentence of ours with an end, no bytes of the camera's. */
const plainSentence = /^[A-Z0-9][\x20-\x7e–’]{20,250}[.?]$/

/** Over when something was said of each, and right. Some are online again in between: until the next time. */
function expectTold(attackers: readonly NamedMode[]) {
  const told = new Set<string>()
  return (views: CameraView[]) => {
    const wrong = views.filter(({ name, status: { code, problem } }, n) => {
      const isExpected = attackers[n]?.codes.some((one) => one === code) ?? false
      if (isExpected && problem !== null && plainSentence.test(problem)) told.add(name)
      return !told.has(name)
    })
    expect(wrong.map(({ name, status }) => ({ name, code: status.code, problem: status.problem }))).toEqual([])
  }
}

async function expectUnharmed(recorderPid: number | null | undefined): Promise<void> {
  const [recorder, camera] = [await processOf('recorder'), await find('Good')]
  expect(recorder).toMatchObject({ pid: recorderPid, restarts: 0, state: 'running' })
  expect(camera.status).toMatchObject({ state: 'online', recording: true })
  expect(camera.status.main).toMatchObject({ packetsLost: 0, framesDropped: 0 })
}

describe('R16 hostile cameras beside a good one', () => {
  let before: Awaited<ReturnType<typeof processOf>>
  beforeAll(async () => {
    before = await processOf('recorder')
  })

  test.each(modes.filter(({ when }) => when === 'before').map((mode) => [mode.name, mode] as const))(
    'R16 %s: is told in a plain sentence with its code',
    async (_name, mode) => {
      await attack([mode], expectTold([mode]))
      await expectUnharmed(before?.pid)
    },
  )

  test.each(['within', 'floods'] as const)(
    'R16 those of kind "%s", all at once: each is told, and the recorder stays as small as it was',
    async (kind) => {
      const attackers = modes.filter(({ when }) => when === kind)
      const isTold = expectTold(attackers)
      let largest = 0
      await attack(attackers, (views) => {
        void processOf('recorder').then((facts) => {
          largest = Math.max(largest, facts?.pssBytes ?? 0)
        })
        isTold(views)
      })
      await expectUnharmed(before?.pid)
      expect(largest - (before?.pssBytes ?? 0)).toBeLessThan(maxGrowthBytes)
    },
  )

  test('R16 those that play: they are recorded or told, and vision outlives their pictures', async () => {
    const attackers = modes.filter(({ when }) => when === 'plays')
    const seen = new Set<string>()
    await attack(attackers, (views) => {
      for (const { name, status } of views) if (status.state !== 'connecting') seen.add(name)
      expect([...seen].sort()).toEqual(attackers.map(({ name }) => name).sort())
      // Long enough for vision to have looked at what they send.
      expect(Math.min(...views.map(({ status }) => status.main?.framesReceived ?? 1000))).toBeGreaterThan(100)
    })
    await expectUnharmed(before?.pid)
    await vi.waitFor(async () => expect(await processOf('vision')).toMatchObject({ state: 'running' }), soon)
  })

  test('R16 the good camera’s footage has no hole', async () => {
    await vedette.stop()
    const footage = readFootage(join(vedette.dataDir, 'footage')).get('cam0 main')
    expect(footage).toMatchObject({ missing: 0, twice: 0 })
    expect(footage?.frames).toBeGreaterThan(500)
    expect(vedette.output()).not.toMatch(/not the camera’s|could not be handled|uncaught|the camera’s secret/)
  })
})
