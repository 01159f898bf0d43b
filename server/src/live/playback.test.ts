import { execFileSync, spawnSync } from 'node:child_process'
import { appendFileSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeAac, encodeClip, hasFfmpeg } from '../../../test/support/encoded-clip.ts'
import { interleave, later, RecordedFootage } from '../../../test/support/recorded-footage.ts'
import { cameraA, newYearMs } from '../../../test/support/segments.ts'
import type { Packet } from '../lib/packet.ts'
import { Footage, type SpanQuery } from './footage.ts'
import { playbackBytes, segmentBytes } from './playback-bytes.ts'
import { listParts } from './playback-parts.ts'
import { type PlaybackPlan, planPlayback } from './playback-plan.ts'
import { hlsPlaylist } from './playlist.ts'

const span = (startMs: number, endMs: number): SpanQuery => ({
  cameraId: cameraA,
  stream: 'main',
  startMs: newYearMs + startMs,
  endMs: newYearMs + endMs,
})

async function bytesOf(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}

interface ProbedPacket {
  readonly codec_type: string
  readonly pts_time: string
  readonly dts_time: string
  readonly duration_time: string
}

/** Packets of each kind as ffprobe sees them: decode times in ms; and what ffmpeg complains of when it decodes all. */
function probe(root: string, bytes: Buffer) {
  const file = join(root, 'played.mp4')
  writeFileSync(file, bytes)
  const show = ['-show_entries', 'packet=codec_type,dts_time,pts_time,duration_time', '-of', 'json', file]
  const { packets } = JSON.parse(execFileSync('ffprobe', ['-v', 'error', ...show]).toString()) as {
    packets: ProbedPacket[]
  }
  const decoded = spawnSync('ffmpeg', ['-v', 'warning', '-i', file, '-f', 'null', '-'])
  const times = (kind: string) => packets.filter((p) => p.codec_type === kind).map((p) => Number(p.dts_time) * 1000)
  return { video: times('video'), audio: times('audio'), complaints: decoded.stderr.toString() }
}

function expectRising(times: readonly number[]) {
  for (const [i, ms] of times.entries()) if (i > 0) expect(ms).toBeGreaterThan(times[i - 1] ?? 0)
}

/** Eight seconds; begins before the pictures do. */
const tone = hasFfmpeg ? encodeAac(8, newYearMs - 30) : []

describe.skipIf(!hasFfmpeg)('playback', () => {
  const recorded = new RecordedFootage()
  let footage: Footage
  const play = (plan: PlaybackPlan) => bytesOf(playbackBytes(footage, plan, 0, plan.sizeBytes))

  // Eight seconds in segments of two, twenty seconds of nothing, eight seconds again; key frames every second.
  beforeAll(() => {
    const packets = interleave(encodeClip({ codec: 'h264', seconds: 8, fps: 10, startMs: newYearMs }), tone)
    recorded.record(packets, { maxSegmentMs: 2000 })
    recorded.record(later(packets, 28_000, 2), { maxSegmentMs: 2000 })
    footage = new Footage(recorded.deps())
  })
  afterAll(() => recorded[Symbol.dispose]())

  test('gives several segments and a gap as one file that plays in order, without the gap', async () => {
    const plan = await planPlayback(footage, span(0, 36_000), false)
    const { video, audio, complaints } = probe(recorded.root, await play(plan))
    expect(complaints).toBe('')
    expect(video).toHaveLength(160)
    expectRising(video)
    expectRising(audio)
    // Sixteen seconds of pictures, the last of which stands for a tenth; a quarter of a second marks the gap.
    expect((video.at(-1) ?? 0) - (video[0] ?? 0)).toBeGreaterThan(16_100)
    expect((video.at(-1) ?? 0) - (video[0] ?? 0)).toBeLessThan(16_300)
    expect(plan.gaps).toHaveLength(1)
    expect(plan.gaps[0]?.startMs).toBeCloseTo(newYearMs + 8000, -2)
    expect(plan.gaps[0]?.endMs).toBe(newYearMs + 28_000)
    expect(plan.nextMs).toBeNull()
    // Picture and sound stay together across the gap.
    const secondVideo = video[80] ?? 0
    expect(Math.min(...audio.map((ms) => Math.abs(ms - secondVideo)))).toBeLessThan(70)
  })

  test('begins at the key frame at or before the start and ends with the fragment of the end', async () => {
    const plan = await planPlayback(footage, span(3400, 5200), false)
    expect(plan.startMs).toBe(newYearMs + 3000)
    const { video, audio, complaints } = probe(recorded.root, await play(plan))
    expect(complaints).toBe('')
    expect(video).toHaveLength(30)
    expect(video[0]).toBeLessThan(100)
    expectRising(audio)
    expect(plan.endMs).toBe(newYearMs + 6000)
  })

  test('begins at the first footage where the span begins in a gap', async () => {
    const plan = await planPlayback(footage, span(15_000, 29_000), false)
    expect(plan.startMs).toBe(newYearMs + 28_000)
  })

  test('says where it goes on when a span has nothing', async () => {
    const plan = planPlayback(footage, span(12_000, 20_000), false)
    await expect(plan).rejects.toMatchObject({ code: 'no_footage' })
    await expect(plan).rejects.toThrow('2026-01-01T00:00:28')
  })

  test('any pieces of it together are the whole, byte for byte', async () => {
    const plan = await planPlayback(footage, span(1500, 33_000), false)
    const whole = await play(plan)
    expect(whole).toHaveLength(plan.sizeBytes)
    const place = fc.nat(plan.sizeBytes)
    await fc.assert(
      fc.asyncProperty(fc.array(place, { maxLength: 5 }), async (cuts) => {
        const again = new Footage(recorded.deps())
        const edges = [0, ...cuts.sort((a, b) => a - b), plan.sizeBytes]
        const pieces: Buffer[] = []
        for (const [i, from] of edges.slice(0, -1).entries()) {
          const samePlan = await planPlayback(again, span(1500, 33_000), false)
          expect(samePlan.etag).toBe(plan.etag)
          pieces.push(await bytesOf(playbackBytes(again, samePlan, from, edges[i + 1] ?? 0)))
        }
        expect(Buffer.concat(pieces).equals(whole)).toBe(true)
      }),
      { numRuns: 40 },
    )
  })

  test('carries no sound for those who may not hear', async () => {
    const heard = await planPlayback(footage, span(0, 4000), false)
    const muted = await planPlayback(footage, span(0, 4000), true)
    expect(muted.sizeBytes).toBe(heard.sizeBytes)
    expect(muted.etag).not.toBe(heard.etag)
    const { video, audio, complaints } = probe(recorded.root, await play(muted))
    expect(complaints).toBe('')
    expect(video).toHaveLength(40)
    expect(audio).toEqual([])
    const sounds = tone.map((packet) => packet.data)
    const holds = (bytes: Buffer) => sounds.filter((sound) => sound.length > 30 && bytes.includes(sound)).length
    expect(holds(await play(heard))).toBeGreaterThan(50)
    expect(holds(await play(muted))).toBe(0)
    const piece = await footage.find(recorded.segments[0]?.id ?? '')
    if (!piece) throw new Error('no segment')
    const file = await bytesOf(segmentBytes(footage, piece, 0, piece.sizeBytes, true))
    expect(file).toHaveLength(piece.sizeBytes)
    expect(holds(file)).toBe(0)
    expect(holds(await bytesOf(segmentBytes(footage, piece, 0, piece.sizeBytes, false)))).toBeGreaterThan(10)
    expect(probe(recorded.root, file).audio).toEqual([])
  })

  test('lists parts with their key frames, and the gaps between them', async () => {
    const { parts, gaps, nextMs } = await listParts(footage, span(3000, 29_000), false, newYearMs + 3_600_000)
    expect(parts[0]?.mime).toMatch(/^video\/mp4; codecs="avc1\.[0-9a-f]{6}, mp4a\.40\.2"$/)
    expect(parts[0]?.keys.map(([ms]) => ms - newYearMs)).toEqual([2000, 3000])
    expect(gaps).toHaveLength(1)
    expect(nextMs).toBe(newYearMs + 30_000)
    const whole = await bytesOf(
      segmentBytes(footage, await pieceOf(parts[0]?.segmentId), 0, parts[0]?.sizeBytes ?? 0, false),
    )
    for (const [, offset] of parts[0]?.keys ?? []) expect(whole.toString('latin1', offset + 4, offset + 8)).toBe('moof')
    expect(whole.toString('latin1', 4, 8)).toBe('ftyp')
    const muted = await listParts(footage, span(3000, 29_000), true, newYearMs + 3_600_000)
    expect(muted.parts[0]?.mime).not.toContain('mp4a')
  })

  test('names key frames sparsely where every picture is one', async () => {
    using every = new RecordedFootage()
    every.record(encodeClip({ codec: 'mjpeg', seconds: 2, fps: 10, startMs: newYearMs }))
    const { parts } = await listParts(new Footage(every.deps()), span(0, 2000), false, newYearMs + 5000)
    expect(parts[0]?.keys.map(([ms]) => ms - newYearMs)).toEqual([0, 400, 800, 1200, 1600])
    expect(parts[0]?.mime).toBe('video/mp4; codecs="mp4v.6C"')
  })

  test('does not call the future a gap', async () => {
    const { gaps } = await listParts(footage, span(30_000, 500_000), false, newYearMs + 40_000)
    expect(gaps).toHaveLength(1)
    expect(gaps[0]?.endMs).toBe(newYearMs + 40_000)
  })

  test('names every file a discontinuity in a playlist, and its time', async () => {
    const pieces = []
    for (const piece of await footage.list(span(0, 36_000), 100)) {
      const index = await footage.index(piece)
      if (index) pieces.push({ uri: `${piece.id}.mp4`, startMs: piece.startMs, index })
    }
    const lines = hlsPlaylist(pieces, newYearMs, newYearMs + 36_000).split('\n')
    expect(lines.filter((line) => line === '#EXT-X-DISCONTINUITY')).toHaveLength(pieces.length - 1)
    expect(lines).toContain('#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:28.000Z')
    expect(lines.at(-2)).toBe('#EXT-X-ENDLIST')
  })

  async function pieceOf(id: string | undefined) {
    const piece = await footage.find(id ?? '')
    if (!piece) throw new Error('no such segment')
    return piece
  }
})

describe.skipIf(!hasFfmpeg)('playback of footage that is not simple', () => {
  /** Four seconds; each kind is encoded once. */
  const clips = new Map<string, Packet[]>()
  const clip = (startMs: number, size = '320x180', bFrames = 0) => {
    const key = `${size} ${bFrames}`
    const encoded =
      clips.get(key) ?? encodeClip({ codec: 'h264', seconds: 4, fps: 10, size, bFrames, startMs: newYearMs })
    clips.set(key, encoded)
    return later(encoded, startMs)
  }

  test('ends where the picture changes, and the next question goes on from there', async () => {
    using recorded = new RecordedFootage()
    recorded.record(clip(0), { maxSegmentMs: 2000 })
    recorded.record(clip(4000, '640x360'), { maxSegmentMs: 2000 })
    const footage = new Footage(recorded.deps())
    const small = await planPlayback(footage, span(0, 8000), false)
    expect(small.nextMs).toBe(newYearMs + 4000)
    expect(probe(recorded.root, await bytesOf(playbackBytes(footage, small, 0, small.sizeBytes))).video).toHaveLength(
      40,
    )
    const large = await planPlayback(footage, { ...span(0, 8000), startMs: small.nextMs ?? 0 }, false)
    expect(large.startMs).toBe(newYearMs + 4000)
    expect(large.nextMs).toBeNull()
    expect(probe(recorded.root, await bytesOf(playbackBytes(footage, large, 0, large.sizeBytes))).video).toHaveLength(
      40,
    )
  })

  test('plays the segment that is being written, as far as it is', async () => {
    using recorded = new RecordedFootage()
    recorded.record(clip(0), { maxSegmentMs: 2000, leaveOpen: true })
    const footage = new Footage(recorded.deps())
    expect(recorded.open).toHaveLength(1)
    const open = recorded.open[0]
    if (!open) throw new Error('nothing open')
    const plan = await planPlayback(footage, span(0, 8000), false)
    const before = await bytesOf(playbackBytes(footage, plan, 0, plan.sizeBytes))
    // Two seconds are closed, one whole fragment of the rest is on disk.
    expect(probe(recorded.root, before).video).toHaveLength(30)
    // The head of another fragment arrives; it does not count before it is whole.
    appendFileSync(recorded.pathOf(open), Buffer.from('00001000moof'))
    const again = await planPlayback(footage, span(0, 8000), false)
    expect(again.etag).toBe(plan.etag)
    const piece = await footage.find(open.id)
    expect(piece?.isOpen).toBe(true)
  })

  test('skips footage whose file is gone, and says so as a gap', async () => {
    using recorded = new RecordedFootage()
    recorded.record([...clip(0), ...later(clip(0), 4000)], { maxSegmentMs: 2000 })
    const gone = recorded.segments[1]
    if (!gone) throw new Error('no segment')
    rmSync(recorded.pathOf(gone))
    const footage = new Footage(recorded.deps())
    const plan = await planPlayback(footage, span(0, 8000), false)
    expect(plan.gaps).toEqual([{ startMs: newYearMs + 2000, endMs: newYearMs + 4000 }])
    const { video } = probe(recorded.root, await bytesOf(playbackBytes(footage, plan, 0, plan.sizeBytes)))
    expect(video).toHaveLength(60)
    expectRising(video)
  })

  test("R18 does not follow a symbolic link in a segment's place", async () => {
    using recorded = new RecordedFootage()
    recorded.record(clip(0))
    const [segment] = recorded.segments
    if (!segment) throw new Error('no segment')
    const place = recorded.pathOf(segment)
    renameSync(place, `${place}.elsewhere`)
    symlinkSync(`${place}.elsewhere`, place)
    const footage = new Footage(recorded.deps())
    await expect(planPlayback(footage, span(0, 8000), false)).rejects.toMatchObject({ code: 'no_footage' })
  })

  test('fails in the middle rather than to send other bytes than it promised', async () => {
    using recorded = new RecordedFootage()
    recorded.record(clip(0))
    const footage = new Footage(recorded.deps())
    const plan = await planPlayback(footage, span(0, 8000), false)
    const [segment] = recorded.segments
    if (!segment) throw new Error('no segment')
    truncateSync(recorded.pathOf(segment), segment.sizeBytes / 2)
    await expect(bytesOf(playbackBytes(footage, plan, 0, plan.sizeBytes))).rejects.toThrow('its file was cut')
  })

  test.each([
    ['later', 300],
    ['earlier', -200],
  ])('keeps sound in order that arrives %s than its pictures', async (_, delayMs) => {
    using recorded = new RecordedFootage()
    const sound = later(tone, 30).flatMap((packet) =>
      packet.captureMs < newYearMs + 4000 ? { packet, atMs: packet.captureMs + delayMs } : [],
    )
    const arrived = [...clip(0).map((packet) => ({ packet, atMs: packet.captureMs })), ...sound]
    const packets = arrived.sort((a, b) => a.atMs - b.atMs).map(({ packet }) => packet)
    recorded.record([...packets.slice(-1), ...packets])
    recorded.record(later([...packets.slice(-1), ...packets], 9000, 2))
    const footage = new Footage(recorded.deps())
    const plan = await planPlayback(footage, span(1000, 13_000), false)
    const played = probe(recorded.root, await bytesOf(playbackBytes(footage, plan, 0, plan.sizeBytes)))
    expect(played.video).toHaveLength(70)
    expect(played.audio.length).toBeGreaterThan(80)
    expectRising(played.video)
    expectRising(played.audio)
    expect(played.complaints).toBe('')
  })

  test('keeps pictures with B frames in order', async () => {
    using recorded = new RecordedFootage()
    recorded.record([...clip(0, '320x180', 2), ...later(clip(0, '320x180', 2), 9000, 2)], { maxSegmentMs: 2000 })
    const footage = new Footage(recorded.deps())
    const plan = await planPlayback(footage, span(1200, 13_000), false)
    const { video, complaints } = probe(recorded.root, await bytesOf(playbackBytes(footage, plan, 0, plan.sizeBytes)))
    expect(complaints).toBe('')
    expectRising(video)
    expect(plan.startMs).toBe(newYearMs + 1000)
  })
})
