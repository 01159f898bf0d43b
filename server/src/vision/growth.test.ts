import { expect, test } from 'vitest'
import { Growth } from './growth.ts'

/** A process whose memory the test sets. */
function grown(limit: number) {
  const memory = {
    bytes: 100,
    grow: (bytes: number) => {
      memory.bytes += bytes
    },
  }
  return { memory, growth: new Growth(limit, () => memory.bytes) }
}

test('R16 names the camera whose pictures made vision grow, not the one that was decoded last', () => {
  const { memory, growth } = grown(1000)
  const isTooLarge = (index: number, bytes: number) => growth.measure(index, () => memory.grow(bytes))
  expect(isTooLarge(1, 20)).toBe(false)
  expect(isTooLarge(2, 870)).toBe(false)
  expect(isTooLarge(3, 30)).toBe(true)
  expect(growth.culprit()).toBe(2)
})

test('R16 names nobody where growth came from many, or from none of them', () => {
  const { memory, growth } = grown(1000)
  for (const index of [1, 2, 3]) growth.measure(index, () => memory.grow(100))
  expect(growth.culprit()).toBe(undefined)
  const other = grown(1000)
  other.memory.bytes = 2000
  expect(other.growth.measure(1, () => {})).toBe(true)
  expect(other.growth.culprit()).toBe(undefined)
})

test('what comes and goes is no growth, and a camera that is let go is forgotten', () => {
  const { memory, growth } = grown(1000)
  for (let i = 0; i < 50; i++) {
    growth.measure(1, () => memory.grow(300))
    growth.measure(1, () => memory.grow(-300))
  }
  growth.measure(2, () => memory.grow(50))
  expect(growth.culprit()).toBe(2)
  growth.forget(2)
  expect(growth.culprit()).toBe(undefined)
})

test('reads this process’s memory as the system counts it', () => {
  const growth = new Growth(Number.POSITIVE_INFINITY)
  const kept: Buffer[] = []
  growth.measure(7, () => void kept.push(Buffer.alloc(64 * 1024 * 1024, 1)))
  expect(growth.culprit()).toBe(7)
  expect(kept).toHaveLength(1)
})
