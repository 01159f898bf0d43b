import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { audioFormat, frame } from '../../../test/support/recording.ts'
import type { Packet } from '../lib/packet.ts'
import { AudioLane } from './audio-lane.ts'
import { FragmentBuilder } from './fragment-builder.ts'
import { parseMoof } from './scan-fragments.ts'
import { VideoLane } from './video-lane.ts'

const sound = (atMs: number, more: Partial<Packet> = {}): Packet => ({
  ...{ format: audioFormat, isKey: true, pts: Math.round(atMs * 16), timescale: 16_000, run: 1, captureMs: atMs },
  ...{ data: Buffer.alloc(10), ...more },
})

describe('video', () => {
  test('a frame lasts until the next one; the last of all as long as the one before', () => {
    const packets = [0, 40, 90, 120].map((ms, i) => frame(ms, i === 0))
    const lane = new VideoLane(frame(0, true))
    for (const packet of packets) lane.add(packet)
    expect(lane.take().track.samples.map((s) => s.durationTicks)).toEqual([3600, 4500, 2700, 2700])
    expect(lane.endTicks / 90).toBe(150)
  })

  test('another time scale becomes 90 kHz', () => {
    const first = frame(0, true, { timescale: 1000, pts: 5000 })
    expect(new VideoLane(first).ticksOf(frame(0, false, { timescale: 1000, pts: 5040 }))).toBe(3600)
  })

  test('time stamps that stand still do not fill a fragment without end', () => {
    const lane = new VideoLane(frame(0, true))
    let added = 0
    while (!lane.isFullBefore(frame(0)) && added < 5000) {
      lane.add(frame(0))
      added++
    }
    expect(added).toBe(1000)
  })

  test('whatever the time stamps, decode times rise and presentation times are kept', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: -200, max: 5000 }), { minLength: 1, maxLength: 30 }), {
          minLength: 1,
          maxLength: 6,
        }),
        (fragments) => {
          const lane = new VideoLane(frame(0, true))
          let lastDecode = -1
          for (const times of fragments) {
            for (const ms of times) lane.add(frame(ms))
            const { track } = lane.take()
            let decode = track.decodeTicks
            expect(decode).toBeGreaterThanOrEqual(0)
            track.samples.forEach((sample, i) => {
              expect(decode).toBeGreaterThan(lastDecode)
              expect(decode + sample.offsetTicks).toBe((times[i] ?? 0) * 90)
              lastDecode = decode
              decode += sample.durationTicks
            })
          }
        },
      ),
    )
  })
})

describe('sound', () => {
  test('is placed by its capture time, then by its own time stamps', () => {
    const lane = new AudioLane(audioFormat, 1000)
    lane.add(sound(1500, { pts: 7_000_000 }))
    lane.add(sound(1583, { pts: 7_001_024 })) // Captured 19 ms late, it says.
    const { track } = lane.take()
    expect(track.decodeTicks).toBe(8000)
    expect(track.samples.map((s) => s.durationTicks)).toEqual([1024, 1024])
  })

  test('from before the first picture is left out, but for the frame that reaches over it', () => {
    const lane = new AudioLane(audioFormat, 1000)
    for (const atMs of [900, 964, 1028]) lane.add(sound(atMs))
    const { track } = lane.take()
    expect([track.decodeTicks, track.samples.map((s) => s.durationTicks)]).toEqual([0, [448, 1024]])
  })

  test('that was lost leaves a longer frame, not a shift of all that follows', () => {
    const lane = new AudioLane(audioFormat, 0)
    for (const atMs of [0, 64, 256]) lane.add(sound(atMs))
    expect(lane.take().track.samples.map((s) => s.durationTicks)).toEqual([1024, 3072, 1024])
  })

  test('is tied to the picture anew when its time stamps jump', () => {
    const lane = new AudioLane(audioFormat, 0)
    lane.add(sound(0))
    lane.take()
    lane.add(sound(2000, { run: 2, pts: 17 }))
    expect(lane.take().track.decodeTicks).toBe(32_000)
  })

  test('of a format that came anew but says the same goes on in the same track', () => {
    const first = frame(0, true)
    const builder = new FragmentBuilder(first, audioFormat)
    builder.add(first)
    builder.add(sound(0, { format: { ...audioFormat, config: Buffer.from(audioFormat.config) } }))
    builder.add(sound(64, { format: { ...audioFormat, sampleRate: 8000 } }))
    const { buffers } = builder.take()
    expect(parseMoof(Buffer.from(buffers[0]?.subarray(0, -8) ?? []))?.map((run) => run.sizes.length)).toEqual([1, 1])
  })
})

test('nothing is copied: the buffers are the packets’ own', () => {
  const packets = [frame(0, true), frame(40)]
  const builder = new FragmentBuilder(packets[0] ?? frame(0), undefined)
  for (const packet of packets) builder.add(packet)
  const { buffers, sizeBytes } = builder.take()
  expect(buffers.slice(1)).toEqual(packets.map((packet) => packet.data))
  expect(buffers[1]).toBe(packets[0]?.data)
  expect(sizeBytes).toBe(buffers.reduce((sum, buffer) => sum + buffer.length, 0))
})
