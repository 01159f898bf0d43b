import type { TimelineAnswer } from '@vedette/shared/timeline.ts'
import { expect, test } from 'vitest'
import { chooseLevel, coverTiles, type TileSpan, TimelineCache } from './timeline-cache.ts'
import type { View } from './timeline-layout.ts'

const nowMs = Date.UTC(2026, 10, 18, 12)
const view = (spanMs: number, toMs = nowMs - 10 * 86_400_000): View => ({ fromMs: toMs - spanMs, toMs, widthPx: 1000 })

/** A server that answers when the test says so. */
function server() {
  const asked: { span: TileSpan; signal: AbortSignal; answer: () => void; fail: () => void }[] = []
  let time = nowMs
  const cache = new TimelineCache({
    fetch: (span, _cameras, signal) =>
      new Promise<TimelineAnswer>((resolve, reject) => {
        const answer = { fromMs: span.fromMs, toMs: span.toMs, nowMs: time, bucketMs: 1, lanes: [] }
        asked.push({ span, signal, answer: () => resolve(answer), fail: () => reject(new Error('down')) })
      }),
    onChange: () => {},
    nowMs: () => time,
  })
  const settle = async () => {
    for (const one of asked.splice(0)) one.answer()
    await Promise.resolve()
    await Promise.resolve()
  }
  const pass = (ms: number) => {
    time += ms
  }
  return { asked, cache, settle, pass }
}

test('takes the zoom whose buckets are one to two pixels wide', () => {
  for (const spanMs of [10_000, 3_600_000, 86_400_000, 30 * 86_400_000]) {
    const bucketPx = (1000 * 2 ** chooseLevel(view(spanMs))) / 1024 / (spanMs / 1000)
    expect(bucketPx).toBeGreaterThanOrEqual(1)
    expect(bucketPx).toBeLessThanOrEqual(2)
  }
})

test('tiles cover a span without holes', () => {
  const tiles = coverTiles(5_000, 40_000, 4)
  expect(tiles.map((tile) => [tile.fromMs, tile.toMs])).toEqual([
    [0, 16_000],
    [16_000, 32_000],
    [32_000, 48_000],
  ])
})

test('asks for each tile once, also when panning back', async () => {
  const { asked, cache, settle } = server()
  cache.want(view(3_600_000), ['a'])
  const first = asked.length
  expect(first).toBeGreaterThanOrEqual(2)
  await settle()
  cache.want(view(3_600_000), ['a'])
  expect(asked).toEqual([])
  expect(cache.read(view(3_600_000)).length).toBeGreaterThanOrEqual(1)
})

test('draws what it knows from a coarser zoom while the finer tile is on its way', async () => {
  const { cache, settle } = server()
  cache.want(view(86_400_000), ['a'])
  await settle()
  const near = view(3_600_000)
  cache.want(near, ['a'])
  const drawn = cache.read(near)
  expect(drawn.length).toBeGreaterThanOrEqual(1)
  expect(drawn[0]?.answer.toMs).toBeGreaterThan(drawn[0]?.toMs ?? 0)
})

test('draws finer tiles without overlaps while the coarser one is on its way', async () => {
  const { cache, settle } = server()
  cache.want(view(3_600_000), ['a'])
  await settle()
  const drawn = cache.read(view(7_200_000))
  expect(drawn.length).toBeGreaterThanOrEqual(1)
  for (const [i, tile] of drawn.entries()) expect(tile.fromMs).toBeGreaterThanOrEqual(drawn[i - 1]?.toMs ?? 0)
})

test('looks only a few zooms down, however much is on screen', () => {
  const { cache } = server()
  const startedMs = performance.now()
  expect(cache.read({ fromMs: 0, toMs: nowMs, widthPx: 0 })).toEqual([])
  expect(performance.now() - startedMs).toBeLessThan(200)
})

test('gives up requests that moved out of sight', () => {
  const { asked, cache } = server()
  cache.want(view(3_600_000), ['a'])
  const signals = asked.map((one) => one.signal)
  cache.want(view(3_600_000, nowMs - 50 * 86_400_000), ['a'])
  expect(signals.every((signal) => signal.aborted)).toBe(true)
})

test('asks again for the present, not for the past', async () => {
  const { asked, cache, settle, pass } = server()
  const present = view(3_600_000, nowMs + 60_000)
  cache.want(present, ['a'])
  await settle()
  pass(6_000)
  cache.want(present, ['a'])
  expect(asked.length).toBeGreaterThanOrEqual(1)
  expect(asked.every((one) => one.span.toMs > nowMs - 60_000)).toBe(true)
})

test('keeps what it has when the server is away, says so, and tries again later', async () => {
  const { asked, cache, settle, pass } = server()
  const present = view(3_600_000, nowMs)
  cache.want(present, ['a'])
  await settle()
  cache.markStale(nowMs - 1000, nowMs)
  cache.want(present, ['a'])
  for (const one of asked.splice(0)) one.fail()
  await Promise.resolve()
  await Promise.resolve()
  expect(cache.error).toBeInstanceOf(Error)
  expect(cache.read(present).length).toBeGreaterThanOrEqual(1)
  cache.want(present, ['a'])
  expect(asked).toEqual([])
  pass(3_500)
  cache.want(present, ['a'])
  await settle()
  expect(cache.error).toBeUndefined()
})

test('other cameras are other facts', async () => {
  const { asked, cache, settle } = server()
  cache.want(view(3_600_000), ['a'])
  await settle()
  cache.want(view(3_600_000), ['a', 'b'])
  expect(cache.read(view(3_600_000))).toEqual([])
  expect(asked.length).toBeGreaterThanOrEqual(1)
})
