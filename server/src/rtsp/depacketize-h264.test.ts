import { describe, expect, test } from 'vitest'
import { h264Payloads, lengthPrefixed, stapA } from '../../../test/support/rtp-maker.ts'
import { depacketizeH264 } from './depacketize-h264.ts'
import { maxUnitBytes } from './unit-buffer.ts'

const sps = Buffer.from('67640028acd940780227e5c044000003000400000300c83c60c658', 'hex')
const pps = Buffer.from('68ebe3cb22c0', 'hex')
const sprop = `${sps.toString('base64')},${pps.toString('base64')}`
const delimiter = Buffer.from([9, 0xf0])
const sei = Buffer.from([6, 5, 1, 42, 0x80])
/** A slice; its first byte behind the header says whether the picture begins with it. */
const slice = (type: number, bytes: number, isFirst = true) =>
  Buffer.concat([Buffer.from([0x60 | type, isFirst ? 0x88 : 0x21]), Buffer.alloc(bytes, type)])

function receive(description = sprop) {
  const units: { data: Buffer; time: number; isKey: boolean; width: number }[] = []
  const depacketizer = depacketizeH264(description, (data, time, isKey, format) => {
    units.push({ data, time, isKey, width: format.kind === 'video' ? format.width : 0 })
  })
  const push = (payload: Buffer, time: number, isMarked = false) => {
    const scratch = Buffer.concat([Buffer.from('head'), payload, Buffer.from('tail')])
    depacketizer.push(scratch, 4, 4 + payload.length, isMarked, time)
    scratch.fill(0xee) // The socket's buffer is used again.
  }
  return { units, push, depacketizer }
}

describe('H.264', () => {
  test('a picture is complete at the marker, with nothing held back', () => {
    const { units, push } = receive()
    push(slice(5, 20), 1000, true)
    expect(units).toHaveLength(1)
    expect(units[0]).toMatchObject({ time: 1000, isKey: true, width: 1920 })
    expect(units[0]?.data).toEqual(lengthPrefixed([slice(5, 20)]))
    push(slice(1, 30), 4600, true)
    expect(units[1]).toMatchObject({ time: 4600, isKey: false })
  })

  test('without markers it is complete when the time changes', () => {
    const { units, push } = receive()
    push(slice(5, 20), 1000)
    push(slice(5, 10, false), 1000)
    expect(units).toHaveLength(0)
    push(slice(1, 30), 4600)
    expect(units[0]?.data).toEqual(lengthPrefixed([slice(5, 20), slice(5, 10, false)]))
  })

  test('parameter sets and delimiters are left out, SEI is kept, in single packets, STAP-A and FU-A', () => {
    const { units, push } = receive('')
    push(stapA([delimiter, sps, pps, sei]), 1000)
    const key = slice(5, 5000)
    for (const part of h264Payloads(key)) push(part, 1000)
    push(slice(5, 9, false), 1000, true)
    expect(units[0]?.data).toEqual(lengthPrefixed([sei, key, slice(5, 9, false)]))
    expect(units[0]).toMatchObject({ isKey: true, width: 1920 })
  })

  test('parameter sets come in fragments too', () => {
    const { units, push } = receive('')
    for (const part of [...h264Payloads(sps, 10), ...h264Payloads(pps, 3)]) push(part, 0)
    push(slice(5, 9), 0, true)
    expect(units[0]?.data).toEqual(lengthPrefixed([slice(5, 9)]))
  })

  test('a camera that marks its parameter sets does not tear the picture apart', () => {
    const { units, push } = receive('')
    push(sps, 0, true)
    push(pps, 0, true)
    push(sei, 0, true)
    push(slice(5, 9), 0, true)
    expect(units.map((unit) => unit.data)).toEqual([lengthPrefixed([sei, slice(5, 9)])])
  })

  test('pictures before the format is known are counted, not given', () => {
    const { units, push, depacketizer } = receive('')
    push(slice(1, 9), 0, true)
    expect([units.length, depacketizer.early]).toEqual([0, 1])
  })

  test('a lost fragment drops that picture and no other', () => {
    const { units, push, depacketizer } = receive()
    const parts = h264Payloads(slice(5, 9000))
    for (const [index, part] of parts.entries()) {
      if (index === 3) depacketizer.lost()
      else push(part, 0, index === parts.length - 1)
    }
    push(slice(1, 9), 3600, true)
    expect(units.map((unit) => unit.time)).toEqual([3600])
    expect(depacketizer.damaged).toBe(1)
  })

  test('a lost end drops the picture when the next one comes', () => {
    const { units, push, depacketizer } = receive()
    for (const part of h264Payloads(slice(5, 9000)).slice(0, -1)) push(part, 0)
    depacketizer.lost()
    push(slice(1, 9), 3600, true)
    expect(units.map((unit) => unit.time)).toEqual([3600])
  })

  test('a lost first slice drops the picture, a loss before the first slice does not', () => {
    const { units, push, depacketizer } = receive()
    depacketizer.lost()
    push(slice(1, 9, false), 0, true)
    depacketizer.lost()
    push(slice(1, 9), 3600, true)
    expect(units.map((unit) => unit.time)).toEqual([3600])
  })

  test.each([
    ['an empty payload', Buffer.alloc(0)],
    ['a STAP-A with a length beyond its end', Buffer.from([24, 0, 200, 1])],
    ['a FU-A without content', Buffer.from([28, 0x85])],
    ['a FU-A that never began', Buffer.from([28, 5, 1, 2])],
    ['an interleaved mode', Buffer.from([25, 0, 0, 1, 2])],
    ['a reserved type', Buffer.from([31, 1])],
  ])('%s spoils its picture and no other', (_name, payload) => {
    const { units, push } = receive()
    push(slice(5, 9), 0)
    push(payload, 0, true)
    push(slice(1, 9), 3600, true)
    expect(units.map((unit) => unit.time)).toEqual([3600])
  })

  test('units keep their bytes when later ones come, over many slabs', () => {
    const { units, push } = receive()
    for (let i = 0; i < 200; i++)
      for (const [k, part] of h264Payloads(slice(1, 9000 + i)).entries()) push(part, i, k === 6)
    expect(units).toHaveLength(200)
    for (const [i, unit] of units.entries()) expect(unit.data.equals(lengthPrefixed([slice(1, 9000 + i)]))).toBe(true)
  })

  test('an endless picture is an AppError at 8 MB', () => {
    const { push } = receive()
    const big = slice(1, 60_000)
    const flood = () => {
      for (let bytes = 0; bytes <= maxUnitBytes; bytes += 60_000) push(big, 0)
    }
    expect(flood).toThrow(expect.objectContaining({ code: 'camera_unsupported' }))
  })
})
