import { describe, expect, test } from 'vitest'
import { cameraId, runId } from '../../../test/support/recording.ts'
import {
  headBox,
  parseHeadBox,
  parseTailBox,
  type SegmentHead,
  type SegmentTail,
  tailBox,
  tailBytes,
} from './segment-format.ts'
import { parseSegmentPath, segmentPath } from './segment-path.ts'

const head: SegmentHead = {
  v: 1,
  id: runId,
  cameraId,
  stream: 'main',
  startMs: 1_780_000_000_000,
  clockEpoch: 3,
  run: 7,
  prevSha256: 'ab'.repeat(32),
  seq: 41,
  codec: 'hvc1.1.6.L153.90',
  width: 3840,
  height: 2160,
  hasAudio: true,
}
const tail: SegmentTail = {
  v: 1,
  sha256: 'cd'.repeat(32),
  endMs: 7_258_118_400_000,
  frames: 1_000_000,
  durationMs: 59_999.988_888_888,
  end: 'recovered',
}

describe('head and tail', () => {
  test('come back as they were written', () => {
    expect(parseHeadBox(headBox(head))).toEqual(head)
    expect(parseTailBox(tailBox(tail))).toEqual(tail)
  })

  test('the tail always has the same size, the largest values included', () => {
    expect(tailBox(tail)).toHaveLength(tailBytes)
    expect(tailBox({ ...tail, endMs: 0, frames: 0, durationMs: 0, end: 'full' })).toHaveLength(tailBytes)
  })

  test.each([
    ['another UUID', (box: Buffer) => box.writeUInt8(0, 8)],
    ['a size that is not its own', (box: Buffer) => box.writeUInt32BE(7, 0)],
    ['broken JSON', (box: Buffer) => box.write('}', 24)],
    ['another version', (box: Buffer) => box.write('9', 24 + '{"v":'.length)],
  ])('%s is no head and no tail', (_name, damage) => {
    const [damagedHead, damagedTail] = [headBox(head), tailBox(tail)]
    damage(damagedHead)
    damage(damagedTail)
    expect(parseHeadBox(damagedHead)).toBeUndefined()
    expect(parseTailBox(damagedTail)).toBeUndefined()
  })

  test('a head that names no id is refused: paths are made of it', () => {
    expect(parseHeadBox(headBox({ ...head, cameraId: '../../../../etc/passwd00000' }))).toBeUndefined()
  })
})

describe('R17 paths', () => {
  test('are made of ids and UTC times, and read back', () => {
    const place = { cameraId, stream: 'sub' as const, fileMs: Date.UTC(2026, 0, 2, 3, 4, 5, 6) }
    const path = segmentPath(place)
    expect(path).toBe(`${cameraId}/2026-01-02/03/1767323045006-sub.mp4`)
    expect(parseSegmentPath(path)).toEqual(place)
  })

  test.each(['../x', '', cameraId.toLowerCase(), `${cameraId}/..`])('%j is no camera', (id) => {
    expect(() => segmentPath({ cameraId: id, stream: 'main', fileMs: 0 })).toThrow()
  })

  test.each([
    `${cameraId}/2026-01-02/04/1767323045006-main.mp4`, // Another hour's folder.
    `${cameraId}/2026-01-02/03/01767323045006-main.mp4`,
    `${cameraId}/2026-01-02/03/1767323045006-main.mp4.damaged`,
    `/${cameraId}/2026-01-02/03/1767323045006-main.mp4`,
    `${cameraId}/2026-01-02/03/9999999999999-main.mp4`,
  ])('%s is not one of ours', (path) => {
    expect(parseSegmentPath(path)).toBeUndefined()
  })
})
