import { expect, test } from 'vitest'
import { LatencyWindow } from './latency.ts'

test('tells median and 95th percentile', () => {
  const window = new LatencyWindow()
  for (let i = 1; i <= 100; i++) window.add(i, i)
  expect(window.read(200)).toEqual({ p50Ms: 50, p95Ms: 95 })
})

test('forgets what is older than ten seconds', () => {
  const window = new LatencyWindow()
  window.add(0, 900)
  window.add(9000, 80)
  expect(window.read(10_500)).toEqual({ p50Ms: 80, p95Ms: 80 })
  expect(window.read(30_000)).toBeUndefined()
})
