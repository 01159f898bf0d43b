import { fragmentHead } from '@vedette/shared/fmp4.ts'
import { box, join, zeros } from '@vedette/shared/mp4-box.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FragmentTimes } from './fragment-times.ts'

const sample = (offsetTicks = 0) => ({ sizeBytes: 100, durationTicks: 3600, isKey: false, offsetTicks })

/** Video of 25 pictures a second, `frames` of them, with sound beside it. */
function fragment(startS: number, offsets: number[]) {
  const video = { trackId: 1, decodeTicks: startS * 90_000, samples: offsets.map(sample) }
  const audio = { trackId: 2, decodeTicks: 7, samples: [sample()] }
  return join([fragmentHead(1, [video, audio]), zeros(100 * (offsets.length + 1))])
}

test('tells when each picture is shown', () => {
  expect(new FragmentTimes().push(fragment(10, [0, 0, 0]))).toEqual([10, 10.04, 10.08])
})

test('orders pictures as they are shown, not as they are decoded', () => {
  const [first, second, third] = new FragmentTimes().push(fragment(0, [0, 3600, -3600]))
  expect([first, second, third]).toEqual([0, 0.04, 0.08])
})

test('skips boxes that are not about pictures', () => {
  const bytes = join([box('uuid', zeros(300)), fragment(1, [0]), box('uuid', zeros(240))])
  expect(new FragmentTimes().push(bytes)).toEqual([1])
})

test('finds the same times however the bytes are cut', () => {
  const bytes = join([fragment(0, [0, 0]), fragment(0.08, [0, 0]), box('uuid', zeros(30)), fragment(0.16, [0])])
  const whole = new FragmentTimes().push(bytes)
  expect(whole).toHaveLength(5)
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 12 }), (cuts) => {
      const reader = new FragmentTimes()
      const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length]
      expect(edges.slice(1).flatMap((edge, i) => reader.push(bytes.subarray(edges[i] ?? 0, edge)))).toEqual(whole)
    }),
  )
})

test('refuses bytes that are no boxes', () => {
  expect(() => new FragmentTimes().push(zeros(64))).toThrow('not the bytes of a recording')
})
