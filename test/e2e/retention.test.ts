/** Footage reaches its end: by age, by quota, with its camera; what is kept stays, and each deletion has its receipt. */
import { statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { receiptPage, volumeList } from '@vedette/shared/storage.ts'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { newId } from '../../server/src/lib/new-id.ts'
import { SimulatedCamera } from '../cameras/simulated-camera.ts'
import { writeChain } from '../support/footage-files.ts'
import { RunningVedette } from '../support/running-vedette.ts'
import { readIndex, segmentFiles } from '../support/soundness.ts'
import { allRecording, lightCamera, patience } from '../support/vedette-processes.ts'

const dayMs = 86_400_000
const oldMs = Math.floor((Date.now() - 3 * dayMs) / 60_000) * 60_000
let camera: SimulatedCamera
let vedette: RunningVedette
let dataDir = ''
let cameraId = ''

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'vedette-retention-'))
  camera = await SimulatedCamera.open(lightCamera)
  vedette = await RunningVedette.open({ dataDir })
  await vedette.setUp()
  const added = await vedette.addCamera({ name: 'Yard', address: camera.address('main'), motion: { enabled: false } })
  cameraId = added.id
  // An installation that has never looked at its clock believes it only after an hour.
  await vi.waitFor(
    () => expect(readValue("select value from setting where key = 'record.clock'")).toBeDefined(),
    patience,
  )
  await vedette.stop()
})
afterAll(async () => {
  await vedette.close()
  await camera.close()
  await rm(dataDir, { recursive: true, force: true })
})

const footageDir = () => join(dataDir, 'footage')
const receipts = async () => receiptPage.parse(await vedette.call('GET', '/api/receipts')).receipts
const oldRows = () => readIndex(dataDir).segments.filter((row) => row.start_ms < oldMs + dayMs)

test('R37 days: what is older goes with a receipt, what is kept stays', async () => {
  const volumeId = String(readValue('select id from volume'))
  const chain = writeChain(oldMs, 10, footageDir(), { cameraId, volumeId })
  const eventId = addEvent(chain[4]?.startMs ?? 0)
  vedette = await RunningVedette.open({ dataDir })
  await vedette.signIn()
  await vedette.call('PATCH', `/api/events/${eventId}`, { kept: true })
  await vi.waitFor(() => expect(oldRows().length).toBe(10), patience)
  await vedette.call('PATCH', `/api/cameras/${cameraId}`, { keepDays: 1, preRollMs: 0, postRollMs: 0 })
  await vedette.stop()
  // Age is looked at when Vedette starts, and once a minute.
  vedette = await RunningVedette.open({ dataDir })
  await vedette.signIn()
  await vi.waitFor(async () => expect((await receipts()).map((one) => one.rule)).toContain('days'), patience)
  await vi.waitFor(() => expect(oldRows().map((row) => row.id)).toEqual([chain[4]?.id]), patience)
  expect(segmentFiles(footageDir()).filter((path) => path.includes(String(chain[4]?.fileMs)))).toHaveLength(1)
  const gone = (await receipts()).filter((one) => one.rule === 'days')
  expect(gone.reduce((sum, one) => sum + one.segments, 0)).toBe(9)
  expect(gone.every((one) => one.cameraName === 'Yard')).toBe(true)
})

test('R37 quota: the oldest that is not kept goes, with a receipt, and the quota holds', async () => {
  const quotaBytes = 100_000_000
  await allRecording(vedette)
  await camera.apply({ do: 'inflate', stream: 'main', mbitPerS: 100 })
  let [cut, cuts] = ['', 0]
  const { volumes } = volumeList.parse(await vedette.call('GET', '/api/volumes'))
  await vedette.call('PATCH', `/api/volumes/${volumes[0]?.id}`, { quotaBytes })
  await vi.waitFor(
    async () => {
      // A change ends the segment: each would be a minute long otherwise.
      const newest = segmentFiles(footageDir()).at(-1) ?? ''
      if (newest !== cut && statSync(join(footageDir(), newest)).size > 10_000_000) {
        cut = newest
        cuts += 1
        await vedette.call('PATCH', `/api/cameras/${cameraId}`, { preRollMs: cuts })
      }
      expect((await receipts()).map((one) => one.rule)).toContain('quota')
    },
    { timeout: 50_000, interval: 200 },
  )
  await camera.apply({ do: 'heal' })
  const volume = volumeList.parse(await vedette.call('GET', '/api/volumes')).volumes[0]
  expect(volume?.footageBytes).toBeLessThan(quotaBytes)
  expect(oldRows()).toHaveLength(1) // The kept one, which is the oldest of all.
})

test('R37 a camera that is deleted without its footage leaves all of it, and the index knows it', async () => {
  const other = await vedette.addCamera({ name: 'Street', address: camera.address('main') })
  const own = () => segmentFiles(footageDir()).filter((path) => path.startsWith(other.id))
  await vi.waitFor(() => expect(own()).toHaveLength(1), patience)
  await vedette.call('DELETE', `/api/cameras/${other.id}`)
  expect((await vedette.cameras()).map(({ name }) => name)).toEqual(['Yard'])
  const rows = () => readIndex(dataDir).segments.filter((row) => row.camera_id === other.id)
  await vi.waitFor(() => expect(rows()).toHaveLength(1), patience)
  expect(own()).toHaveLength(1)
  expect((await receipts()).map((one) => one.cameraName)).not.toContain('Street')
})

test('R37 a camera that is deleted with its footage leaves no file, and receipts that say so', async () => {
  await vedette.call('DELETE', `/api/cameras/${cameraId}?footage=delete`)
  const isItsOwn = (path: string) => path.startsWith(cameraId)
  await vi.waitFor(() => expect(segmentFiles(footageDir()).filter(isItsOwn)).toEqual([]), patience)
  const rows = () => readIndex(dataDir).segments.filter((row) => row.camera_id === cameraId)
  await vi.waitFor(() => expect(rows()).toEqual([]), patience)
  expect((await receipts()).map((one) => one.rule)).toContain('camera_deleted')
})

/** First value of the first row; undefined where there is none. */
function readValue(query: string): unknown {
  const db = new Sqlite(join(dataDir, 'vedette.db'), { readonly: true })
  try {
    return db.prepare(query).pluck().get()
  } finally {
    db.close()
  }
}

/** An event of half a second within the segment. Vedette must not run. */
function addEvent(startMs: number): string {
  const db = new Sqlite(join(dataDir, 'vedette.db'))
  const id = newId(startMs)
  try {
    db.prepare(
      `insert into event (id, camera_id, kind, start_ms, end_ms, zones, score, has_picture, kept)
       values (?, ?, 'motion', ?, ?, '[]', 0.1, 0, 0)`,
    ).run(id, cameraId, startMs + 500, startMs + 1000)
    return id
  } finally {
    db.close()
  }
}
