import { fragmentHead } from '@vedette/shared/fmp4.ts'
import { join, zeros } from '@vedette/shared/mp4-box.ts'
import type { PlaybackPart, PlaybackParts } from '@vedette/shared/playback.ts'
import { expect, onTestFinished, test, vi } from 'vitest'
import { FootageFeed } from './footage-feed.ts'

const initBytes = 64
const originMs = -1_000_000

/** A segment with a picture every 500 ms and a key frame every second. */
function segment(id: string, startMs: number, seconds: number, codec = 'avc1.640028') {
  const parts: Uint8Array[] = [zeros(initBytes)]
  const keys: [number, number][] = []
  let at = initBytes
  for (let s = 0; s < seconds; s++) {
    keys.push([startMs + s * 1000, at])
    const sample = { sizeBytes: 50, durationTicks: 45_000, isKey: true, offsetTicks: 0 }
    const track = { trackId: 1, decodeTicks: s * 90_000, samples: [sample, sample] }
    parts.push(join([fragmentHead(1, [track]), zeros(100)]))
    at += parts.at(-1)?.length ?? 0
  }
  const mime = `video/mp4; codecs="${codec}"`
  const size = { width: 640, height: 360, initBytes, sizeBytes: at }
  const part: PlaybackPart = { segmentId: id, startMs, endMs: startMs + seconds * 1000, mime, ...size, keys }
  return { part, bytes: join(parts) }
}

/** Footage on a server, fed from `atMs` on into a buffer that writes down what it is given. */
function start(atMs: number, ...segments: ReturnType<typeof segment>[]) {
  const disk = [...segments]
  const log: string[] = []
  const firsts: string[] = []
  const asked: string[] = []
  const end = new AbortController()
  const feed = new FootageFeed({
    originMs,
    nowMs: () => 5_000,
    source: {
      async parts({ startMs, endMs }): Promise<PlaybackParts> {
        const parts = disk.map((s) => s.part).filter((p) => p.endMs > startMs && p.startMs < endMs)
        const nextMs = disk.find((s) => s.part.startMs >= endMs)?.part.startMs ?? null
        return { parts, gaps: [], nextMs }
      },
      async bytes({ segmentId, mime }, first, last) {
        asked.push(mime)
        const all = disk.find((s) => s.part.segmentId === segmentId)?.bytes ?? new Uint8Array()
        return new Uint8Array(all.subarray(first, last))
      },
    },
    sink: {
      begin: async (mime, offsetS) =>
        void log.push(`${/"(\w+)/.exec(mime)?.[1]} at ${Math.round(offsetS * 1000) + originMs}`),
      append: async (bytes) => void log.push(bytes.length === initBytes ? 'init' : 'media'),
      room: async (signal) => signal.throwIfAborted(),
    },
  })
  const ended = feed.run(atMs, end.signal, (place) => firsts.push(place)).catch(() => {})
  onTestFinished(async () => {
    end.abort()
    await ended
  })
  const timesMs = () => feed.frameTimes.map((s) => Math.round(s * 1000 + originMs))
  return { disk, log, firsts, asked, feed, timesMs }
}

test('begins at the key frame before, places it on the clock, and goes on to the end', async () => {
  const { log, firsts, timesMs } = start(3_600, segment('a', 0, 5))
  await vi.waitFor(() => expect(timesMs()).toEqual([3000, 3500, 4000, 4500]))
  expect(log.slice(0, 3)).toEqual(['avc1 at 0', 'init', 'media'])
  expect(firsts[0]).toBe('footage')
})

test('goes on into the next segment, also when its codec is another', async () => {
  const { log, feed, timesMs } = start(0, segment('a', 0, 3), segment('b', 3_010, 2, 'hvc1.1.6.L120.90'))
  await vi.waitFor(() => expect(timesMs().at(-1)).toBe(4_510))
  expect(log.filter((line) => line !== 'media')).toEqual(['avc1 at 0', 'init', 'hvc1 at 3010', 'init'])
  expect(feed.gaps.filter((gap) => gap.untilMs !== null)).toEqual([])
})

test('tells a gap and brings what is behind it', async () => {
  const { feed, timesMs } = start(1_000, segment('a', 0, 3), segment('b', 600_000, 2))
  await vi.waitFor(() => expect(timesMs().at(-1)).toBe(601_500))
  expect(feed.gaps).toContainEqual({ fromMs: 3_000, untilMs: 600_000 })
})

test('asked for an instant inside a gap, says so at once and waits behind it', async () => {
  const { feed, firsts, timesMs } = start(50_000, segment('a', 0, 3), segment('b', 600_000, 2))
  await vi.waitFor(() => expect(timesMs()).toContain(600_000))
  expect(firsts[0]).toBe('gap')
  expect(feed.gaps).toContainEqual({ fromMs: 50_000, untilMs: 600_000 })
})

test('follows a segment while it is being written', async () => {
  const { disk, feed, timesMs } = start(0, segment('a', 0, 3))
  await vi.waitFor(() => expect(feed.gaps).toEqual([{ fromMs: 3_000, untilMs: null }]))
  disk[0] = segment('a', 0, 6)
  await vi.waitFor(() => expect(timesMs().at(-1)).toBe(5_500), 8_000)
})

test('a segment that gets sound while it is being written is gone on with as it was begun', async () => {
  const { disk, feed, asked, timesMs } = start(0, segment('a', 0, 3))
  await vi.waitFor(() => expect(feed.gaps).toEqual([{ fromMs: 3_000, untilMs: null }]))
  disk[0] = segment('a', 0, 6, 'avc1.640028, flac')
  await vi.waitFor(() => expect(timesMs().at(-1)).toBe(5_500), 8_000)
  expect(new Set(asked)).toEqual(new Set(['video/mp4; codecs="avc1.640028"']))
})

test('a frame that was thrown out of the buffer is not counted any more', async () => {
  const { feed, timesMs } = start(0, segment('a', 0, 3))
  await vi.waitFor(() => expect(timesMs().at(-1)).toBe(2_500))
  feed.forget(0, (1_500 - originMs) / 1000)
  expect(timesMs()).toEqual([1_500, 2_000, 2_500])
})
