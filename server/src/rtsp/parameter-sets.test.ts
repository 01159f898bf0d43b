import { describe, expect, test } from 'vitest'
import { readH264Sps } from './h264-sps.ts'
import { readH265Sps } from './h265-sps.ts'
import { ParameterSets } from './parameter-sets.ts'

const hex = (text: string) => Buffer.from(text, 'hex')
/** Written by x264 and x265 for test pictures of these sizes. */
const sps1080 = hex('67640028acd940780227e5c044000003000400000300c83c60c658')
const sps360 = hex('6742c01ed900a02ff97011000003000100000300320f162e48')
const pps1080 = hex('68ebe3cb22c0')
const pps360 = hex('68cb83cb20')

describe('sequence parameter sets', () => {
  test.each([
    ['67640028acd940780227e5c044000003000400000300c83c60c658', 1920, 1080, 'avc1.640028'],
    ['6742c01ed900a02ff97011000003000100000300320f162e48', 640, 360, 'avc1.42c01e'],
    ['674d4020eca02805df97011000000300100000030321f162d960', 1280, 720, 'avc1.4d4020'],
    ['677a000dbcd9415087888fc044000003000400000300c83c50a658', 322, 242, 'avc1.7a000d'],
    ['67f4000d919b28283f6022000003000200000300641e28532c', 320, 240, 'avc1.f4000d'],
    ['6764000dacd9416096c044000003000400000300c83c50a658', 352, 288, 'avc1.64000d'],
  ])('H.264 %s', (text, width, height, codecString) => {
    expect(readH264Sps(hex(text))).toEqual({ id: 0, width, height, codecString })
  })

  test.each([
    [
      '420101016000000300900000030000030078a003c08010e596566924caf0168080000003008000000c84',
      1920,
      1080,
      'hvc1.1.6.L120.90',
    ],
    [
      '420101016000000300900000030000030096a001402005a9f265959a4932bc05a02000000300200000030321',
      2560,
      1442,
      'hvc1.1.6.L150.90',
    ],
    [
      '420101222000000300900000030000030099a005020169365959a4932bc05a020000030002000003003210',
      640,
      360,
      'hvc1.2.4.H153.90',
    ],
  ])('H.265 %s', (text, width, height, codecString) => {
    expect(readH265Sps(hex(text))).toEqual({ id: 0, width, height, codecString })
  })

  test('a damaged set is none', () => {
    for (let length = 0; length < 10; length++) {
      expect(readH264Sps(sps1080.subarray(0, length))).toBeUndefined()
      expect(readH265Sps(hex('420101016000000300900000030000').subarray(0, length))).toBeUndefined()
    }
    expect(readH264Sps(Buffer.alloc(600))).toBeUndefined()
    expect(readH265Sps(Buffer.alloc(600))).toBeUndefined()
  })
})

describe('a stream’s parameter sets', () => {
  const add = (sets: ParameterSets, ...nals: Buffer[]) => {
    for (const nal of nals) sets.add(nal, 0, nal.length)
    sets.endPicture()
    return sets.format
  }

  test('give a format when all are there, and the same object while they repeat', () => {
    const sets = new ParameterSets('h264')
    expect(add(sets, sps1080)).toBeUndefined()
    const format = add(sets, pps1080)
    expect(format).toMatchObject({ width: 1920, height: 1080, codecString: 'avc1.640028' })
    expect(format?.parameterSets).toEqual([sps1080, pps1080])
    expect(add(sets, sps1080, pps1080)).toBe(format)
    expect(add(sets)).toBe(format)
  })

  test('give a new format only when the picture that changes them is complete', () => {
    const sets = new ParameterSets('h264')
    const format = add(sets, sps1080, pps1080)
    sets.add(sps360, 0, sps360.length)
    expect(sets.format).toBe(format)
    expect(add(sets, pps360)).toMatchObject({ width: 640, height: 360, parameterSets: [sps360, pps360] })
  })

  test('keep several picture parameter sets, and forget them when a whole new collection comes', () => {
    const sets = new ParameterSets('h264')
    const second = hex('685fe3cb22c0') // pic_parameter_set_id 1
    expect(add(sets, sps1080, pps1080, second)?.parameterSets).toEqual([sps1080, pps1080, second])
    expect(add(sets, sps360, pps360)?.parameterSets).toEqual([sps360, pps360])
  })

  test('come from the description too, for H.265 all three', () => {
    const sets = new ParameterSets('hevc')
    const nals = [
      '40010c01ffff016000000300900000030000030078959809',
      '420101016000000300900000030000030078a003c08010e596566924caf0168080000003008000000c84',
      '4401c172b46240',
    ].map(hex)
    sets.addBase64(nals.slice(0, 2).map((nal) => nal.toString('base64')))
    expect(sets.format).toBeUndefined()
    sets.addBase64(nals.slice(2).map((nal) => nal.toString('base64')))
    expect(sets.format).toMatchObject({ codec: 'hevc', width: 1920, height: 1080 })
    expect(sets.format?.parameterSets).toEqual(nals)
  })

  test('are bounded: a flood of ids, and sets too large', () => {
    const sets = new ParameterSets('h264')
    add(sets, sps1080, pps1080)
    for (let id = 1; id < 250; id++) add(sets, Buffer.from([0x68, 0, (id + 1) >> 1, ((id + 1) << 7) & 255, 1]))
    add(sets, Buffer.concat([sps360, Buffer.alloc(5000)]))
    expect(sets.format?.parameterSets.length).toBeLessThanOrEqual(32)
    expect(sets.format?.width).toBe(1920)
  })
})
