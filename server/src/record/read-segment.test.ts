import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { frame } from '../../../test/support/recording.ts'
import { segmentBytes, segmentStartMs } from '../../../test/support/segment-bytes.ts'
import { hashBytes, readSegmentIndex } from './read-segment.ts'
import { type ReadAt, scanFragments } from './scan-fragments.ts'

const reader =
  (bytes: Buffer): ReadAt =>
  async (offset, length) =>
    bytes.subarray(offset, offset + length)
const indexOf = (bytes: Buffer) => readSegmentIndex(reader(bytes), bytes.length)

test('a closed file tells its head, its fragments and its tail', async () => {
  const { bytes, ends, sha256, endMs } = segmentBytes()
  const index = await indexOf(bytes)
  expect(index).toMatchObject({ headEnd: ends[0], endOffset: ends.at(-1), sizeBytes: bytes.length })
  expect(index?.head.startMs).toBe(segmentStartMs)
  expect(index?.tail).toMatchObject({ sha256, endMs, frames: 20, end: 'full' })
  expect(index?.fragments.map((f) => [f.offset, f.tfdt, f.firstPts, f.durationTicks, f.isKey, f.frames])).toEqual(
    [0, 1, 2, 3].map((i) => [ends[i], i * 90_000, i * 90_000, 90_000, true, 5]),
  )
  expect(await hashBytes(reader(bytes), index?.endOffset ?? 0)).toBe(sha256)
})

test('an open file tells its whole fragments, wherever it ends now', async () => {
  const { bytes, ends } = segmentBytes()
  for (let length = 0; length < bytes.length; length++) {
    const index = await indexOf(bytes.subarray(0, length))
    const whole = ends.filter((end) => end <= length).length - 1
    expect(index?.fragments.length ?? -1).toBe(whole)
    expect(index?.tail).toBeUndefined()
  }
})

test('composition times are read', async () => {
  const order = [0, 3, 1, 2, 4].map((at, i) => frame(segmentStartMs + at * 40, i === 0))
  const { bytes } = segmentBytes(order)
  const index = await indexOf(bytes)
  expect(index?.fragments).toMatchObject([{ tfdt: 0, firstPts: 0, frames: 5, durationTicks: 5 * 3600 }])
})

test('whatever the bytes, reading ends and finds no more than was written', async () => {
  const { bytes, ends } = segmentBytes()
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 }),
      async (changes) => {
        const damaged = Buffer.from(bytes)
        for (const [at, value] of changes) damaged[at] = value
        const index = await indexOf(damaged)
        const all = index?.fragments ?? []
        expect(all.length).toBeLessThanOrEqual(ends.length - 1)
        for (const fragment of all) expect(fragment.offset + fragment.sizeBytes).toBeLessThanOrEqual(bytes.length)
      },
    ),
    { numRuns: 500 },
  )
})

test('hostile sizes cost neither memory nor time', async () => {
  const bytes = Buffer.alloc(64)
  bytes.write('moof', 4, 'latin1')
  for (const size of [0, 1, 8, 15, 0x7f_ff_ff_ff, 0xff_ff_ff_ff]) {
    bytes.writeUInt32BE(size, 0)
    let mostBytes = 0
    const read: ReadAt = async (offset, length) => {
      mostBytes = Math.max(mostBytes, length)
      return bytes.subarray(offset, offset + length)
    }
    const { fragments } = await scanFragments(read, 0, 2 ** 40)
    expect(fragments).toEqual([])
    expect(mostBytes).toBeLessThanOrEqual(2 * 1024 * 1024)
  }
})

test('a moof that promises more samples than it has is refused', async () => {
  const { bytes, ends } = segmentBytes()
  const trun = bytes.indexOf('trun', ends[0])
  bytes.writeUInt32BE(0x7f_ff_ff_ff, trun + 8)
  expect((await indexOf(bytes))?.fragments).toEqual([])
})

test('the hash is that of the bytes, in whatever pieces they are read', async () => {
  const bytes = Buffer.alloc(3 * 1024 * 1024 + 17, 7)
  expect(await hashBytes(reader(bytes), bytes.length)).toBe(createHash('sha256').update(bytes).digest('hex'))
})
