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
import { cameraId, frames, runId, temporaryVolume, volumeId } from '../../../test/support/recording.ts'
import { ManualClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import type { Packet } from '../lib/packet.ts'
import { RecordingVolume } from './disk-health.ts'
import type { ClosedNote, Note } from './note.ts'
import { readSegmentFile } from './read-segment.ts'
import { Recorder } from './recorder.ts'
import { createFile, type OpenNewFile } from './segment-file.ts'
import { segmentPath } from './segment-path.ts'
import { StreamWriter } from './stream-writer.ts'

const startMs = Date.UTC(2026, 5, 1, 12, 59, 30)
const undo: (() => void)[] = []
afterEach(() => {
  for (const step of undo.splice(0)) step()
})

/** One stream's recorder and writer on a real folder. */
function stream(
  options: { openNew?: OpenNewFile; maxQueueBytes?: number; volume?: RecordingVolume; path?: string } = {},
) {
  const clock = new ManualClock(startMs)
  const temporary = temporaryVolume(clock)
  undo.push(temporary.remove)
  const notes: Note[] = []
  const spans: [string, number, number][] = []
  const volume = options.volume ?? temporary.volume
  const writer = new StreamWriter({
    ...{ cameraId, stream: 'main', volume, runId, installation: undefined, clock, log: silentLog, previous: undefined },
    openNew: options.openNew ?? createFile,
    note: (note) => void notes.push(note),
    onWritten: (from, to) => void spans.push(['written', from, to]),
    onLost: (from, to) => void spans.push(['lost', from, to]),
    maxQueueBytes: options.maxQueueBytes,
  })
  const recorder = new Recorder({
    ...{ door: writer, recordAudio: true, clockEpoch: () => 0, monotonicMs: () => clock.monotonicMs() },
  })
  const feed = (packets: readonly Packet[]) => {
    for (const packet of packets) recorder.take(packet)
  }
  const closed = () => notes.filter((note): note is ClosedNote => note.note === 'closed')
  const path = options.path ?? temporary.path
  const pathOf = (note: ClosedNote) => join(path, segmentPath(note))
  return { clock, volume, path, notes, spans, writer, recorder, feed, closed, pathOf }
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

describe('a failing disk', () => {
  test('a failed sync abandons the file and reports its footage as lost', async () => {
    const openNew: OpenNewFile = async (path) => {
      const file = await createFile(path)
      return {
        ...{ writev: file.writev.bind(file), truncate: file.truncate.bind(file), close: file.close.bind(file) },
        datasync: () => Promise.reject(Object.assign(new Error('i/o error'), { code: 'EIO' })),
      }
    }
    const { feed, clock, writer, notes, spans, volume, recorder } = stream({ openNew })
    feed(frames(3, { fromMs: startMs }))
    await expect.poll(() => writer.isIdle).toBe(true)
    clock.advance(5000)
    feed(frames(2, { fromMs: startMs + 3000 }))
    await expect.poll(() => volume.state).toBe('failed')
    recorder.tick()
    await writer.finish(5000)
    expect(notes.map((note) => note.note)).toEqual(['opened', 'abandoned'])
    const written = spans.filter(([kind]) => kind === 'written').at(-1)
    expect(spans.at(-1)).toEqual(['lost', startMs, written?.[2]])
  })

  test('what was written is synced within 5 s also when no more footage comes', async () => {
    let syncs = 0
    const openNew: OpenNewFile = async (path) => {
      const file = await createFile(path)
      return {
        ...{ writev: file.writev.bind(file), truncate: file.truncate.bind(file), close: file.close.bind(file) },
        datasync: () => {
          syncs++
          return file.datasync()
        },
      }
    }
    const { feed, clock, writer, recorder } = stream({ openNew })
    feed(frames(3, { fromMs: startMs }))
    await expect.poll(() => writer.isIdle).toBe(true)
    for (let i = 0; i < 9; i++) {
      clock.advance(500)
      writer.tick()
    }
    expect(syncs).toBe(0)
    clock.advance(500)
    writer.tick()
    await expect.poll(() => syncs).toBe(1)
    clock.advance(5000)
    writer.tick() // Nothing new came.
    expect(syncs).toBe(1)
    recorder.stop()
    await writer.finish(5000)
  })

  test('a write that fails costs only what was not written: the file ends there and is a good one', async () => {
    let writes = 0
    const openNew: OpenNewFile = async (path) => {
      const file = await createFile(path)
      return {
        ...{ truncate: file.truncate.bind(file), close: file.close.bind(file), datasync: file.datasync.bind(file) },
        async writev(buffers, position) {
          writes++
          if (writes !== 4) return file.writev(buffers, position)
          // What a file system does that becomes full: some bytes, then no more.
          return file
            .writev([Buffer.concat([...buffers].map((b) => Buffer.from(b.buffer, b.byteOffset, 10)))], position)
            .then((result) => ({ ...result, buffers }))
        },
      }
    }
    const { feed, writer, recorder, closed, pathOf, volume } = stream({ openNew })
    feed(frames(5, { fromMs: startMs }))
    await expect.poll(() => writer.isIdle).toBe(true)
    recorder.tick()
    await writer.finish(5000)
    expect(volume.state).toBe('full')
    const [note] = closed()
    if (!note) throw new Error('nothing closed')
    expect(note).toMatchObject({ frames: 50, endMs: startMs + 2000 })
    const file = await readSegmentFile(pathOf(note))
    expect(file?.tail).toMatchObject({ end: 'disk', sha256: file?.sha256 })
  })

  test('a file that cannot be finished is finished when the disk is back', async () => {
    let isBroken = false
    const refuse = () => Promise.reject(Object.assign(new Error('read-only'), { code: 'EROFS' }))
    const openNew: OpenNewFile = async (path) => {
      const file = await createFile(path)
      return {
        ...{ close: file.close.bind(file), datasync: file.datasync.bind(file) },
        truncate: (length) => (isBroken ? refuse() : file.truncate(length)),
        writev: (buffers, position) => (isBroken ? refuse() : file.writev(buffers, position)),
      }
    }
    const { feed, writer, recorder, closed, pathOf, volume } = stream({ openNew })
    feed(frames(3, { fromMs: startMs }))
    await expect.poll(() => writer.isIdle).toBe(true)
    isBroken = true
    feed(frames(3, { fromMs: startMs + 3000 }))
    await expect.poll(() => volume.state).toBe('read_only')
    recorder.tick()
    await expect.poll(() => writer.isIdle).toBe(true)
    writer.tick()
    expect(closed()).toEqual([])
    isBroken = false
    await volume.check()
    expect(volume.state).toBe('ok')
    writer.tick()
    await writer.finish(5000)
    const [note] = closed()
    if (!note) throw new Error('nothing closed')
    expect(note).toMatchObject({ frames: 50, endMs: startMs + 2000 })
    const recovered = await readSegmentFile(pathOf(note))
    expect(recovered?.tail).toMatchObject({ end: 'recovered', sha256: note.sha256 })
    // The chain goes on from it all the same: its hash was known before its end was written.
    feed(frames(2, { fromMs: startMs + 9000 }))
    recorder.stop()
    await writer.finish(5000)
    expect(closed()[1]?.prevSha256).toBe(note.sha256)
  })

  test('a slow disk costs whole GOPs, never more memory than agreed', async () => {
    const gate = Promise.withResolvers<void>()
    const openNew: OpenNewFile = async (path) => {
      const file = await createFile(path)
      return {
        ...{ truncate: file.truncate.bind(file), close: file.close.bind(file), datasync: file.datasync.bind(file) },
        writev: async (buffers, position) => {
          await gate.promise
          return file.writev(buffers, position)
        },
      }
    }
    const maxQueueBytes = 20_000
    const { feed, writer, recorder, closed } = stream({ openNew, maxQueueBytes })
    let most = 0
    for (const packet of frames(60, { fromMs: startMs })) {
      recorder.take(packet)
      most = Math.max(most, writer.queuedBytes)
    }
    expect(most).toBeGreaterThan(maxQueueBytes)
    expect(most).toBeLessThan(maxQueueBytes + 5000) // One fragment more.
    gate.resolve()
    await expect.poll(() => writer.isIdle).toBe(true)
    feed(frames(3, { fromMs: startMs + 60_000 }))
    recorder.stop()
    await writer.finish(5000)
    expect(closed()).toHaveLength(2)
    expect(closed()[1]).toMatchObject({ startMs: startMs + 60_000, endMs: startMs + 63_000 })
  })

  test('a disk that never answers is given up after 30 s, and the recorder is told', async () => {
    const openNew: OpenNewFile = async (path) => {
      const file = await createFile(path)
      undo.push(() => void file.close())
      return { ...file, writev: () => new Promise(() => {}) }
    }
    const { feed, clock, writer, recorder, volume } = stream({ openNew })
    feed(frames(3, { fromMs: startMs }))
    await new Promise(setImmediate)
    await expect.poll(() => writer.queuedBytes).toBeGreaterThan(0)
    clock.advance(31_000)
    expect(writer.isHung).toBe(true)
    writer.tick()
    expect([recorder.isRecording, writer.mayOpen(), volume.state]).toEqual([false, false, 'failed'])
  })
})

const isRoot = process.getuid?.() === 0
if (!isRoot) console.warn('the test on a really full disk is skipped: mounting needs root')
describe.skipIf(!isRoot)('a disk that is really full', () => {
  test('ends the segment, and recording goes on when there is room again, on the same volume only', async () => {
    const path = mkdtempSync(join(tmpdir(), 'vedette-full-'))
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k,mode=700', 'tmpfs', path])
    undo.push(() => {
      execFileSync('umount', ['-l', path])
      rmSync(path, { recursive: true })
    })
    writeFileSync(join(path, '.vedette-volume'), JSON.stringify({ id: volumeId }))
    writeFileSync(join(path, 'ballast'), Buffer.alloc(150 * 1024))
    const clock = new ManualClock(startMs)
    const small = new RecordingVolume({ id: volumeId, path, clock })
    const full = stream({ volume: small, path })
    const healthy = stream()
    for (const { feed } of [full, healthy]) feed(frames(60, { fromMs: startMs }))
    await expect.poll(() => small.state).toBe('full')
    full.recorder.tick()
    await expect.poll(() => full.writer.isIdle).toBe(true)
    const [note] = full.closed()
    if (!note) throw new Error('the footage before the disk was full is lost')
    const file = await readSegmentFile(full.pathOf(note))
    expect(file?.tail).toMatchObject({ end: 'disk', sha256: file?.sha256, frames: note.frames })
    expect(note.frames).toBeGreaterThan(50)
    expect(full.writer.mayOpen()).toBe(false)

    rmSync(join(path, 'ballast'))
    execFileSync('mount', ['-o', 'remount,size=128m', path])
    await small.check()
    expect(small.state).toBe('ok')
    full.feed(frames(2, { fromMs: startMs + 70_000 }))
    for (const { recorder, writer } of [full, healthy]) {
      recorder.stop()
      await writer.finish(5000)
    }
    expect(full.closed()[1]).toMatchObject({ startMs: startMs + 70_000, endMs: startMs + 72_000 })
    expect(healthy.closed()).toMatchObject([{ startMs, endMs: startMs + 60_000 }])
  })
})
