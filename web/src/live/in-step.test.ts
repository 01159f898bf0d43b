import { expect, test } from 'vitest'
import { InStep } from './in-step.ts'

test('what comes before its picture waits for it', () => {
  const boxes = new InStep<string>()
  boxes.shown(1000)
  expect(boxes.add(1200, 'a')).toBeUndefined()
  expect(boxes.add(1400, 'b')).toBeUndefined()
  expect(boxes.shown(1100)).toBeUndefined()
  expect(boxes.shown(1240)).toBe('a')
  expect(boxes.shown(1280)).toBeUndefined()
  expect(boxes.shown(1480)).toBe('b')
})

test('of several pictures at once the nearest before the one that is shown counts', () => {
  const boxes = new InStep<string>()
  for (const ms of [100, 300, 200, 500]) boxes.add(ms, String(ms))
  expect(boxes.shown(400)).toBe('300')
  expect(boxes.shown(600)).toBe('500')
})

test('what comes after its picture is shown at once, but not when the picture is long gone', () => {
  const boxes = new InStep<string>()
  boxes.shown(5000)
  expect(boxes.add(4800, 'late')).toBe('late')
  expect(boxes.add(3900, 'long gone')).toBeUndefined()
})

test('without pictures it holds no more than its bound', () => {
  const boxes = new InStep<number>()
  for (let ms = 0; ms < 1000; ms++) boxes.add(10_000 + ms, ms)
  expect(boxes.shown(10_950)).toBeUndefined()
  expect(boxes.shown(10_960)).toBe(960)
})
