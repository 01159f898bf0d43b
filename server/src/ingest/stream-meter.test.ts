import { expect, test } from 'vitest'
import { aacFormat, packet } from '../../../test/support/packet.ts'
import { StreamMeter } from './stream-meter.ts'

/** 25 frames a second of 1000 bytes, a key frame every 50. */
function play(meter: StreamMeter, frames: number, from = 0): void {
  for (let i = from; i < from + frames; i++) {
    meter.add(packet({ isKey: i % 50 === 0, pts: i * 3600, bytes: 1000 }), i * 40)
  }
}

test('knows nothing before the first picture', () => {
  const meter = new StreamMeter()
  meter.add(packet({ format: aacFormat }), 0)
  expect(meter.facts(0)).toBeNull()
})

test('measures rates over the last seconds', () => {
  const meter = new StreamMeter()
  play(meter, 250)
  meter.add(packet({ format: aacFormat, bytes: 0 }), 9999)
  expect(meter.facts(10_000)).toEqual({
    codec: 'h264',
    width: 640,
    height: 360,
    fps: 25,
    kbitPerS: 200,
    gopS: 2,
    audioCodec: 'aac',
    framesReceived: 250,
  })
  expect(meter.facts(13_000)).toMatchObject({ fps: 10 })
  expect(meter.facts(60_000)).toMatchObject({ fps: 0, kbitPerS: 0, framesReceived: 250 })
})

test('does not measure a GOP across runs', () => {
  const meter = new StreamMeter()
  meter.add(packet({ isKey: true, pts: 9_000_000 }), 0)
  meter.add(packet({ isKey: true, pts: 0, run: 1 }), 1000)
  expect(meter.facts(2000)?.gopS).toBe(0)
})
