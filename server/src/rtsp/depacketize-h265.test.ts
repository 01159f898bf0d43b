import { describe, expect, test } from 'vitest'
import { h265Aggregate, h265Payloads, lengthPrefixed } from '../../../test/support/rtp-maker.ts'
import { depacketizeH265 } from './depacketize-h265.ts'

const hex = (text: string) => Buffer.from(text, 'hex')
const vps = hex('40010c01ffff016000000300900000030000030078959809')
const sps = hex('420101016000000300900000030000030078a003c08010e596566924caf0168080000003008000000c84')
const pps = hex('4401c172b46240')
const sei = Buffer.from([39 << 1, 1, 5, 1, 42, 0x80])
const delimiter = Buffer.from([35 << 1, 1, 0x50])
const slice = (type: number, bytes: number, isFirst = true) =>
  Buffer.concat([Buffer.from([type << 1, 1, isFirst ? 0xa0 : 0x20]), Buffer.alloc(bytes, type)])

function receive(parameterSets: Buffer[] = [vps, sps, pps], hasOrderNumbers = false) {
  const units: { data: Buffer; time: number; isKey: boolean }[] = []
  const description = { parameterSets: parameterSets.map((set) => set.toString('base64')), hasOrderNumbers }
  const depacketizer = depacketizeH265(description, (data, time, isKey) => units.push({ data, time, isKey }))
  const push = (payload: Buffer, time: number, isMarked = false) =>
    depacketizer.push(Buffer.from(payload), 0, payload.length, isMarked, time)
  return { units, push, depacketizer }
}

describe('H.265', () => {
  test.each([
    [19, true],
    [20, true],
    [21, true],
    [16, true],
    [1, false],
    [9, false],
  ])('slice type %i makes a key picture: %s', (type, isKey) => {
    const { units, push } = receive()
    push(slice(type, 20), 5, true)
    expect(units).toEqual([{ data: lengthPrefixed([slice(type, 20)]), time: 5, isKey }])
  })

  test('takes aggregates and fragments apart and leaves sets and delimiters out', () => {
    const { units, push, depacketizer } = receive([])
    const key = slice(19, 5000)
    push(h265Aggregate([delimiter, vps, sps, pps, sei]), 0)
    for (const part of h265Payloads(key)) push(part, 0)
    push(slice(19, 7, false), 0, true)
    expect(units[0]?.data).toEqual(lengthPrefixed([sei, key, slice(19, 7, false)]))
    expect(depacketizer.format).toMatchObject({ codec: 'hevc', codecString: 'hvc1.1.6.L120.90', width: 1920 })
  })

  test('skips decoding order numbers where the description announces them', () => {
    const { units, push } = receive([vps, sps, pps], true)
    const [a, b] = [slice(19, 30), slice(19, 40, false)]
    push(Buffer.concat([a.subarray(0, 2), hex('0001'), a.subarray(2)]), 0)
    push(Buffer.concat([hex('6001'), hex('0002'), size(b), b, hex('01'), size(sei), sei]), 0)
    const [first = Buffer.alloc(0), ...rest] = h265Payloads(slice(19, 3000, false))
    for (const part of [Buffer.concat([first.subarray(0, 3), hex('0003'), first.subarray(3)]), ...rest]) push(part, 0)
    push(Buffer.concat([b.subarray(0, 2), hex('0009'), b.subarray(2)]), 0, true)
    expect(units[0]?.data).toEqual(lengthPrefixed([a, b, sei, slice(19, 3000, false), b]))
  })

  test('a lost fragment drops that picture and no other', () => {
    const { units, push, depacketizer } = receive()
    const parts = h265Payloads(slice(19, 9000))
    push(parts[0] ?? Buffer.alloc(0), 0)
    depacketizer.lost()
    push(parts.at(-1) ?? Buffer.alloc(0), 0, true)
    push(slice(1, 9), 3600, true)
    expect(units.map((unit) => unit.time)).toEqual([3600])
    expect(depacketizer.damaged).toBe(1)
  })

  test.each([
    ['too short', hex('02')],
    ['an aggregate beyond its end', hex('60010fff26')],
    ['a fragment without content', hex('620193')],
    ['a fragment that never began', hex('62010301ff')],
    ['a reserved type', hex('640100ff')],
  ])('%s spoils its picture and no other', (_name, payload) => {
    const { units, push } = receive()
    push(slice(19, 9), 0)
    push(payload, 0, true)
    push(slice(1, 9), 3600, true)
    expect(units.map((unit) => unit.time)).toEqual([3600])
  })
})

function size(nal: Buffer): Buffer {
  return Buffer.from([nal.length >> 8, nal.length & 255])
}
