/** Event mode with the real program: a person walks through the simulated camera's yard, and only that is recorded. */
import { join } from 'node:path'
import { cameraView } from '@vedette/shared/camera.ts'
import { type EventView, eventPage } from '@vedette/shared/event.ts'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { readFootage } from '../../bench/footage.ts'
import { walkFromS, walkUntilS } from '../cameras/scene.ts'
import { SimulatedCamera } from '../cameras/simulated-camera.ts'
import { RunningVedette } from '../support/running-vedette.ts'
import { expectSound, segmentFiles } from '../support/soundness.ts'
import { patience } from '../support/vedette-processes.ts'

const gopMs = 1000
const [preRollMs, postRollMs] = [3000, 2000]
const loopS = 20
/** Seconds into the loop when the camera is switched on: the yard is empty until the loop begins again and 4 s more. */
const phaseS = walkUntilS + 1
const scene = { width: 640, height: 360, fps: 10, gopFrames: 10, seconds: loopS, kbitPerS: 400 }

let camera: SimulatedCamera
let vedette: RunningVedette
let footageDir = ''
let cameraId = ''
let openedMs = 0

beforeAll(async () => {
  // Draws the pictures before it counts.
  await (await SimulatedCamera.open({ name: 'yard', main: scene, sub: null })).close()
  vedette = await RunningVedette.open()
  footageDir = join(vedette.dataDir, 'footage')
  await vedette.setUp()
  camera = await SimulatedCamera.open({ name: 'yard', main: scene, sub: null, phaseS })
  openedMs = Date.now()
  const added = await vedette.addCamera({
    ...{ name: 'Yard', address: camera.address('main'), mode: 'event', preRollMs, postRollMs },
    motion: { quietMs: 1000 },
  })
  cameraId = added.id
})
afterAll(async () => {
  await vedette.close()
  await camera.close()
})

const statusNow = async () => cameraView.parse(await vedette.call('GET', `/api/cameras/${cameraId}`)).status
const eventsNow = async (): Promise<EventView[]> =>
  eventPage.parse(await vedette.call('GET', `/api/events?camera=${cameraId}`)).events

test('nothing is written while nothing stirs', async () => {
  await vi.waitFor(async () => {
    const status = await statusNow()
    expect(status).toMatchObject({ state: 'online', motion: false, recording: false })
    expect(status.main?.framesReceived).toBeGreaterThan(40)
  }, patience)
  expect(segmentFiles(footageDir)).toEqual([])
})

test('a visit is shown while it lasts, and becomes an event with a picture', async () => {
  await vi.waitFor(async () => expect(await statusNow()).toMatchObject({ motion: true, recording: true }), patience)
  await vi.waitFor(async () => expect(await statusNow()).toMatchObject({ motion: false, recording: false }), patience)
  await vi.waitFor(async () => {
    expect(await eventsNow()).toMatchObject([{ kind: 'motion', endMs: expect.any(Number), hasPicture: true }])
  }, patience)
  const [event] = await eventsNow()
  const picture = await vedette.fetch(`/api/events/${event?.id}/picture.jpg`)
  expect(picture.headers.get('content-type')).toBe('image/jpeg')
  expect(Buffer.from(await picture.arrayBuffer()).subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]))
  const walkMs = openedMs + (loopS - phaseS + walkFromS) * 1000
  // The person's edge comes into the picture a moment after the walk begins.
  expect(Math.abs((event?.startMs ?? 0) - walkMs)).toBeLessThan(2500)
})

test('it is recorded with its pre-roll and post-roll, to a group of pictures, and the rest is not wanted', async () => {
  const [event] = await eventsNow()
  expect(await vedette.stop()).toBe(0)
  const { segments, gaps } = await expectSound({ dataDir: vedette.dataDir })
  const footage = readFootage(footageDir).get('yard main') ?? expect.fail('there is footage')
  const [startMs, endMs] = [event?.startMs ?? 0, event?.endMs ?? 0]
  expect(footage).toMatchObject({ missing: 0, twice: 0 })
  const [wantedMs, untilMs] = [startMs - preRollMs, endMs + postRollMs]
  expect(footage.firstSentMs).toBeLessThanOrEqual(wantedMs)
  expect(footage.firstSentMs).toBeGreaterThanOrEqual(wantedMs - gopMs - busyMs)
  expect(footage.lastSentMs).toBeGreaterThanOrEqual(untilMs - busyMs)
  expect(footage.lastSentMs).toBeLessThanOrEqual(untilMs + gopMs + busyMs)
  expect(segments[0]?.start_ms).toBeLessThanOrEqual(wantedMs)
  const around = gaps.filter((gap) => gap.end_ms > (gaps[0]?.end_ms ?? 0))
  expect(around.map((gap) => `${gap.kind} ${gap.cause}`)).toEqual(around.map(() => 'not_wanted event'))
})

/** Capture times are ours, sent times the camera's, which shares two busy cores with everything else. */
const busyMs = 300
