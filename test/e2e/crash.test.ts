/**
 * kill -9 of each process at a random moment: recording resumes, and what is on disk, in the index and in the ledger is
 * sound afterwards (recording.md "Durability"). Figures over many kills: bench/crash.ts.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { readFootage } from '../../bench/footage.ts'
import { SimulatedCamera } from '../cameras/simulated-camera.ts'
import { RunningVedette } from '../support/running-vedette.ts'
import { expectSound, holesOf } from '../support/soundness.ts'
import { allRecording, lightCamera, moreFrames, pidOf, sentOnDisk } from '../support/vedette-processes.ts'

let camera: SimulatedCamera
let vedette: RunningVedette
let dataDir = ''

beforeAll(async () => {
  camera = await SimulatedCamera.open(lightCamera)
})
afterAll(() => camera.close())
beforeEach(async () => {
  vedette = await RunningVedette.open()
  dataDir = vedette.dataDir
  await vedette.setUp()
  await vedette.addCamera({ name: 'Yard', address: camera.address('main') })
  await allRecording(vedette)
})
afterEach(() => vedette.close())

/** Somewhere within a group of pictures, a fragment, a sync interval. */
const aRandomWhile = () => moreFrames(vedette, 'yard', 10 + Math.floor(Math.random() * 50))
const kills = 2

describe('R29 kill -9', () => {
  test('of the recorder loses at most 2 s of what had come, and recording resumes', async () => {
    const killedMs: number[] = []
    for (let kill = 0; kill < kills; kill++) {
      await aRandomWhile()
      const pid = await pidOf(vedette, 'recorder')
      process.kill(pid, 'SIGKILL')
      killedMs.push(Date.now())
      await aRandomWhile()
    }
    expect(await endsSound()).toEqual(['missing process'])
    for (const atMs of killedMs) expect(lostBefore(atMs)).toBeLessThan(2000 + busyMs)
  })

  test('R27 of control: its recorder goes on, and the next control takes over', async () => {
    for (let kill = 0; kill < kills; kill++) {
      await aRandomWhile()
      await vedette.stop('SIGKILL')
      await aRandomWhile() // Nobody but the recorder is there.
      await startAgain()
    }
    await aRandomWhile()
    expect(await endsSound()).toEqual([])
    // Both were connected at the hand-over, which is at a key frame: nothing is missing, nothing is there twice.
    expect(readFootage(join(dataDir, 'footage')).get('yard main')).toMatchObject({ missing: 0, twice: 0 })
  })

  test('R27 of control, with a camera that plays for one client only: its connection is handed over, with a hole', async () => {
    await camera.apply({ do: 'one-session' })
    await aRandomWhile()
    await vedette.stop('SIGKILL')
    await startAgain()
    await aRandomWhile()
    await camera.apply({ do: 'heal' })
    await endsSound()
    const footage = readFootage(join(dataDir, 'footage')).get('yard main')
    expect(footage?.twice).toBe(0)
    // The handshake, and the wait for the next key frame of one a second.
    expect(Math.max(...(footage?.gapsMs ?? [0]))).toBeLessThan(3000 + busyMs)
  })

  test('of recorder and control together: the next start recovers the open segment', async () => {
    for (let kill = 0; kill < kills; kill++) {
      await aRandomWhile()
      const pid = z
        .object({ pid: z.number() })
        .parse(JSON.parse(readFileSync(join(dataDir, 'recorder.lock'), 'utf8'))).pid
      const atMs = Date.now()
      process.kill(pid, 'SIGKILL')
      await vedette.stop('SIGKILL')
      await startAgain()
      await aRandomWhile()
      expect(lostBefore(atMs)).toBeLessThan(2000 + busyMs)
    }
    expect(await endsSound()).toEqual(['missing process'])
  })

  test('R27 of vision loses not one frame', async () => {
    for (let kill = 0; kill < kills; kill++) {
      process.kill(await pidOf(vedette, 'vision'), 'SIGKILL')
      await aRandomWhile()
      await pidOf(vedette, 'vision')
    }
    expect(await endsSound()).toEqual([])
    expect(readFootage(join(dataDir, 'footage')).get('yard main')).toMatchObject({ missing: 0, twice: 0 })
  })
})

/** The camera runs in this process: on a busy machine it may be late with a frame, too. */
const busyMs = 500

async function startAgain(): Promise<void> {
  vedette = await RunningVedette.open({ dataDir })
  await vedette.signIn()
  await allRecording(vedette)
}

async function endsSound(): Promise<string[]> {
  expect(await vedette.stop()).toBe(0)
  return holesOf(await expectSound({ dataDir }))
}

/** How much before a kill the last frame was sent that is on disk, ms. */
function lostBefore(killMs: number): number {
  const sent = sentOnDisk(join(dataDir, 'footage'), 'yard')
  return killMs - Math.max(...sent.filter((sentMs) => sentMs <= killMs))
}
