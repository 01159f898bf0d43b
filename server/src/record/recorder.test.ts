import { describe, expect, test } from 'vitest'
import { audioFormat, frame, frames, videoFormat } from '../../../test/support/recording.ts'
import type { AudioFormat, Packet } from '../lib/packet.ts'
import { Recorder, type RecorderOptions, type SegmentClose, type SegmentStart, segmentEndMs } from './recorder.ts'

interface Listed {
  start: SegmentStart
  fragments: { endMs: number; frames: number }[]
  close?: SegmentClose
  failed: boolean
}

/** Keeps segments as a list; `full` and `usable` play the disk. */
function listed(options: Partial<RecorderOptions> = {}) {
  const segments: Listed[] = []
  const disk = { isFull: false, mayOpen: true }
  const clock = { nowMs: 0, epoch: 0 }
  const recorder = new Recorder({
    door: {
      mayOpen: () => disk.mayOpen,
      isFull: () => disk.isFull,
      open(start) {
        const segment: Listed = { start, fragments: [], failed: false }
        segments.push(segment)
        return {
          get failed() {
            return segment.failed
          },
          append: (fragment, endMs) => void segment.fragments.push({ endMs, frames: fragment.frames }),
          close: (close) => {
            segment.close = close
          },
        }
      },
    },
    recordAudio: false,
    monotonicMs: () => clock.nowMs,
    clockEpoch: () => clock.epoch,
    ...options,
  })
  const feed = (packets: readonly Packet[]) => {
    for (const packet of packets) recorder.take(packet)
  }
  const spans = () => segments.map(({ start, close }) => [start.startMs, close?.endMs, close?.end])
  return { recorder, segments, disk, clock, feed, spans }
}

describe('cutting', () => {
  test('ends a segment at the first key frame after 60 s and goes on without a crack', () => {
    const { feed, recorder, spans } = listed()
    feed(frames(125, { gopFrames: 50 }))
    recorder.stop()
    expect(spans()).toEqual([
      [0, 60_000, 'full'],
      [60_000, 120_000, 'full'],
      [120_000, 125_000, 'stop'],
    ])
  })

  test('waits for a key frame before it begins', () => {
    const { feed, recorder, segments } = listed()
    feed([frame(0), frame(40), frame(80, true), frame(120)])
    recorder.stop()
    expect(segments.map((s) => [s.start.startMs, s.fragments])).toEqual([[80, [{ endMs: 160, frames: 2 }]]])
  })

  test('a fragment holds at most a second and begins anew at each key frame', () => {
    const { feed, recorder, segments } = listed()
    feed(frames(4, { gopFrames: 75 }))
    recorder.stop()
    expect(segments[0]?.fragments.map((f) => f.frames)).toEqual([25, 25, 25, 25])
    const { feed: feed2, recorder: second, segments: odd } = listed()
    feed2(frames(4, { fps: 12.5, gopFrames: 40 }))
    second.stop()
    expect(odd[0]?.fragments.map((f) => f.frames)).toEqual([12, 12, 12, 4, 10])
  })

  test('another format starts another segment at its key frame', () => {
    const { feed, recorder, spans, segments } = listed()
    const larger = { ...videoFormat, width: 640 }
    feed([
      ...frames(2),
      frame(2000, false, { format: larger }),
      frame(2040, true, { format: larger }),
      frame(2080, false, { format: larger }),
    ])
    recorder.stop()
    expect(spans()).toEqual([
      [0, 2000, 'format'],
      [2040, 2120, 'stop'],
    ])
    expect(segments[1]?.start.video.width).toBe(640)
  })

  test('a reconnected camera starts another segment that does not overlap the first', () => {
    const { feed, recorder, spans } = listed()
    // The new connection's first estimate of the capture time is 300 ms early.
    feed([...frames(2), frame(0, true, { run: 2, captureMs: 1700 }), frame(40, false, { run: 2, captureMs: 1740 })])
    recorder.stop()
    expect(spans()).toEqual([
      [0, 1700, 'camera'],
      [1700, 1780, 'stop'],
    ])
  })

  test('a clock set back starts another segment that may lie over the old ones', () => {
    const { feed, clock, spans, recorder } = listed()
    feed(frames(3))
    clock.epoch = 1
    feed(frames(2, { fromMs: 3000 }).map((p) => ({ ...p, captureMs: p.captureMs - 3_600_000 + 7_200_000 })))
    recorder.stop()
    expect(spans()).toEqual([
      [0, 3000, 'clock'],
      [3_603_000, 3_605_000, 'stop'],
    ])
  })

  test('a clock set forward starts another segment, and the hour between is not claimed', () => {
    const { feed, spans, recorder } = listed()
    feed([...frames(3), ...frames(2, { fromMs: 3000 }).map((p) => ({ ...p, captureMs: p.captureMs + 3_600_000 }))])
    recorder.stop()
    expect(spans()).toEqual([
      [0, 3000, 'clock'],
      [3_603_000, 3_605_000, 'stop'],
    ])
  })

  test('drift between the media and the clock is taken up where segments meet', () => {
    const { feed, spans, recorder } = listed()
    // The camera's crystal: its minute lasts 60.1 of our seconds.
    feed(frames(130).map((p) => ({ ...p, captureMs: p.captureMs * (60.1 / 60) })))
    recorder.stop()
    expect(spans().slice(0, 2)).toEqual([
      [0, 60_100, 'full'],
      [60_100, 120_200, 'full'],
    ])
  })

  test('a burst at the beginning, stamped with its arrival, does not shift what follows', () => {
    const { feed, spans, recorder } = listed()
    // Two seconds of an old GOP come within 80 ms.
    const burst = frames(2, { gopFrames: 50 }).map((p, i) => ({ ...p, captureMs: 10_000 + i * 1.6 }))
    feed([
      ...burst,
      ...frames(130, { fromMs: 2000, gopFrames: 50 }).map((p) => ({ ...p, captureMs: p.captureMs + 8080 })),
    ])
    recorder.stop()
    expect(spans().slice(0, 3)).toEqual([
      [10_000, 10_080, 'clock'],
      [10_080, 70_080, 'full'],
      [70_080, 130_080, 'full'],
    ])
  })

  test('missing frames before a key frame end the segment', () => {
    const { feed, spans, recorder } = listed()
    feed([...frames(3), ...frames(2, { fromMs: 8000 })])
    recorder.stop()
    expect(spans()).toEqual([
      [0, 3000, 'camera'],
      [8000, 10_000, 'stop'],
    ])
  })

  test('a camera that never sends another key frame is cut all the same', () => {
    const { feed, recorder, spans } = listed()
    feed(frames(301, { fps: 5, gopFrames: 10_000 }))
    recorder.stop()
    expect(spans()).toEqual([
      [0, 300_000, 'full'],
      [300_000, 301_000, 'stop'],
    ])
  })

  test('R16 a camera whose time runs away does not get a file for each picture', () => {
    for (const [isKey, stepMs] of [
      [true, 9000],
      [true, 900],
      [false, 9000],
    ] as const) {
      const { recorder, clock, segments } = listed()
      for (let i = 0; i < 60 * 25; i++) {
        clock.nowMs = i * 40
        const packet = frame(i * stepMs, i === 0 || isKey)
        recorder.take({ ...packet, captureMs: clock.nowMs })
      }
      recorder.stop()
      expect(segments.length).toBeGreaterThan(2)
      expect(segments.length, 'in a minute').toBeLessThan(70)
      const starts = segments.map(({ start }) => start.startMs)
      for (const [i, { close }] of segments.entries())
        expect(close?.endMs).toBeLessThanOrEqual(starts[i + 1] ?? Infinity)
      // Else what comes after a reconnection would be taken for recorded already.
      const last = segments.at(-1)
      expect(last?.close?.endMs, 'the end of the last one').toBeLessThanOrEqual(clock.nowMs + 40 + 1000)
      expect(last?.close?.endMs).toBeGreaterThan(last?.start.startMs ?? 0)
      expect(Math.max(...(last?.fragments ?? []).map(({ endMs }) => endMs))).toBeLessThanOrEqual(
        clock.nowMs + 40 + 1000,
      )
    }
  })

  test('R16 a camera whose time stands still gets no file without an end', () => {
    const { recorder, clock, segments } = listed()
    for (let i = 0; i < 700; i++) {
      clock.nowMs = i * 1000
      recorder.take({ ...frame(0, i === 0), captureMs: clock.nowMs })
    }
    recorder.stop()
    expect(segments.map(({ start }) => start.startMs)).toEqual([0, 300_000, 600_000])
  })

  test('footage of before the restart is not overlapped', () => {
    const { feed, spans, recorder } = listed({ lastEnd: { endMs: 700, clockEpoch: 0 } })
    feed(frames(2, { fromMs: 500 }))
    recorder.stop()
    expect(spans()).toEqual([[700, 2700, 'stop']])
  })
})

describe('time without packets', () => {
  test('writes what it has after 1.5 s and closes after 10 s', () => {
    const { feed, clock, recorder, segments } = listed()
    feed([frame(0, true), frame(40)])
    clock.nowMs = 1400
    recorder.tick()
    expect(segments[0]?.fragments).toEqual([])
    clock.nowMs = 1500
    recorder.tick()
    expect(segments[0]?.fragments).toEqual([{ endMs: 80, frames: 2 }])
    clock.nowMs = 10_000
    recorder.tick()
    expect(segments[0]?.close).toMatchObject({ endMs: 80, end: 'camera' })
    expect(recorder.isRecording).toBe(false)
  })

  test('one frame every five seconds is one segment, each frame written in time', () => {
    const { clock, recorder, segments } = listed()
    for (let i = 0; i < 4; i++) {
      recorder.take(frame(i * 5000, i === 0))
      clock.nowMs += 1500
      recorder.tick()
      clock.nowMs += 3500
    }
    recorder.stop()
    expect(segments).toHaveLength(1)
    expect(segments[0]?.fragments.map((f) => f.frames)).toEqual([1, 1, 1, 1])
  })
})

describe('a disk that is late', () => {
  test('costs whole GOPs: the segment ends, and the next begins at a key frame when there is room', () => {
    const { feed, disk, recorder, spans } = listed()
    const packets = frames(6)
    feed(packets.slice(0, 30))
    disk.isFull = true
    disk.mayOpen = false
    feed(packets.slice(30, 60))
    disk.isFull = false
    disk.mayOpen = true
    feed(packets.slice(60))
    recorder.stop()
    expect(spans()).toEqual([
      [0, 1200, 'disk'],
      [3000, 6000, 'stop'],
    ])
  })

  test('a segment that failed is left at once', () => {
    const { feed, recorder, segments } = listed()
    feed(frames(1.2))
    for (const segment of segments) segment.failed = true
    expect(recorder.isRecording).toBe(false)
    feed(frames(1, { fromMs: 2000 }))
    recorder.stop()
    expect(segments.map((s) => s.start.startMs)).toEqual([0, 2000])
  })
})

describe('sound', () => {
  const sound = (atMs: number): Packet => ({
    ...{ format: audioFormat, isKey: true, pts: atMs * 16, timescale: 16_000, run: 1, captureMs: atMs },
    data: Buffer.alloc(100),
  })

  test('that is heard only later gets its track at the next key frame', () => {
    const { feed, recorder, segments } = listed({ recordAudio: true })
    feed([...frames(1.5), sound(1500), ...frames(2, { fromMs: 1500 })])
    recorder.stop()
    expect(segments.map((s) => [s.start.startMs, s.start.audio?.codec, s.close?.end])).toEqual([
      [0, undefined, 'format'],
      [1500, 'aac', 'stop'],
    ])
  })

  test('that the camera announced has its track from the first segment on, although pictures come first', () => {
    const { feed, recorder, segments } = listed({ recordAudio: true, offeredAudio: () => audioFormat })
    feed([...frames(1.5), sound(1500), ...frames(6, { fromMs: 1500 })])
    recorder.stop()
    expect(segments.map((s) => [s.start.audio?.codec, s.close?.end])).toEqual([['aac', 'stop']])
  })

  test('that was announced and does not come is not waited for longer than some seconds, until it does', () => {
    const { feed, recorder, segments } = listed({ recordAudio: true, offeredAudio: () => audioFormat })
    feed([...frames(6), sound(6000), ...frames(2, { fromMs: 6000 })])
    recorder.stop()
    const [first, second, third] = segments.map((s) => [s.start.audio?.codec, s.close?.end])
    expect([first, second, third]).toEqual([
      ['aac', 'format'],
      [undefined, 'format'],
      ['aac', 'stop'],
    ])
  })

  test.each([
    ['opus', 48_000, 48_000],
    ['pcm_alaw', 8000, 8000],
    ['pcm_mulaw', 16_000, 16_000],
  ] as const)('of %s is recorded', (codec, sampleRate, timescale) => {
    const format: AudioFormat = { kind: 'audio', codec, sampleRate, channels: 1, config: Buffer.alloc(0) }
    const { feed, recorder, segments } = listed({ recordAudio: true, offeredAudio: () => format })
    const packet = (atMs: number): Packet => ({ ...sound(atMs), format, pts: (atMs * timescale) / 1000, timescale })
    feed([...frames(1), packet(1000), packet(1020), ...frames(1, { fromMs: 1000 })])
    recorder.stop()
    expect(segments).toHaveLength(1)
    expect(segments[0]?.start.audio).toBe(format)
  })

  test('is left out where recording it is off', () => {
    const { feed, recorder, segments } = listed()
    feed([sound(0), ...frames(1), sound(1000), ...frames(1, { fromMs: 1000 })])
    recorder.stop()
    expect(segments.map((s) => s.start.audio)).toEqual([undefined])
  })
})

test('the end of a segment meets the next one but never claims a second that was not recorded', () => {
  const start = { startMs: 1000 }
  expect(segmentEndMs(start, 5000, { nextMs: undefined, isContinued: false })).toBe(6000)
  expect(segmentEndMs(start, 5000, { nextMs: 6400, isContinued: true })).toBe(6400)
  expect(segmentEndMs(start, 5000, { nextMs: 6400, isContinued: false })).toBe(6000)
  expect(segmentEndMs(start, 5000, { nextMs: 5400, isContinued: false })).toBe(5400)
  expect(segmentEndMs(start, 5000, { nextMs: 2000, isContinued: true })).toBe(2000)
  expect(segmentEndMs(start, 5000, { nextMs: 60_000, isContinued: true })).toBe(6000)
  expect(segmentEndMs(start, 5000, { nextMs: undefined, isContinued: false, atMostMs: 9000 })).toBe(6000)
  expect(segmentEndMs(start, 5000, { nextMs: undefined, isContinued: false, atMostMs: 2500.4 })).toBe(2500)
  expect(segmentEndMs(start, 5000, { nextMs: undefined, isContinued: false, atMostMs: 0 })).toBe(1001)
})
