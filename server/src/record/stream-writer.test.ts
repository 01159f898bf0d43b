import { execFileSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { encodeAac, encodeClip, hasFfmpeg } from '../../../test/support/encoded-clip.ts'
import { cameraId, frames, runId } from '../../../test/support/recording.ts'
import { writtenStream } from '../../../test/support/written-stream.ts'
import type { Packet } from '../lib/packet.ts'
import { readSegmentFile } from './read-segment.ts'
import { segmentPath } from './segment-path.ts'

const startMs = Date.UTC(2026, 5, 1, 12, 59, 30)
const undo: (() => void)[] = []
afterEach(() => {
  for (const step of undo.splice(0)) step()
})
function stream() {
  const written = writtenStream({ startMs })
  undo.push(written.remove)
  return written
}

const probe = (path: string) => {
  const entries = 'stream=codec_name:format=duration:packet=pts,stream_index'
  return JSON.parse(
    execFileSync('ffprobe', ['-v', 'error', '-show_entries', entries, '-of', 'json', path], { encoding: 'utf8' }),
  )
}
const decode = (path: string) =>
  execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-f', 'null', '-'], { stdio: 'pipe', encoding: 'utf8' })

describe.skipIf(!hasFfmpeg)('real footage', () => {
  let h264: Packet[] = []
  beforeAll(() => {
    h264 = encodeClip({ codec: 'h264', seconds: 6, startMs })
  })

  test('is a file that plays alone, with the right length, and says whose it is', async () => {
    const { feed, recorder, writer, notes, closed, pathOf } = stream()
    feed(h264)
    recorder.stop()
    await writer.finish(5000)
    expect(notes.map((note) => note.note)).toEqual(['opened', 'closed'])
    const [note] = closed()
    if (!note) throw new Error('nothing closed')
    expect(segmentPath(note)).toBe(`${cameraId}/2026-06-01/12/${startMs}-main.mp4`)
    const path = pathOf(note)
    expect(Number(probe(path).format.duration)).toBeCloseTo(6, 1)
    expect(probe(path).packets).toHaveLength(150)
    expect(decode(path)).toBe('')
    const file = await readSegmentFile(path)
    expect(file?.head).toMatchObject({ cameraId, stream: 'main', startMs, prevSha256: '', seq: 0, width: 320 })
    expect(file?.tail).toEqual({
      v: 1,
      sha256: note.sha256,
      endMs: startMs + 6000,
      frames: 150,
      durationMs: 6000,
      end: 'stop',
    })
    expect(file).toMatchObject({ sha256: note.sha256, sizeBytes: note.sizeBytes, endOffset: note.sizeBytes - 256 })
    expect(file?.fragments.map((f) => [f.tfdt, f.isKey, f.frames])).toEqual(
      [0, 1, 2, 3, 4, 5].map((second) => [second * 90_000, true, 25]),
    )
  })

  test('plays while the file is still open', async () => {
    const { feed, writer, recorder, path } = stream()
    feed(h264.slice(0, 80))
    await expect.poll(() => writer.isIdle).toBe(true)
    const [file = ''] = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.mp4'))
    expect(probe(join(path, file)).packets).toHaveLength(75)
    expect(decode(join(path, file))).toBe('')
    recorder.stop()
    await writer.finish(1000)
  })

  test('H.265 with B frames keeps the times of its pictures', async () => {
    const { feed, recorder, writer, closed, pathOf } = stream()
    const clip = encodeClip({ codec: 'hevc', seconds: 4, bFrames: 3, startMs })
    feed(clip)
    recorder.stop()
    await writer.finish(5000)
    const [note] = closed()
    if (!note) throw new Error('nothing closed')
    const packets: { pts: number }[] = probe(pathOf(note)).packets
    const first = packets[0]?.pts ?? 0
    expect(packets.map((p) => p.pts - first)).toEqual(clip.map((p) => p.pts))
    expect(note).toMatchObject({ frames: 100, endMs: startMs + 4000 })
    expect(decode(pathOf(note))).toBe('')
  })

  test('sound stays beside the picture from segment to segment', async () => {
    const { feed, recorder, writer, closed, pathOf } = stream()
    const sound = encodeAac(6, startMs)
    feed([...h264, ...sound].toSorted((a, b) => a.captureMs - b.captureMs))
    recorder.stop()
    await writer.finish(5000)
    const [first, second] = closed()
    if (!first || !second) throw new Error('two segments expected')
    expect([first.hasAudio, second.hasAudio]).toEqual([false, true]) // The track is known from the next key frame on.
    const { streams, packets, format } = probe(pathOf(second))
    expect(streams.map((s: { codec_name: string }) => s.codec_name)).toEqual(['h264', 'aac'])
    expect(Number(format.duration)).toBeCloseTo((second.endMs - second.startMs) / 1000, 0)
    const audio = packets.filter((p: { stream_index: number }) => p.stream_index === 1)
    // 15.625 AAC frames a second from the second segment's start on, the one that reaches over it included.
    expect(audio.length).toBeGreaterThanOrEqual(Math.floor(((second.endMs - second.startMs) / 1000) * 15.625))
    expect(decode(pathOf(second))).toBe('')
  })
})

describe('the chain', () => {
  test('each segment carries the hash of the one before', async () => {
    const { feed, recorder, writer, closed, pathOf } = stream()
    feed(frames(125, { fromMs: startMs }))
    recorder.stop()
    await writer.finish(5000)
    const notes = closed()
    expect(notes.map((note) => note.prevSha256)).toEqual(['', notes[0]?.sha256, notes[1]?.sha256])
    const heads = await Promise.all(notes.map(async (note) => (await readSegmentFile(pathOf(note)))?.head.seq))
    expect(heads).toEqual([0, 1, 2])
    expect(notes.map((note) => note.endMs)).toEqual([...notes.slice(1).map((note) => note.startMs), startMs + 125_000])
  })
})

describe('the file', () => {
  test('is readable by its owner only, and so are its folders', async () => {
    const { feed, recorder, writer, closed, pathOf, path } = stream()
    feed(frames(2, { fromMs: startMs }))
    recorder.stop()
    await writer.finish(5000)
    const [note] = closed()
    expect(note && statSync(pathOf(note)).mode & 0o777).toBe(0o600)
    expect(statSync(join(path, cameraId)).mode & 0o777).toBe(0o700)
  })

  test('takes the next name where its own is taken, and leaves the other alone', async () => {
    const { feed, recorder, writer, closed, path } = stream()
    const taken = join(path, segmentPath({ cameraId, stream: 'main', fileMs: startMs }))
    mkdirSync(dirname(taken), { recursive: true })
    writeFileSync(taken, 'mine')
    feed(frames(2, { fromMs: startMs }))
    recorder.stop()
    await writer.finish(5000)
    expect(closed()[0]).toMatchObject({ startMs, fileMs: startMs + 1 })
    expect(readFileSync(taken, 'utf8')).toBe('mine')
  })

  test('R18 is not written through a link; that is this stream’s trouble, not the volume’s', async () => {
    const { feed, recorder, writer, notes, path, volume, clock } = stream()
    const elsewhere = mkdtempSync(join(tmpdir(), 'vedette-elsewhere-'))
    undo.push(() => rmSync(elsewhere, { recursive: true }))
    symlinkSync(elsewhere, join(path, cameraId))
    feed(frames(2, { fromMs: startMs }))
    recorder.stop()
    await writer.finish(5000)
    expect(notes).toEqual([])
    expect(readdirSync(elsewhere)).toEqual([])
    expect([volume.state, writer.isAway]).toEqual(['ok', true])
    clock.advance(5001)
    expect(writer.isAway).toBe(false)
  })

  test('is not begun where the volume is missing or another one', async () => {
    for (const [marker, state] of [
      ['', 'swapped'],
      [JSON.stringify({ id: runId }), 'swapped'],
      [undefined, 'missing'],
    ] as const) {
      const { feed, writer, notes, path, volume } = stream()
      if (marker === undefined) rmSync(join(path, '.vedette-volume'))
      else writeFileSync(join(path, '.vedette-volume'), marker)
      feed(frames(2, { fromMs: startMs }))
      await writer.finish(5000)
      expect([volume.state, notes, readdirSync(path).filter((name) => !name.startsWith('.'))]).toEqual([state, [], []])
    }
  })
})
