/** Decoder, gray and JPEG together, on a drawn scene whose frames carry their number. */
import { setImmediate } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { type EncodedPicture, encodeScene } from '../../../test/cameras/encode.ts'
import { readCounter } from '../../../test/cameras/scene.ts'
import { Decoder } from './decoder.ts'
import type { Picture } from './picture.ts'
import { type Still, StillMaker, stillSize } from './still.ts'
import { GrayScaler } from './to-gray.ts'
import { JpegEncoder, quantiser } from './to-jpeg.ts'

const spec = { width: 640, height: 360, fps: 10, seconds: 3, variant: 1, gopFrames: 10, kbitPerS: 600 }
const gray320 = { width: 320, height: 180 }
const [grayWidth, grayHeight] = [320, 180]
const clips = new Map<string, EncodedPicture[]>()
const clip = (codec: string) => clips.get(codec) ?? []

beforeAll(async () => {
  for (const codec of ['h264', 'hevc', 'mjpeg'] as const) clips.set(codec, await encodeScene({ ...spec, codec }))
})

function counter(picture: Picture): number {
  const luma = picture.frame.data?.[0]
  return luma ? readCounter(luma, picture.frame.linesize[0] ?? 0, picture.height) : -1
}

describe('Decoder', () => {
  test.each(['h264', 'hevc', 'mjpeg'] as const)('gives each %s picture at once, with its own time', async (codec) => {
    const decoder = await Decoder.open(codec)
    const seen: [number, number][] = []
    for (const [index, { data }] of clip(codec).entries())
      expect(decoder.decode(data, index * 100.5, (p) => seen.push([counter(p), p.captureMs]))).toBe(true)
    decoder.close()
    expect(seen).toEqual(clip(codec).map((_, index) => [index, index * 100.5]))
  })

  test('shows nothing before the first key frame and recovers from garbage at the next', async () => {
    const decoder = await Decoder.open('h264')
    const packets = clip('h264')
    const seen: number[] = []
    const put = (data: Buffer) => decoder.decode(data, 0, (p) => seen.push(counter(p)))
    for (const { data } of packets.slice(5, 10)) put(data)
    expect(seen).toEqual([])
    put(Buffer.from('not a picture at all'))
    put(Buffer.alloc(0))
    put(Buffer.from(packets[10]?.data.subarray(0, 40) ?? []))
    expect(decoder.refused).toBeGreaterThan(0)
    seen.length = 0
    for (const { data } of packets.slice(20)) put(data)
    decoder.close()
    expect(seen).toEqual(packets.slice(20).map((_, index) => 20 + index))
  })

  test('survives every flipped and shortened packet', async () => {
    const decoder = await Decoder.open('h264')
    let state = 12345
    const random = (below: number) => {
      state = (state * 1103515245 + 12345) % 2147483648
      return state % below
    }
    for (let round = 0; round < 20; round++)
      for (const { data } of clip('h264')) {
        const bad = Buffer.from(data.subarray(0, 1 + random(data.length)))
        for (let i = 0; i < 5; i++) bad[random(bad.length)] = random(256)
        decoder.decode(bad, 0, () => {})
      }
    decoder.close()
  })

  test('skips all but key frames when asked', async () => {
    const decoder = await Decoder.open('h264', { keysOnly: true })
    const seen: number[] = []
    for (const { data } of clip('h264')) decoder.decode(data, 0, (p) => seen.push(counter(p)))
    decoder.close()
    expect(seen).toEqual([0, 10, 20])
  })

  test('does nothing after close', async () => {
    const decoder = await Decoder.open('h264')
    decoder.close()
    decoder.close()
    expect(decoder.decode(clip('h264')[0]?.data ?? Buffer.alloc(0), 0, () => {})).toBe(false)
  })
})

test('gray is the luma at a quarter of the size', async () => {
  const decoder = await Decoder.open('h264')
  const scaler = new GrayScaler(gray320)
  const gray = Buffer.alloc(grayWidth * grayHeight)
  let worst = 0
  decoder.decode(clip('h264')[0]?.data ?? Buffer.alloc(0), 0, (picture) => {
    scaler.toGray(picture, gray)
    const luma = picture.frame.data?.[0] ?? Buffer.alloc(0)
    const at = (x: number, y: number) => luma[y * (picture.frame.linesize[0] ?? 0) + x] ?? 0
    for (let y = 0; y < grayHeight; y++)
      for (let x = 0; x < grayWidth; x++) {
        const mean = (at(2 * x, 2 * y) + at(2 * x + 1, 2 * y) + at(2 * x, 2 * y + 1) + at(2 * x + 1, 2 * y + 1)) / 4
        worst = Math.max(worst, Math.abs(mean - (gray[y * grayWidth + x] ?? 0)))
      }
  })
  scaler.close()
  decoder.close()
  expect(worst).toBeLessThan(2)
  expect(new Set(gray).size).toBeGreaterThan(50)
})

test('a still keeps its shape, is never enlarged, and its sides are even', () => {
  expect(stillSize(1920, 1080, 640)).toEqual({ width: 640, height: 360 })
  expect(stillSize(640, 360, 1280)).toEqual({ width: 640, height: 360 })
  expect(stillSize(705, 575, 321)).toEqual({ width: 322, height: 262 })
  expect(stillSize(3, 2, 2)).toEqual({ width: 2, height: 2 })
})

test('a JPEG decodes to the same picture', async () => {
  const [decoder, check] = [await Decoder.open('h264'), await Decoder.open('mjpeg')]
  const [stills, jpeg] = [new StillMaker(), new JpegEncoder()]
  const kept: Still[] = []
  decoder.decode(clip('h264')[0]?.data ?? Buffer.alloc(0), 0, (picture) => kept.push(stills.keep(picture, 640)))
  const [still] = kept
  if (!still) throw new Error('no picture')
  const fine = await jpeg.encode(still, 90)
  const coarse = await jpeg.encode(still, 20)
  expect(coarse.length).toBeLessThan(fine.length)
  const seen: number[] = []
  check.decode(fine, 0, (picture) => seen.push(counter(picture), picture.width))
  expect(seen).toEqual([0, 640])
  still.free()
  for (const closing of [decoder, check, stills, jpeg]) closing.close()
})

test('quality runs from 31 to 2', () => {
  expect([1, 70, 100, 0, 500].map(quantiser)).toEqual([31, 11, 2, 31, 2])
})

test('5,000 decodes, gray images and a JPEG every tenth do not let memory grow', { timeout: 120_000 }, async () => {
  const decoder = await Decoder.open('h264')
  const [scaler, stills, jpeg] = [new GrayScaler(gray320), new StillMaker(), new JpegEncoder()]
  const gray = Buffer.alloc(grayWidth * grayHeight)
  const packets = await encodeScene({ ...spec, width: 320, height: 180, codec: 'h264' })
  const run = async (frames: number) => {
    for (let i = 0; i < frames; i++) {
      const kept: Still[] = []
      decoder.decode(packets[i % packets.length]?.data ?? gray, i, (picture) => {
        scaler.toGray(picture, gray)
        if (i % 10 === 0) kept.push(stills.keep(picture, 160))
      })
      for (const still of kept) {
        await jpeg.encode(still, 70)
        still.free()
      }
      // node-av's finalizers run between turns of the event loop; without a turn memory grows by 5 kB a frame.
      await setImmediate()
    }
  }
  await run(1000)
  const before = process.memoryUsage.rss()
  await run(5000)
  const grownMb = (process.memoryUsage.rss() - before) / 2 ** 20
  for (const closing of [decoder, scaler, stills, jpeg]) closing.close()
  expect(grownMb).toBeLessThan(10)
})
