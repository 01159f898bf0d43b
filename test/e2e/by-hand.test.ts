/** The record button and the week's schedule with the real program: what they say is recorded, and the ledger says why the rest is not. */
import { cameraView } from '@vedette/shared/camera.ts'
import { eventPage } from '@vedette/shared/event.ts'
import { timelineAnswer } from '@vedette/shared/timeline.ts'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { SimulatedCamera } from '../cameras/simulated-camera.ts'
import { RunningVedette } from '../support/running-vedette.ts'
import { patience } from '../support/vedette-processes.ts'

const scene = { width: 320, height: 180, fps: 10, gopFrames: 10, kbitPerS: 300 }
const never = Array.from({ length: 7 }, () => '-'.repeat(48))
const always = never.map(() => 'c'.repeat(48))

let camera: SimulatedCamera
let vedette: RunningVedette
let path = ''
let addedMs = 0

beforeAll(async () => {
  ;[vedette, camera] = await Promise.all([
    RunningVedette.open(),
    SimulatedCamera.open({ name: 'yard', main: scene, sub: null }),
  ])
  await vedette.setUp()
  await vedette.call('PATCH', '/api/time-zone', { timeZone: 'Asia/Tokyo' })
  addedMs = Date.now()
  const added = await vedette.addCamera({
    ...{ name: 'Yard', address: camera.address('main'), mode: 'scheduled', schedule: never },
    motion: { enabled: false },
  })
  path = `/api/cameras/${added.id}`
})
afterAll(async () => {
  await vedette.close()
  await camera.close()
})

const statusNow = async () => cameraView.parse(await vedette.call('GET', path)).status
const isStatus = (expected: object) =>
  vi.waitFor(async () => expect(await statusNow()).toMatchObject({ state: 'online', ...expected }), patience)
const byHand = async () =>
  eventPage.parse(await vedette.call('GET', '/api/events')).events.filter((event) => event.kind === 'manual')

test('outside its times nothing is recorded, and that is not missing', async () => {
  await isStatus({ recording: false })
  await vi.waitFor(async () => {
    const query = `fromMs=${addedMs - 1000}&toMs=${Date.now() + 1000}`
    const [lane] = timelineAnswer.parse(await vedette.call('GET', `/api/timeline?${query}`)).lanes
    expect(lane?.recorded).toEqual([])
    // The moment in which it was added is the recorder's.
    const missingMs = (lane?.missing ?? []).reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0)
    expect(missingMs).toBeLessThan(1000)
    expect((lane?.notWanted[0]?.endMs ?? 0) - (lane?.notWanted[0]?.startMs ?? 0)).toBeGreaterThan(2000)
  }, patience)
})

test('a hand records all the same, over a change of the camera, until it is taken back', async () => {
  await vedette.call('POST', `${path}/recording`, { minutes: 5 })
  await isStatus({ recording: true, byHandUntilMs: expect.any(Number) })
  expect(await byHand()).toMatchObject([{ endMs: null }])
  // Another pre-roll builds the camera's pipeline anew.
  await vedette.call('PATCH', path, { preRollMs: 1000 })
  await isStatus({ recording: true, byHandUntilMs: expect.any(Number) })
  await vi.waitFor(async () => expect(await byHand()).toMatchObject([{ hasPicture: true }]), patience)
  await vedette.call('DELETE', `${path}/recording`)
  await isStatus({ recording: false, byHandUntilMs: null })
  expect(await byHand()).toMatchObject([{ endMs: expect.any(Number) }])
})

test('what is being written is on the timeline before its file is closed', async () => {
  await vedette.call('PATCH', path, { schedule: always })
  await isStatus({ recording: true })
  await vi.waitFor(async () => {
    const nowMs = Date.now()
    const [lane] = timelineAnswer.parse(
      await vedette.call('GET', `/api/timeline?fromMs=${nowMs - 60_000}&toMs=${nowMs}`),
    ).lanes
    expect(nowMs - (lane?.recorded.at(-1)?.endMs ?? 0)).toBeLessThan(2500)
  }, patience)
})
