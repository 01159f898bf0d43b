/** Somebody sets the clock of a recording Vedette: nothing is lost, doubled or deleted (docs/design/time.md). */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { readFootage } from '../../bench/footage.ts'
import { SimulatedCamera } from '../cameras/simulated-camera.ts'
import { RunningVedette } from '../support/running-vedette.ts'
import { causesOf, expectSound, readIndex } from '../support/soundness.ts'
import { openSteppedClock } from '../support/stepped-clock.ts'
import { allRecording, lightCamera, moreFrames, patience, statusOf } from '../support/vedette-processes.ts'

const hourMs = 3_600_000
const clock = openSteppedClock()
let camera: SimulatedCamera
let vedette: RunningVedette
let dataDir = ''
let cameraId = ''

beforeAll(async () => {
  camera = await SimulatedCamera.open(lightCamera)
  vedette = await RunningVedette.open({ environment: clock.environment })
  dataDir = vedette.dataDir
  await vedette.setUp()
  // Deletes what is older than a day, if it believes the clock.
  const added = await vedette.addCamera({ name: 'Yard', address: camera.address('main'), keepDays: 1 })
  cameraId = added.id
  await allRecording(vedette)
})
afterAll(async () => {
  await vedette.close()
  await camera.close()
  clock.close()
})

test('R33 a clock set back, forward by days and right again loses, doubles and deletes nothing', async () => {
  await moreFrames(vedette, 'yard', 60)
  clock.set(-hourMs / 2)
  await moreFrames(vedette, 'yard', 60)
  clock.set(50 * hourMs)
  await moreFrames(vedette, 'yard', 60)
  await vedette.signIn() // To the clock, days have passed since.
  await vi.waitFor(async () => expect((await statusOf(vedette)).problems.join()).toMatch(/clock/i), patience)
  clock.set(0)
  await moreFrames(vedette, 'yard', 60)
  expect(await vedette.stop()).toBe(0)

  const { segments } = await expectSound({ dataDir })
  expect(readFootage(join(dataDir, 'footage')).get('yard main')).toMatchObject({ missing: 0, twice: 0 })
  expect(segments.map((row) => row.clock_epoch)).toEqual(expect.arrayContaining([0, 1, 2]))
  const skipped = readIndex(dataDir).gaps.filter((gap) => gap.cause === 'clock')
  expect(skipped.reduce((sum, gap) => sum + gap.end_ms - gap.start_ms, 0)).toBeGreaterThan(50 * hourMs)
})

test('the next start goes on behind it, in the chain and in time', async () => {
  vedette = await RunningVedette.open({ dataDir, environment: clock.environment })
  await vedette.signIn()
  await allRecording(vedette)
  await moreFrames(vedette, 'yard', 30)
  await camera.apply({ do: 'refuse' })
  await vi.waitFor(() => expect(causesOf(readIndex(dataDir))).toContain('missing unreachable'), patience)
  await camera.apply({ do: 'refuse', on: false })
  await moreFrames(vedette, 'yard', 60)
  const receipts = await vedette.call('GET', `/api/receipts?camera=${cameraId}`)
  expect(receipts).toMatchObject({ receipts: [] })
  expect(await vedette.stop()).toBe(0)
  await expectSound({ dataDir })
  expect(readFootage(join(dataDir, 'footage')).get('yard main')?.twice).toBe(0)
})

test('a clock that is set back while nothing runs keeps no camera from recording', async () => {
  clock.set(-hourMs / 6) // Further than a busy machine takes from the last frame to the next start.
  vedette = await RunningVedette.open({ dataDir, environment: clock.environment })
  await vedette.signIn()
  await allRecording(vedette)
  await moreFrames(vedette, 'yard', 60)
  expect(await vedette.stop()).toBe(0)
  const { segments } = await expectSound({ dataDir })
  expect(Math.max(...segments.map((row) => row.clock_epoch))).toBe(3)
  expect(readFootage(join(dataDir, 'footage')).get('yard main')?.twice).toBe(0)
})
