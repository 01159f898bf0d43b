import { describe, expect, test } from 'vitest'
import { depacketizeAac } from './depacketize-aac.ts'
import { depacketizeFrames } from './depacketize-frames.ts'

const hbr = { config: '1408', clockRate: 16_000, sizeBits: 13, indexBits: 3 }

function receive(description = hbr) {
  const frames: { data: Buffer; time: number }[] = []
  const depacketizer = depacketizeAac(description, (data, time) => frames.push({ data, time }))
  const push = (payload: Buffer, time: number, isMarked = true) =>
    depacketizer?.push(Buffer.concat([Buffer.from('xx'), payload]), 2, 2 + payload.length, isMarked, time)
  return { frames, push, depacketizer }
}
/** RFC 3640 3.2.1: length of the headers in bits, 13 bits size and 3 bits index each, then the frames. */
function payload(sizes: readonly number[], ...frames: Buffer[]): Buffer {
  const head = Buffer.alloc(2 + sizes.length * 2)
  head.writeUInt16BE(sizes.length * 16, 0)
  for (const [i, size] of sizes.entries()) head.writeUInt16BE(size << 3, 2 + i * 2)
  return Buffer.concat([head, ...frames])
}
const frame = (bytes: number, fill = bytes) => Buffer.alloc(bytes, fill)

describe('AAC', () => {
  test('several frames in a packet are a frame’s length apart', () => {
    const { frames, push } = receive()
    push(payload([10, 20, 5], frame(10), frame(20), frame(5)), 4_294_967_000)
    expect(frames.map((one) => one.data)).toEqual([frame(10), frame(20), frame(5)])
    expect(frames.map((one) => one.time)).toEqual([4_294_967_000, 728, 1752])
  })

  test('a frame over several packets is put together', () => {
    const { frames, push } = receive()
    push(payload([250], frame(100, 1)), 7, false)
    push(payload([250], frame(100, 2)), 7, false)
    expect(frames).toHaveLength(0)
    push(payload([250], frame(50, 3)), 7)
    expect(frames).toEqual([{ data: Buffer.concat([frame(100, 1), frame(100, 2), frame(50, 3)]), time: 7 }])
  })

  test('a frame with a missing part is dropped', () => {
    const { frames, push, depacketizer } = receive()
    push(payload([250], frame(100)), 7, false)
    depacketizer?.lost()
    push(payload([10], frame(10)), 8)
    expect(frames.map((one) => one.time)).toEqual([8])
    expect(depacketizer?.damaged).toBe(1)
  })

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['headers beyond the end', Buffer.from([0xff, 0xff, 1])],
    ['no headers', Buffer.from([0, 0, 1, 2])],
    ['a size of nothing', payload([0], frame(5))],
    ['sizes beyond the end', payload([5, 400], frame(5), frame(9))],
  ])('%s does no harm', (_name, broken) => {
    const { frames, push } = receive()
    push(broken, 1)
    push(payload([10], frame(10)), 9)
    expect(frames.at(-1)).toEqual({ data: frame(10), time: 9 })
  })

  test.each([
    ['1408', 16_000, 1],
    ['1190', 48_000, 2],
    ['1210', 44_100, 2],
    ['2b118800', 48_000, 2], // HE-AAC: the rate that is heard, twice the core's.
  ])('reads the configuration %s', (config, sampleRate, channels) => {
    const { depacketizer, push, frames } = receive({ ...hbr, config, clockRate: sampleRate })
    expect(depacketizer?.format).toEqual({
      kind: 'audio',
      codec: 'aac',
      sampleRate,
      channels,
      config: Buffer.from(config, 'hex'),
    })
    push(payload([1, 1], frame(1), frame(1)), 0)
    expect(frames[1]?.time).toBe(config === '2b118800' ? 2048 : 1024)
  })

  test.each(['', 'zz', '14', '1480', '1690', '14'.repeat(100)])('refuses the configuration %j', (config) => {
    expect(receive({ ...hbr, config }).depacketizer).toBeUndefined()
  })
})

test('G.711 and Opus: each payload is a frame', () => {
  const frames: Buffer[] = []
  const format = { kind: 'audio', codec: 'pcm_alaw', sampleRate: 8000, channels: 1, config: Buffer.alloc(0) } as const
  const depacketizer = depacketizeFrames(format, (data) => frames.push(data))
  const bytes = Buffer.from('0123456789')
  depacketizer.push(bytes, 2, 6, false, 0)
  depacketizer.push(bytes, 6, 6, false, 0)
  depacketizer.push(bytes, 6, 10, true, 320)
  bytes.fill(0)
  expect(frames.map(String)).toEqual(['2345', '6789'])
})
