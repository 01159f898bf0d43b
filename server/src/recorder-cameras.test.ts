import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newCamera } from '@vedette/shared/camera.ts'
import { expect, onTestFinished, test } from 'vitest'
import { planNewCamera } from './cameras/camera-settings.ts'
import { addCamera, changeCamera, findCamera } from './cameras/camera-store.ts'
import { openDatabase } from './db/database.ts'
import { ManualClock } from './lib/clock.ts'
import { newId } from './lib/new-id.ts'
import { LedgerEnds } from './record/ledger-ends.ts'
import type { ClosedNote } from './record/note.ts'
import { RecorderCameras } from './recorder-cameras.ts'

const nowMs = Date.UTC(2026, 5, 1, 12)
const key = Buffer.alloc(32, 7)

async function house() {
  const volumePath = mkdtempSync(join(tmpdir(), 'vedette-cameras-'))
  onTestFinished(() => rmSync(volumePath, { recursive: true }))
  const db = await openDatabase({ kind: 'sqlite', path: ':memory:' })
  const clock = new ManualClock(nowMs)
  const ends = new LedgerEnds()
  const { settings } = planNewCamera(newCamera.parse({ name: 'Yard', address: 'rtsp://10.0.0.9/main' }))
  const { id } = await addCamera(db, key, { settings, password: 'secret' }, nowMs)
  const closed = (endMs: number, more: Partial<ClosedNote> = {}): ClosedNote => ({
    note: 'closed',
    ...{ id: newId(endMs), cameraId: id, stream: 'main', volumeId: newId(2), runId: newId(3) },
    ...{ fileMs: endMs - 1000, startMs: endMs - 1000, endMs, clockEpoch: 0, sizeBytes: 5000, frames: 25 },
    ...{ sha256: endMs.toString(16).padStart(64, '0'), prevSha256: '', codec: 'avc1.640028' },
    ...{ width: 320, height: 176, hasAudio: false },
    ...more,
  })
  return { db, id, clock, ends, closed, cameras: new RecorderCameras({ db, key, clock, volumePath, ends }) }
}

test('without the database cameras are as they were read last, from where recorders noted their ends', async () => {
  const { db, ends, closed, cameras } = await house()
  expect(await cameras.remember(undefined), 'never read').toBeUndefined()
  const read = await cameras.read()
  await db.destroy()
  expect((await cameras.remember(nowMs - 400))?.cameras, 'without a ledger').toEqual([
    { ...read.cameras[0], coveredUntilMs: nowMs - 400 },
  ])
  const last = closed(nowMs - 3000)
  for (const note of [last, closed(nowMs - 60_000), closed(nowMs - 500, { stream: 'sub' })]) ends.take(note)
  ends.take({
    note: 'gap',
    cameraId: last.cameraId,
    kind: 'not_wanted',
    cause: 'event',
    startMs: 0,
    endMs: nowMs - 2000,
  })
  const [camera] = (await cameras.remember(nowMs - 400))?.cameras ?? []
  const { sha256, endMs } = last
  expect(camera?.last).toEqual({ sha256, endMs, clockEpoch: 0, seq: 0 })
  expect(camera).toMatchObject({ coveredUntilMs: nowMs - 2000, password: 'secret' })
})

test('notes that the database has not taken yet count when cameras are read from it', async () => {
  const { ends, closed, cameras } = await house()
  ends.take(closed(nowMs - 700))
  const {
    cameras: [camera],
  } = await cameras.read()
  expect(camera).toMatchObject({ coveredUntilMs: nowMs - 700, last: { endMs: nowMs - 700 } })
})

test('footage in the future of a clock that was set back begins another epoch, without the database as well', async () => {
  const { ends, closed, cameras } = await house()
  await cameras.read()
  ends.take(closed(nowMs + 3_600_000, { clockEpoch: 4 }))
  const remembered = await cameras.remember(undefined)
  expect(remembered?.clockEpoch).toBe(5)
  expect(remembered?.cameras[0]?.coveredUntilMs).toBe(nowMs)
})

test('what is read too late to be told does not count: a camera that was off owes nothing for that time', async () => {
  const { db, id, ends, closed, cameras } = await house()
  const enable = async (enabled: boolean) => {
    const camera = await findCamera(db, id)
    if (!camera) throw new Error('no camera')
    await changeCamera(db, key, { id, settings: { ...camera.settings, enabled }, password: undefined })
  }
  ends.take(closed(nowMs - 3 * 86_400_000))
  await enable(false)
  await cameras.read()
  await enable(true)
  await expect(cameras.read(AbortSignal.abort())).rejects.toThrow()
  expect(cameras.enabled?.has(id)).toBe(false)
  const {
    cameras: [camera],
  } = await cameras.read()
  expect(camera?.coveredUntilMs).toBeNull()
  expect(cameras.enabled?.has(id)).toBe(true)
})

test('but for the first time: then it is known at least', async () => {
  const { id, cameras } = await house()
  await cameras.read(AbortSignal.abort())
  expect(cameras.enabled?.has(id)).toBe(true)
})
