/** How Vedette ends and starts: in order, within 10 s, with nothing lost; and what it says where it cannot start. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { descendants, readProcesses } from '../../bench/process-tree.ts'
import { SimulatedCamera } from '../cameras/simulated-camera.ts'
import { RunningVedette } from '../support/running-vedette.ts'
import { expectSound, vedetteCli } from '../support/soundness.ts'
import { allRecording, lightCamera, moreFrames, sentOnDisk } from '../support/vedette-processes.ts'

let camera: SimulatedCamera
let vedette: RunningVedette
let dataDir = ''

beforeAll(async () => {
  camera = await SimulatedCamera.open(lightCamera)
  dataDir = await mkdtemp(join(tmpdir(), 'vedette-shutdown-'))
  vedette = await RunningVedette.open({ dataDir, isGroup: true })
  await vedette.setUp()
  await vedette.addCamera({ name: 'Yard', address: camera.address('main') })
  await allRecording(vedette)
})
afterAll(async () => {
  await vedette.close()
  await camera.close()
  await rm(dataDir, { recursive: true, force: true })
})

/** Sends the signal and waits for the end; everything that must hold of it. */
async function endsInOrder(send: (pid: number) => void): Promise<void> {
  await moreFrames(vedette, 'yard', 40)
  const pid = vedette.process.pid ?? expect.fail('it runs')
  const below = descendants(readProcesses(), [pid])
  expect(below.length).toBeGreaterThanOrEqual(3)
  const gone = vedette.gone()
  const atMs = Date.now()
  send(pid)
  await gone
  expect(vedette.process.exitCode).toBe(0)
  expect(Date.now() - atMs).toBeLessThan(10_000)
  const running = readProcesses()
  expect(
    below.filter((one) => running.has(one)),
    'processes left behind',
  ).toEqual([])
  const lastMs = Math.max(...sentOnDisk(join(dataDir, 'footage'), 'yard'))
  expect(lastMs).toBeGreaterThan(atMs - 1000)
  await expectSound({ dataDir })
}

async function startAgain(): Promise<void> {
  vedette = await RunningVedette.open({ dataDir, isGroup: true })
  await vedette.signIn()
  await allRecording(vedette)
}

describe('R31 the end', () => {
  test('by SIGTERM is in order, and the next start goes on', async () => {
    await endsInOrder((pid) => process.kill(pid, 'SIGTERM'))
    await startAgain()
  })

  test('by Ctrl-C in a terminal, which reaches all processes at once, is the same', async () => {
    await endsInOrder((pid) => process.kill(-pid, 'SIGINT'))
    await startAgain()
  })
})

describe('R31 a start that cannot be', () => {
  test('on a data folder where Vedette runs says so, and leaves it alone', async () => {
    const second = await vedetteCli(['start', '--data', dataDir, '--port', '0'])
    expect(second).toMatchObject({ code: 1, stdout: '' })
    expect(second.stderr).toContain(`Vedette already runs on ${dataDir} (process ${vedette.process.pid})`)
    await moreFrames(vedette, 'yard', 25)
  })

  test('on a port that is taken says so, and leaves nothing running', async () => {
    const other = await mkdtemp(join(tmpdir(), 'vedette-shutdown-'))
    const { port } = new URL(vedette.url)
    const second = await vedetteCli(['start', '--data', other, '--port', port])
    expect(second.code).toBe(1)
    expect(second.stderr).toContain(`Port ${port} is taken by another program. Choose another with --port.`)
    expect(second.stderr).not.toContain('    at ')
    await rm(other, { recursive: true })
  })

  test('on a folder that cannot be made says which', async () => {
    const file = join(dataDir, 'vedette.db')
    const { code, stderr } = await vedetteCli(['start', '--data', join(file, 'inside'), '--port', '0'])
    expect(code).toBe(1)
    expect(stderr).toContain(file)
    expect(stderr).not.toContain('    at ')
  })
})
