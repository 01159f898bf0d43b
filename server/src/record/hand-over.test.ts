/** One recorder takes over from another: both are connected, each dates the same pictures a little differently. */
import { afterEach, describe, expect, test } from 'vitest'
import { cameraId, frame, temporaryVolume } from '../../../test/support/recording.ts'
import { PacketBus } from '../ingest/packet-bus.ts'
import { WallClock } from '../ingest/wall-clock.ts'
import { ManualClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import type { ClosedNote, Note } from './note.ts'
import { type PreviousSegment, RecordStream, type RecordStreamOptions } from './record-stream.ts'

const startMs = Date.UTC(2026, 5, 1, 12)
const undo: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

/** A camera of 5 frames and one key frame a second with two connections; the second one's times differ by `skewMs`. */
function twoConnections(skewMs: number, mode: 'continuous' | 'event' | 'off' = 'continuous', keyEveryMs = 1000) {
  const clock = new ManualClock(startMs)
  const wall = new WallClock(clock)
  const [old, next] = [new PacketBus(clock, { keepMs: 0 }), new PacketBus(clock, { keepMs: 20_000 })]
  const { volume, remove } = temporaryVolume(clock)
  undo.push(remove)
  const streams: RecordStream[] = []
  const notes: Note[] = []
  const record = (source: PacketBus, previous?: PreviousSegment, more: Partial<RecordStreamOptions> = {}) => {
    const stream = new RecordStream({
      ...{ cameraId, stream: 'main', source, volume, clock, wall, log: silentLog, cameraState: 'online', previous },
      runId: `01JD0000000000000000000RV${streams.length}`,
      coveredUntilMs: previous?.endMs,
      settings: { mode, preRollMs: 2000, postRollMs: 3000, recordAudio: false },
      journal: { note: (note) => void notes.push(note), isControlAway: false },
      ...more,
    })
    streams.push(stream)
    undo.push(() => stream.close())
    return stream
  }
  let frames = 0
  const bornMs = clock.monotonicMs()
  const pass = async (seconds: number) => {
    for (let i = 0; i < Math.round(seconds * 5); i++) {
      const atMs = clock.monotonicMs() - bornMs
      const captureMs = wall.wallMs(clock.monotonicMs())
      const isKey = Math.round(atMs) % keyEveryMs === 0
      old.publish(frame(atMs, isKey, { captureMs }))
      next.publish(frame(atMs, isKey, { captureMs: captureMs + skewMs }))
      frames += 1
      clock.advance(200)
      do await new Promise(setImmediate)
      while (!streams.every((stream) => stream.isIdle))
    }
  }
  const closed = () => notes.filter((note): note is ClosedNote => note.note === 'closed')
  const gaps = () => notes.filter((note) => note.note === 'gap')
  return { old, next, record, pass, closed, gaps, sent: () => frames }
}

test.each([0, 60, -60, 200, -200])('nothing is missing and nothing twice, with times %i ms apart', async (skewMs) => {
  const { old, next, record, pass, closed, gaps, sent } = twoConnections(skewMs)
  const first = record(old)
  await pass(5.4)
  const handedOver = first.closeAtKey()
  await pass(3) // The key frame comes, the old recorder ends, its journal is settled.
  await handedOver
  const second = record(next, first.chainEnd)
  await pass(3)
  await second.close()
  const [before, after] = closed()
  expect(before?.endMs).toBe(startMs + 6000)
  expect(after?.startMs).toBe(before?.endMs)
  expect(after?.prevSha256).toBe(before?.sha256)
  expect((before?.frames ?? 0) + (after?.frames ?? 0)).toBe(sent())
  expect(gaps()).toEqual([])
})

test.each([0, 60, -60])('nor where every picture is a key frame, with times %i ms apart', async (skewMs) => {
  const { old, next, record, pass, closed, sent } = twoConnections(skewMs, 'continuous', 200)
  const first = record(old)
  await pass(3)
  const handedOver = first.closeAtKey()
  await pass(2)
  await handedOver
  const second = record(next, first.chainEnd)
  await pass(2)
  await second.close()
  expect(closed().reduce((sum, { frames }) => sum + frames, 0)).toBe(sent())
})

test.each(['event', 'off'] as const)('a recording by hand goes on over the join, in the mode %s', async (mode) => {
  const { old, next, record, pass, closed, sent } = twoConnections(60, mode)
  const first = record(old, undefined, { byHandForMs: 60_000 })
  await pass(5.4)
  const handedOver = first.closeAtKey()
  await pass(3)
  await handedOver
  const second = record(next, first.chainEnd, { byHandForMs: 50_000 })
  await pass(3)
  await second.close()
  const [before, after] = closed()
  expect(after?.startMs).toBe(before?.endMs)
  expect((before?.frames ?? 0) + (after?.frames ?? 0)).toBe(sent())
})

test('a hand on the button begins nothing before, where no footage goes on', async () => {
  const { next, record, pass, closed } = twoConnections(0, 'off')
  await pass(5.4)
  const second = record(next, undefined, { byHandForMs: 50_000 })
  await pass(1)
  await second.close()
  expect(closed()[0]?.startMs).toBe(startMs + 5000)
})

test('an event goes on over the join', async () => {
  const { old, next, record, pass, closed, sent } = twoConnections(60, 'event')
  const first = record(old)
  first.trigger(startMs)
  await pass(2.4)
  first.trigger(startMs + 2400)
  const handedOver = first.closeAtKey()
  await pass(3)
  await handedOver
  const second = record(next, first.chainEnd, { seen: { fromMs: startMs + 1000, lastMs: startMs + 5400 } })
  await pass(2)
  await second.close()
  const [before, after] = closed()
  expect(after?.startMs).toBe(before?.endMs)
  expect((before?.frames ?? 0) + (after?.frames ?? 0)).toBe(sent())
})

test.each([
  ['lasts', 5400],
  ['is over', 4200],
])('what moved while nobody wrote is recorded with its pre-roll, also where it %s', async (_, lastMs) => {
  const { next, record, pass, closed } = twoConnections(0, 'event')
  await pass(8.4)
  const second = record(next, undefined, { seen: { fromMs: startMs + 4200, lastMs: startMs + lastMs } })
  await pass(3)
  await second.close()
  expect(closed()[0]?.startMs).toBe(startMs + 2000)
  expect(closed()[0]?.endMs).toBeGreaterThanOrEqual(startMs + lastMs + 3000)
})

test('one that is asked twice hands over at its key frame all the same', async () => {
  const { old, record, pass, closed } = twoConnections(0)
  const first = record(old)
  await pass(5.4)
  const handedOver = Promise.all([first.closeAtKey(), first.closeAtKey()])
  await pass(3)
  await handedOver
  expect(closed().map(({ endMs }) => endMs - startMs)).toEqual([6000])
})

test('one that is ended while it waits for the key frame keeps what came', async () => {
  const { old, record, pass, closed } = twoConnections(0)
  const first = record(old)
  await pass(0.4)
  const ended = first.closeAtKey()
  await pass(0.4)
  expect(closed()).toEqual([])
  await first.close()
  await ended
  expect(closed().map(({ frames }) => frames)).toEqual([4])
})

describe('the time between two recorders', () => {
  /** A quiet camera whose recorder ends; the next one is told to record 4 s later. */
  async function join(mode: 'event' | 'off', more: Partial<RecordStreamOptions>) {
    const { old, next, record, pass, gaps } = twoConnections(0, mode)
    const first = record(old, undefined, { coveredUntilMs: startMs })
    await pass(5)
    await first.closeAtKey()
    const untilMs = gaps().at(-1)?.endMs ?? 0
    await pass(4)
    const ledger = gaps().length
    const second = record(next, undefined, { coveredUntilMs: untilMs, ...more })
    await pass(8)
    await second.close()
    // A gap that grows is told several times.
    const told = gaps().slice(ledger)
    return told
      .filter((gap, i) => told.findIndex((other) => other.startMs === gap.startMs) === i)
      .map(({ kind, cause, startMs: fromMs }) => [kind, cause, fromMs - untilMs])
  }

  test('was not wanted where the next one watched and nothing moved', async () => {
    const spans = await join('event', { watchedFromMs: startMs + 3000 })
    expect(spans).toEqual([['not_wanted', 'event', 0]])
  })

  test('is missing up to where somebody watched', async () => {
    const spans = await join('event', { watchedFromMs: startMs + 7000 })
    expect(spans[0]).toEqual(['missing', 'process', 0])
    expect(spans[1]).toEqual(['not_wanted', 'event', 2000])
    expect((await join('event', {}))[0]).toEqual(['missing', 'process', 0])
  })

  test('is missing for as long as the post-roll of an event may have lasted', async () => {
    const ended = { sha256: 'a'.repeat(64), seq: 1, clockEpoch: 0, endMs: startMs + 5000 }
    const spans = await join('event', { watchedFromMs: startMs, previous: ended })
    expect(spans.slice(0, 2)).toEqual([
      ['missing', 'process', 0],
      ['not_wanted', 'event', 3000],
    ])
  })

  test('is nobody’s where the mode is off, and somebody’s who recorded by hand', async () => {
    expect((await join('off', {}))[0]).toEqual(['not_wanted', 'off', 0])
    expect((await join('off', { byHandForMs: 60_000 }))[0]?.slice(0, 2)).toEqual(['missing', 'process'])
  })
})
