/** Footage on a disk that somebody else can write to: whatever lies there, nothing crashes, hangs, follows it or believes its sizes. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openedNote, segmentBytes, segmentStartMs } from '../../../test/support/segment-bytes.ts'
import { readEventPicture } from '../events/event-picture.ts'
import { Footage } from '../live/footage.ts'
import { segmentBytes as servedBytes } from '../live/playback-bytes.ts'
import { listParts } from '../live/playback-parts.ts'
import { planPlayback } from '../live/playback-plan.ts'
import { previewPath } from '../live/preview-file.ts'
import { PreviewReader } from '../live/preview-reader.ts'
import { unitsAt } from '../live/snapshot.ts'
import { describeFile } from './describe-file.ts'
import { openSegmentFile, readSegmentHead, readSegmentIndex } from './read-segment.ts'
import { recoverSegment } from './recover.ts'
import { parseTailBox, tailBytes } from './segment-format.ts'
import { segmentPath } from './segment-path.ts'
import { verifyFile } from './verify-file.ts'

const { cameraId, volumeId, stream, fileMs, id, clockEpoch } = openedNote
const place = { cameraId, stream, fileMs }
const whole = segmentBytes()
let root: string
let path: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vedette-hostile-'))
  path = join(root, segmentPath(place))
  mkdirSync(dirname(path), { recursive: true })
})
afterEach(() => rmSync(root, { recursive: true }))

/** Playback of the file as its row has it, of whatever size it is. */
function footageOf(sizeBytes: number): Footage {
  const row = {
    id,
    cameraId,
    stream,
    volumeId,
    fileMs,
    startMs: segmentStartMs,
    endMs: whole.endMs,
    clockEpoch,
    sizeBytes,
  }
  return new Footage({
    findSegment: async () => row,
    listSegments: async () => [row],
    nextSegmentAfter: async () => undefined,
    openSegments: () => [],
    volumePath: () => root,
    files: { segmentPath, openSegmentFile, readSegmentHead, readSegmentIndex, parseTailBox, tailBytes },
  })
}
const span = { cameraId, stream, startMs: segmentStartMs, endMs: whole.endMs }
const isRefusal = (error: unknown) => expect(error).toMatchObject({ name: 'AppError', code: /no_footage|not_found/ })

/** Everything that playback does with a file. */
async function play(footage: Footage): Promise<void> {
  await listParts(footage, span, true, whole.endMs).catch(isRefusal)
  await planPlayback(footage, span, true).catch(isRefusal)
  await unitsAt(footage, cameraId, stream, segmentStartMs + 1500).catch(isRefusal)
  const piece = await footage.find(id)
  const read = async () => {
    if (piece)
      for await (const bytes of servedBytes(footage, piece, 0, piece.sizeBytes, true))
        expect(bytes.length).toBeLessThan(2 ** 21)
  }
  await read().catch(isRefusal)
}

test('a mutated segment is described, verified, played and recovered without an exception', async () => {
  const change = fc.record({
    at: fc.nat(whole.bytes.length - 1),
    bytes: fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 8 }),
      fc.constantFrom(...[0, 127, 128, 255].map((b) => new Uint8Array(4).fill(b))),
    ),
    shift: fc.integer({ min: -40, max: 40 }),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { minLength: 1, maxLength: 6 }),
      fc.nat(whole.bytes.length),
      async (changes, cut) => {
        let bytes = Buffer.from(whole.bytes)
        for (const one of changes) {
          Buffer.from(one.bytes).copy(bytes, one.at)
          if (one.shift < -30) bytes = Buffer.concat([bytes.subarray(0, one.at), bytes.subarray(one.at - one.shift)])
          if (one.shift > 30)
            bytes = Buffer.concat([bytes.subarray(0, one.at), Buffer.alloc(one.shift), bytes.subarray(one.at)])
        }
        if (cut % 5 === 0) bytes = bytes.subarray(0, cut)
        writeFileSync(path, bytes)
        await describeFile({ id: volumeId, path: root }, place)
        await verifyFile(path, place, { isFast: false, nowMs: 0 })
        await play(footageOf(bytes.length))
        await recoverSegment(root, openedNote)
      },
    ),
    { seed: 20_261_122, numRuns: 300 },
  )
})

test('a fragment that calls itself two gigabytes is not read into memory for one picture', async () => {
  const hugeBytes = 1_900_000_000
  const bytes = Buffer.from(whole.bytes.subarray(0, whole.ends[1]))
  const trun = bytes.indexOf('trun', whole.ends[0])
  const mdat = bytes.indexOf('mdat', trun)
  const lastSize = mdat - 4 - 8 // The last row of trun: duration, size, flags.
  bytes.writeUInt32BE(bytes.readUInt32BE(lastSize) + hugeBytes, lastSize)
  bytes.writeUInt32BE(bytes.readUInt32BE(mdat - 4) + hugeBytes, mdat - 4)
  writeFileSync(path, bytes)
  truncateSync(path, bytes.length + hugeBytes) // A hole: it takes no room on the disk.
  const footage = footageOf(bytes.length + hugeBytes)
  const piece = await footage.find(id)
  expect((piece && (await footage.index(piece)))?.fragments[0]?.sizeBytes).toBeGreaterThan(hugeBytes)
  const before = process.memoryUsage.rss()
  await expect(unitsAt(footage, cameraId, stream, segmentStartMs + 900)).rejects.toMatchObject({ code: 'no_footage' })
  expect(process.memoryUsage.rss() - before).toBeLessThan(200_000_000)
})

describe.skipIf(process.platform !== 'linux')('a pipe where a file should be holds nobody up', () => {
  /** Opening it for reading waits for a writer, for ever, in one of the few threads that serve all files. */
  const makePipe = (at: string) => {
    mkdirSync(dirname(at), { recursive: true })
    execFileSync('mkfifo', [at])
  }

  test('as a segment', { timeout: 3000 }, async () => {
    makePipe(path)
    expect(await describeFile({ id: volumeId, path: root }, place)).toMatchObject({ is: 'foreign' })
    expect(await verifyFile(path, place, { isFast: false, nowMs: 0 })).toMatchObject({ kind: 'unreadable' })
    await play(footageOf(1000))
  })

  test('as previews or an event’s picture', { timeout: 3000 }, async () => {
    makePipe(join(root, previewPath(cameraId, fileMs)))
    expect(await new PreviewReader(() => [root]).times(cameraId, fileMs, fileMs + 1000)).toEqual([])
    makePipe(join(root, 'event.jpg'))
    expect(await readEventPicture(root, 'event.jpg')).toBeUndefined()
  })
})
