import { describe, expect, test } from 'vitest'
import { depacketizeMjpeg } from './depacketize-mjpeg.ts'
import { jpegHead, quantizationOf } from './jpeg-header.ts'

interface Part {
  offset: number
  type?: number
  quality?: number
  width?: number
  height?: number
  restart?: number
  tables?: Buffer
  scan: Buffer
}
/** RFC 2435 3.1: main header, restart header, quantization header. */
function payload({ offset, type = 1, quality = 50, width = 80, height = 60, restart, tables, scan }: Part): Buffer {
  const head = Buffer.from([0, offset >> 16, offset >> 8, offset, type, quality, width, height])
  const restartHead = restart === undefined ? [] : [Buffer.from([restart >> 8, restart & 255, 0xff, 0xff])]
  const tableHead = tables ? [Buffer.from([0, 0, tables.length >> 8, tables.length & 255]), tables] : []
  return Buffer.concat([head, ...restartHead, ...tableHead, scan])
}

function receive(dimensions?: { width: number; height: number }) {
  const pictures: { data: Buffer; time: number; width: number; height: number }[] = []
  const depacketizer = depacketizeMjpeg(dimensions, (data, time, _isKey, format) => {
    if (format.kind === 'video') pictures.push({ data, time, width: format.width, height: format.height })
  })
  const push = (part: Buffer, time: number, isMarked = false) => depacketizer.push(part, 0, part.length, isMarked, time)
  return { pictures, push, depacketizer }
}
const end = Buffer.from([0xff, 0xd9])
const facts = { width: 640, height: 480, subsampling: 1, restartInterval: 0 } as const
const head50 = jpegHead({ ...facts, quantization: quantizationOf(50) })

describe('MJPEG', () => {
  test('rebuilds the head around the parts of a picture', () => {
    const { pictures, push } = receive()
    push(payload({ offset: 0, scan: Buffer.alloc(1000, 1) }), 5)
    push(payload({ offset: 1000, scan: Buffer.alloc(500, 2) }), 5, true)
    const data = Buffer.concat([head50, Buffer.alloc(1000, 1), Buffer.alloc(500, 2), end])
    expect(pictures).toEqual([{ data, time: 5, width: 640, height: 480 }])
  })

  test('does not end a picture twice', () => {
    const { pictures, push } = receive()
    push(payload({ offset: 0, scan: Buffer.concat([Buffer.alloc(9, 1), end]) }), 5, true)
    expect(pictures[0]?.data).toEqual(Buffer.concat([head50, Buffer.alloc(9, 1), end]))
  })

  test('uses tables sent along, and remembers them by quality when they are left out later', () => {
    const tables = Buffer.from(Array.from({ length: 128 }, (_, i) => i + 1))
    const { pictures, push } = receive()
    push(payload({ offset: 0, quality: 200, tables, scan: Buffer.alloc(9) }), 1, true)
    push(payload({ offset: 0, quality: 200, tables: Buffer.alloc(0), scan: Buffer.alloc(9) }), 2, true)
    const quantization = [tables.subarray(0, 64), tables.subarray(64)] as const
    const expected = Buffer.concat([jpegHead({ ...facts, quantization }), Buffer.alloc(9), end])
    expect(pictures.map((picture) => picture.data)).toEqual([expected, expected])
  })

  test('one table serves both, and restart markers get their interval', () => {
    const tables = Buffer.alloc(64, 7)
    const { pictures, push } = receive()
    push(payload({ offset: 0, type: 64, restart: 20, quality: 255, tables, scan: Buffer.alloc(9) }), 1, true)
    const expected = jpegHead({ ...facts, subsampling: 0, restartInterval: 20, quantization: [tables, tables] })
    expect(pictures[0]?.data.subarray(0, expected.length)).toEqual(expected)
  })

  test('takes the size from the description where the payload cannot say it', () => {
    const { pictures, push } = receive({ width: 2560, height: 1440 })
    push(payload({ offset: 0, width: 0, height: 0, scan: Buffer.alloc(9) }), 1, true)
    expect(pictures[0]).toMatchObject({ width: 2560, height: 1440 })
  })

  test('a new size is a new format object, the same size is the same', () => {
    const { push, depacketizer } = receive()
    push(payload({ offset: 0, scan: Buffer.alloc(9) }), 1, true)
    const first = depacketizer.format
    push(payload({ offset: 0, quality: 70, scan: Buffer.alloc(9) }), 2, true)
    expect(depacketizer.format).toBe(first)
    push(payload({ offset: 0, width: 40, scan: Buffer.alloc(9) }), 3, true)
    expect(depacketizer.format).toMatchObject({ width: 320, height: 480 })
  })

  test.each([
    ['a part is lost', payload({ offset: 2000, scan: Buffer.alloc(9) })],
    ['a part is cut', Buffer.alloc(5)],
    ['a part has another type', payload({ offset: 1000, type: 5, scan: Buffer.alloc(9) })],
  ])('drops the picture when %s, and no other', (_name, part) => {
    const { pictures, push, depacketizer } = receive()
    push(payload({ offset: 0, scan: Buffer.alloc(1000) }), 5)
    push(part, 5, true)
    push(payload({ offset: 0, scan: Buffer.alloc(9) }), 6, true)
    expect(pictures.map((picture) => picture.time)).toEqual([6])
    expect(depacketizer.damaged).toBe(1)
  })

  test.each([
    ['an unknown quality', payload({ offset: 0, quality: 0, scan: Buffer.alloc(9) })],
    ['tables never sent', payload({ offset: 0, quality: 130, tables: Buffer.alloc(0), scan: Buffer.alloc(9) })],
    [
      'tables beyond the end',
      payload({ offset: 0, quality: 130, tables: Buffer.alloc(128), scan: Buffer.alloc(0) }).subarray(0, 40),
    ],
    ['no size at all', payload({ offset: 0, width: 0, scan: Buffer.alloc(9) })],
  ])('gives nothing for %s', (_name, part) => {
    const { pictures, push } = receive()
    push(part, 5, true)
    expect(pictures).toEqual([])
  })
})
