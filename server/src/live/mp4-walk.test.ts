import { fragmentHead, initSegment } from '@vedette/shared/fmp4.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  audioTicksPerS,
  boxesIn,
  decodeTicksOf,
  moveFragment,
  muteFragment,
  muteInit,
  videoConfig,
  videoSamples,
} from './mp4-walk.ts'

const sps = Buffer.from('674d401fec', 'hex')
const pps = Buffer.from('68ebe3cb', 'hex')
const vps = Buffer.from('40010c01ffff', 'hex')
const hevcSps = Buffer.from(`4201010160000003000003000003000003005d${'a0'.repeat(20)}`, 'hex')
const hevcPps = Buffer.from('4401c1', 'hex')
const audio = { codec: 'aac', sampleRate: 16_000, channels: 1, config: Buffer.from('1408', 'hex') } as const
const video = { codec: 'h264', width: 640, height: 360, parameterSets: [sps, pps] } as const
const init = (tracks: Parameters<typeof initSegment>[0]) => Buffer.from(initSegment(tracks))

const sample = (sizeBytes: number, offsetTicks = 0) => ({ sizeBytes, durationTicks: 3600, isKey: false, offsetTicks })
const moofOf = (offsetTicks = 0) =>
  Buffer.from(
    fragmentHead(7, [
      { trackId: 1, decodeTicks: 90_000, samples: [sample(100, offsetTicks), sample(50)] },
      { trackId: 2, decodeTicks: 16_000, samples: [sample(30)] },
    ]),
  ).subarray(0, -8)

describe('init segment', () => {
  test('tells how to decode the pictures', () => {
    expect(videoConfig(init({ video }))).toEqual({ codec: 'h264', parameterSets: [sps, pps] })
    const hevc = { ...video, codec: 'hevc', parameterSets: [vps, hevcSps, hevcPps] } as const
    expect(videoConfig(init({ video: hevc }))).toEqual({ codec: 'hevc', parameterSets: [vps, hevcSps, hevcPps] })
    expect(videoConfig(init({ video: { ...video, codec: 'mjpeg', parameterSets: [] } }))).toEqual({
      codec: 'mjpeg',
      parameterSets: [],
    })
    expect(videoConfig(init({ audio }))).toBeUndefined()
  })

  test('tells the ticks of the sound, and nothing of it once muted', () => {
    const both = init({ video, audio })
    expect(audioTicksPerS(both)).toBe(16_000)
    const muted = muteInit(both)
    expect(muted).toHaveLength(both.length)
    expect(audioTicksPerS(muted)).toBeUndefined()
    expect(videoConfig(muted)).toEqual(videoConfig(both))
    expect(audioTicksPerS(both), 'the original is untouched').toBe(16_000)
  })

  test('may be any bytes', () => {
    const both = init({ video, audio })
    const change = fc.tuple(fc.nat(both.length - 1), fc.nat(255))
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), fc.nat(both.length), (changes, length) => {
        const bytes = Buffer.from(both.subarray(0, length))
        for (const [at, value] of changes) if (at < length) bytes[at] = value
        videoConfig(bytes)
        audioTicksPerS(bytes)
        expect(muteInit(bytes)).toHaveLength(length)
      }),
    )
  })
})

describe('fragment', () => {
  test.each([0, 1800])('lists its pictures (composition offset %i)', (offsetTicks) => {
    const moof = moofOf(offsetTicks)
    const at = moof.length + 8
    expect(videoSamples(moof)).toEqual([
      { offset: at, sizeBytes: 100, durationTicks: 3600 },
      { offset: at + 100, sizeBytes: 50, durationTicks: 3600 },
    ])
  })

  test('moves to another time, never before zero', () => {
    const moof = moofOf()
    moveFragment(moof, { sequence: 4097, videoTicks: 2 ** 40, audioTicks: -20_000 })
    expect(decodeTicksOf(moof, 1)).toBe(2 ** 40 + 90_000)
    expect(decodeTicksOf(moof, 2)).toBe(0)
    expect(moof.readUInt32BE(20)).toBe(4097)
  })

  test('hides its sound and says where its bytes are', () => {
    const moof = moofOf()
    expect(muteFragment(moof)).toBe(moof.length + 8 + 150)
    expect(boxesIn(moof.subarray(8)).map((box) => box.type)).toEqual(['mfhd', 'traf', 'free'])
    expect(muteFragment(moof)).toBe(Number.POSITIVE_INFINITY)
  })
})
