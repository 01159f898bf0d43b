import { expect, test } from 'vitest'
import { planFrame } from './plan-frame.ts'

test('waits for a key frame before it decodes', () => {
  expect(planFrame({ isKey: false, waitingFrames: 0, needsKey: true })).toBe('drop')
  expect(planFrame({ isKey: true, waitingFrames: 0, needsKey: true })).toBe('decode')
})

test('decodes the burst that opens a stream although many frames wait', () => {
  expect(planFrame({ isKey: false, waitingFrames: 100, needsKey: false })).toBe('decode')
})

test('throws away what waits when a key frame comes and it is late', () => {
  expect(planFrame({ isKey: true, waitingFrames: 9, needsKey: false })).toBe('restart')
  expect(planFrame({ isKey: true, waitingFrames: 2, needsKey: false })).toBe('decode')
})

test('holds no more than a bounded number of frames', () => {
  expect(planFrame({ isKey: false, waitingFrames: 300, needsKey: false })).toBe('drop')
})
