import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { encodeClip, hasFfmpeg } from '../../../test/support/encoded-clip.ts'
import { frames } from '../../../test/support/recording.ts'
import { openedNote, segmentBytes, segmentStartMs } from '../../../test/support/segment-bytes.ts'
import { readSegmentFile } from './read-segment.ts'
import { recoverSegment } from './recover.ts'
import { segmentPath } from './segment-path.ts'

// In memory where there is such a place: thousands of syncs.
const volume = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'vedette-recover-'))
const path = join(volume, segmentPath(openedNote))
mkdirSync(dirname(path), { recursive: true })
afterAll(() => rmSync(volume, { recursive: true }))

function put(bytes: Buffer): void {
  rmSync(`${path}.damaged`, { force: true })
  writeFileSync(path, bytes)
}
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0)

/** Recovers a file cut at `length` and checks that all whole fragments are there and nothing else. */
async function checkCut({ bytes, ends, frameCounts }: ReturnType<typeof segmentBytes>, length: number): Promise<void> {
  put(bytes.subarray(0, length))
  const note = await recoverSegment(volume, openedNote)
  const whole = ends.filter((end) => end <= length).length - 1
  if (whole < 1) {
    expect(note.note).toBe('abandoned')
    expect(existsSync(path)).toBe(false)
    return
  }
  const after = readFileSync(path)
  const body = bytes.subarray(0, ends[whole])
  expect(after.subarray(0, body.length).equals(body)).toBe(true)
  const sha256 = createHash('sha256').update(body).digest('hex')
  const frameCount = sum(frameCounts.slice(0, whole))
  expect(note).toMatchObject({ note: 'closed', sha256, frames: frameCount, sizeBytes: after.length })
  const file = await readSegmentFile(path)
  expect(file?.fragments).toHaveLength(whole)
  expect(file?.tail).toMatchObject({ sha256, frames: frameCount, end: length === bytes.length ? 'full' : 'recovered' })
  expect(existsSync(`${path}.damaged`)).toBe(false)
  // A second time nothing changes.
  expect(await recoverSegment(volume, openedNote)).toEqual(note)
  expect(readFileSync(path).equals(after)).toBe(true)
}

describe('a file that was cut', () => {
  test('at any byte loses at most the open fragment', async () => {
    const segment = segmentBytes(frames(1.6, { fps: 5, gopFrames: 3, fromMs: segmentStartMs }))
    for (let length = 0; length <= segment.bytes.length; length++) await checkCut(segment, length)
  })

  test('at random places of a larger one, too', async () => {
    const segment = segmentBytes(frames(30, { fromMs: segmentStartMs }))
    await fc.assert(
      fc.asyncProperty(fc.nat(segment.bytes.length), (length) => checkCut(segment, length)),
      { numRuns: 60 },
    )
  })

  test.skipIf(!hasFfmpeg)('plays afterwards', async () => {
    const segment = segmentBytes(encodeClip({ codec: 'h264', seconds: 4, startMs: segmentStartMs }))
    const { bytes, ends } = segment
    for (const length of [(ends[1] ?? 0) + 5, (ends[2] ?? 0) + 3000, (ends[4] ?? 0) + 100, bytes.length - 1]) {
      await checkCut(segment, length)
      const args = ['-v', 'error', '-count_frames', '-show_entries', 'stream=nb_read_frames', '-of', 'csv=p=0', path]
      const probed = execFileSync('ffprobe', args, { encoding: 'utf8', stdio: 'pipe' })
      expect(Number(probed)).toBe(25 * (ends.filter((end) => end <= length).length - 1))
    }
  })
})

describe('a good file', () => {
  test('is not touched', async () => {
    const { bytes, sha256, endMs } = segmentBytes()
    put(bytes)
    const note = await recoverSegment(volume, openedNote)
    expect(note).toMatchObject({ note: 'closed', sha256, endMs, frames: 20, sizeBytes: bytes.length })
    expect(readFileSync(path).equals(bytes)).toBe(true)
  })

  test('is not touched where one bit flipped in it: verify shall find that', async () => {
    const { bytes, ends } = segmentBytes()
    bytes.writeUInt8(bytes.readUInt8((ends[1] ?? 0) - 2) ^ 1, (ends[1] ?? 0) - 2)
    put(bytes)
    expect(await recoverSegment(volume, openedNote)).toMatchObject({ note: 'closed', frames: 20 })
    expect(readFileSync(path).equals(bytes)).toBe(true)
  })

  test('of another segment is not touched', async () => {
    const { bytes } = segmentBytes()
    put(bytes)
    const note = await recoverSegment(volume, { ...openedNote, id: '01JD0000000000000000000XYZ' })
    expect(note).toMatchObject({ note: 'abandoned', reason: 'its file holds another segment' })
    expect(readFileSync(path).equals(bytes)).toBe(true)
  })
})

describe('after a power cut', () => {
  test('zeros at the end are cut off', async () => {
    const { bytes, ends } = segmentBytes()
    put(Buffer.concat([bytes.subarray(0, ends[2]), Buffer.alloc(5000)]))
    expect(await recoverSegment(volume, openedNote)).toMatchObject({ note: 'closed', frames: 10 })
    expect(existsSync(`${path}.damaged`)).toBe(false)
  })

  test('a fragment whose pictures never reached the disk is not footage', async () => {
    const { bytes, ends } = segmentBytes()
    const open = Buffer.from(bytes.subarray(0, ends[3]))
    open.fill(0, (ends[3] ?? 0) - 200)
    put(open)
    expect(await recoverSegment(volume, openedNote)).toMatchObject({ note: 'closed', frames: 10 })
  })
})

describe('damage in the middle', () => {
  test('costs nothing: what lies behind it is kept in a file beside', async () => {
    const { bytes, ends } = segmentBytes()
    const damaged = Buffer.from(bytes.subarray(0, ends[4]))
    damaged.write('free', (ends[1] ?? 0) + 4, 'latin1')
    put(damaged)
    writeFileSync(`${path}.damaged`, 'half a copy of a recovery that was killed')
    expect(await recoverSegment(volume, openedNote)).toMatchObject({ note: 'closed', frames: 5 })
    expect(readFileSync(`${path}.damaged`).equals(damaged.subarray(ends[1]))).toBe(true)
  })

  test('at the beginning of a long file leaves the file to people', async () => {
    const bytes = Buffer.concat([Buffer.alloc(100, 1), Buffer.alloc(20_000, 2)])
    put(bytes)
    expect(await recoverSegment(volume, openedNote)).toMatchObject({ note: 'abandoned' })
    expect(readFileSync(path).equals(bytes)).toBe(true)
  })
})

test('a file that is not there is abandoned; a link is refused', async () => {
  rmSync(path, { force: true })
  expect(await recoverSegment(volume, openedNote)).toMatchObject({ note: 'abandoned', reason: 'its file is not there' })
  symlinkSync('/etc/hostname', path)
  await expect(recoverSegment(volume, openedNote)).rejects.toThrow('ELOOP')
  rmSync(path)
})
