import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { cameraId, frame, runId, temporaryVolume } from '../../../test/support/recording.ts'
import { PacketBus } from '../ingest/packet-bus.ts'
import { WallClock } from '../ingest/wall-clock.ts'
import { ManualClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import type { ClosedNote, GapNote, Note } from './note.ts'
import { readSegmentFile } from './read-segment.ts'
import { RecordStream, type RecordStreamOptions } from './record-stream.ts'
import { segmentPath } from './segment-path.ts'

const startMs = Date.UTC(2026, 5, 1, 12)
const undo: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

/** A camera of 5 frames and one key frame a second on a manual clock, and its recording. */
function camera(options: Partial<RecordStreamOptions> & { mode?: 'continuous' | 'event' | 'off' } = {}) {
  const clock = new ManualClock(startMs)
  const wall = new WallClock(clock, 0, ({ deltaMs }) => stream.clockStepped(deltaMs))
  const bus = new PacketBus(clock, { keepMs: 10_000 })
  const { volume, path, remove } = temporaryVolume(clock)
  undo.push(remove)
  const notes: Note[] = []
  const stream = new RecordStream({
    ...{ cameraId, stream: 'main', source: bus, volume, runId, clock, wall, log: silentLog, cameraState: 'online' },
    settings: { mode: options.mode ?? 'continuous', preRollMs: 3000, postRollMs: 4000, recordAudio: false },
    journal: { note: (note) => void notes.push(note), isControlAway: false },
    ...options,
  })
  undo.push(() => stream.close())
  const camera = { isSending: true, run: 1 }
  const bornMs = clock.monotonicMs()
  /** Time passes, pictures come, ticks tick; real time only as long as the disk needs. */
  const pass = async (seconds: number) => {
    for (let i = 0; i < seconds * 5; i++) {
      const atMs = clock.monotonicMs() - bornMs
      if (camera.isSending)
        bus.publish(
          frame(atMs, Math.round(atMs) % 1000 === 0, { run: camera.run, captureMs: wall.wallMs(clock.monotonicMs()) }),
        )
      clock.advance(200)
      do await new Promise(setImmediate)
      while (!stream.isIdle)
    }
  }
  const closed = () => notes.filter((note): note is ClosedNote => note.note === 'closed')
  const footage = () => closed().map((note) => [note.startMs - startMs, note.endMs - startMs])
  // The ledger is right to a second.
  const seconds = (ms: number) => Math.round((ms - startMs) / 1000) * 1000
  const gaps = () =>
    [
      ...new Map(
        notes.filter((note): note is GapNote => note.note === 'gap').map((note) => [note.startMs, note]),
      ).values(),
    ]
      .filter((note) => note.endMs > note.startMs)
      .map((note) => [note.cause, seconds(note.startMs), seconds(note.endMs)])
  return { stream, bus, clock, volume, path, notes, camera, pass, closed, footage, gaps }
}

describe('a clock that was days ahead', () => {
  test('and is set right leaves the time until then to the ledger', async () => {
    const { pass, stream, clock, camera: device, gaps } = camera()
    await pass(10)
    clock.step(50 * 3_600_000)
    await pass(10)
    clock.step(-50 * 3_600_000)
    await pass(10)
    device.isSending = false
    stream.cameraStateChanged('unreachable')
    await pass(30)
    const untilNow = gaps().filter(([cause, fromMs]) => cause !== 'clock' && Number(fromMs) < 3_600_000)
    expect(untilNow).toEqual([['unreachable', 30_000, 51_000]])
  })
})

test('a clock that is set back before the first picture keeps no camera from recording', async () => {
  const previous = { sha256: 'a'.repeat(64), seq: 1, endMs: startMs, clockEpoch: 0 }
  const { pass, stream, clock, camera: device, footage } = camera({ previous, coveredUntilMs: startMs })
  device.isSending = false
  await pass(2)
  clock.step(-3_600_000)
  await pass(3)
  device.isSending = true
  await pass(5)
  await stream.close()
  expect(footage()).toEqual([[5000 - 3_600_000, 10_000 - 3_600_000]])
})

describe('continuous', () => {
  test('records from the first key frame to the end, each second accounted for', async () => {
    const { pass, stream, footage, gaps } = camera({ coveredUntilMs: startMs - 7000 })
    await pass(65)
    expect(stream.isRecording).toBe(true)
    await stream.close()
    expect(footage()).toEqual([
      [0, 60_000],
      [60_000, 65_000],
    ])
    expect(gaps()).toEqual([['process', -7000, 0]])
  })

  test('a camera that goes away and comes back leaves one gap with its cause', async () => {
    const { pass, stream, camera: device, bus, footage, gaps } = camera()
    await pass(10)
    device.isSending = false
    bus.interrupt()
    stream.cameraStateChanged('unreachable')
    await pass(20)
    device.isSending = true
    device.run = 2
    stream.cameraStateChanged('online')
    await pass(5)
    await stream.close()
    expect(footage()).toEqual([
      [0, 10_000],
      [30_000, 35_000],
    ])
    expect(gaps()).toEqual([['unreachable', 10_000, 30_000]])
  })

  test('a camera that freezes is missing from its last picture on', async () => {
    const { pass, stream, camera: device, gaps } = camera()
    await pass(10)
    device.isSending = false
    await pass(10)
    stream.cameraStateChanged('stalled')
    await pass(10)
    await stream.close()
    expect(gaps()).toEqual([['stalled', 10_000, 30_000]])
  })

  test('a restart goes on with the chain and does not overlap', async () => {
    const previous = { sha256: 'ab'.repeat(32), seq: 41, endMs: startMs + 500, clockEpoch: 0 }
    const { pass, stream, closed, path } = camera({ previous })
    await pass(4)
    await stream.close()
    const [note] = closed()
    if (!note) throw new Error('nothing closed')
    // The key frame at 0 lies in the old run's footage.
    expect([note.startMs - startMs, note.prevSha256]).toEqual([1000, previous.sha256])
    expect((await readSegmentFile(join(path, segmentPath(note))))?.head.seq).toBe(42)
  })

  test('stopped by hand it is not wanted, and goes on by itself', async () => {
    const { pass, stream, footage, gaps } = camera()
    await pass(5)
    stream.override(false, 10_000)
    expect(stream.isRecording).toBe(false)
    await pass(20)
    await stream.close()
    expect(footage()).toEqual([
      [0, 5000],
      [15_000, 25_000],
    ])
    expect(gaps()).toEqual([['stopped', 5000, 15_000]])
  })
})

describe('event', () => {
  test('nothing is written until something happens; then with pre-roll and post-roll', async () => {
    const { pass, stream, footage, gaps, path } = camera({ mode: 'event' })
    await pass(20)
    expect(readdirSync(path).filter((name) => !name.startsWith('.'))).toEqual([])
    expect(stream.isWanted).toBe(false)
    stream.trigger(startMs + 19_500)
    expect(stream.isWanted).toBe(true)
    await pass(2)
    stream.trigger(startMs + 21_500)
    await pass(30)
    await stream.close()
    // From the key frame before 16.5 s to the one after 25.5 s.
    expect(footage()).toEqual([[16_000, 26_000]])
    expect(gaps()).toEqual([
      ['event', 0, 16_000],
      ['event', 26_000, 52_000],
    ])
  })

  test('the pre-roll of the next event does not repeat what the last one has', async () => {
    const { pass, stream, footage, gaps } = camera({ mode: 'event' })
    await pass(5)
    stream.trigger(startMs + 5000)
    await pass(6)
    expect(stream.isRecording).toBe(false)
    stream.trigger(startMs + 11_000)
    await pass(10)
    await stream.close()
    expect(footage()).toEqual([
      [2000, 9000],
      [9000, 15_000],
    ])
    expect(gaps()).toEqual([
      ['event', 0, 2000],
      ['event', 15_000, 21_000],
    ])
  })

  test('an event of a camera that is away is missing footage, the quiet time is not', async () => {
    const { pass, stream, camera: device, bus, gaps } = camera({ mode: 'event' })
    device.isSending = false
    bus.interrupt()
    stream.cameraStateChanged('unreachable')
    await pass(10)
    stream.trigger(startMs + 10_000)
    await pass(20)
    await stream.close()
    expect(gaps()).toEqual([
      ['event', 0, 10_000],
      ['unreachable', 10_000, 14_000],
      ['event', 14_000, 30_000],
    ])
  })
})

test('off records nothing but what a hand wants', async () => {
  const { pass, stream, footage, gaps } = camera({ mode: 'off' })
  await pass(5)
  stream.override(true, 5000)
  await pass(10)
  await stream.close()
  expect(footage()).toEqual([[4000, 10_000]])
  expect(gaps()).toEqual([
    ['off', 0, 4000],
    ['off', 10_000, 15_000],
  ])
})

describe('trouble', () => {
  test('a missing volume is noticed, told as the cause, and recording goes on when it is back', async () => {
    const { pass, stream, volume, footage, gaps } = camera()
    await pass(3)
    volume.failed(Object.assign(new Error('gone'), { code: 'ENODEV' }))
    await pass(61) // The open file is not disturbed; the next one cannot be begun.
    expect(volume.state).toBe('missing')
    expect(stream.isRecording).toBe(false)
    await volume.check()
    await pass(6)
    await stream.close()
    expect(footage()).toEqual([
      [0, 60_000],
      [64_000, 70_000],
    ])
    expect(gaps()).toEqual([['disk', 60_000, 64_000]])
  })

  test('a clock set back keeps both hours, a clock set forward leaves the skipped one missing', async () => {
    const { pass, stream, clock, footage, gaps } = camera()
    await pass(5)
    clock.step(-3_600_000)
    await pass(5)
    clock.step(7_200_000)
    stream.clockStepped(7_200_000)
    await pass(5)
    await stream.close()
    const hour = 3_600_000
    expect(footage().map(([from]) => Math.round((from ?? 0) / hour))).toEqual([0, -1, 1])
    expect(gaps().map(([cause]) => cause)).toContain('clock')
  })

  test('closing twice is closing once', async () => {
    const { pass, stream, closed } = camera()
    await pass(3)
    await Promise.all([stream.close(), stream.close()])
    expect(closed()).toHaveLength(1)
  })
})
