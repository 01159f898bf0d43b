import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CameraLoad, capacityBytes, daysUntilFull, forecastDays } from './forecast.ts'

const space = { totalBytes: 1000, freeBytes: 600, footageBytes: 300, quotaBytes: null, reserveShare: 0.05 }
const load = (cameraId: string, bytesPerDay: number, keepDays: number | null = null): CameraLoad => ({
  cameraId,
  bytesPerDay,
  keepDays,
})

test('footage may take what other files and the reserve leave, or the quota', () => {
  expect(capacityBytes(space)).toBe(850)
  expect(capacityBytes({ ...space, quotaBytes: 400 })).toBe(400)
  expect(capacityBytes({ ...space, quotaBytes: 10_000 })).toBe(850)
})

test('cameras without a rule of days reach back equally far', () => {
  expect(forecastDays(600, [load('a', 10), load('b', 20)])).toEqual(
    new Map([
      ['a', 20],
      ['b', 20],
    ]),
  )
})

test('what a camera with few days does not use goes to the others', () => {
  expect(forecastDays(600, [load('a', 10, 6), load('b', 20)])).toEqual(
    new Map([
      ['a', 6],
      ['b', 27],
    ]),
  )
})

test('a camera that records nothing has no forecast', () => {
  expect(forecastDays(600, [load('a', 0)])).toEqual(new Map([['a', null]]))
})

test('a volume that its rules never fill has no day when it is full', () => {
  expect(daysUntilFull(space, [load('a', 10, 30)])).toBeNull()
  expect(daysUntilFull(space, [load('a', 10, 100)])).toBe(55)
  expect(daysUntilFull({ ...space, footageBytes: 900, freeBytes: 0 }, [load('a', 10)])).toBe(0)
})

test('the forecast footage fills the capacity exactly, or every camera keeps all its days', () => {
  const camera = fc.record({
    bytesPerDay: fc.integer({ min: 1, max: 100 }),
    keepDays: fc.option(fc.integer({ min: 1, max: 50 })),
  })
  fc.assert(
    fc.property(fc.nat(10_000), fc.array(camera, { minLength: 1, maxLength: 6 }), (capacity, given) => {
      const cameras = given.map((one, i) => ({ cameraId: String(i), ...one }))
      const days = forecastDays(capacity, cameras)
      const used = cameras.reduce((sum, one) => sum + one.bytesPerDay * (days.get(one.cameraId) ?? 0), 0)
      const isAllKept = cameras.every((one) => one.keepDays !== null && days.get(one.cameraId) === one.keepDays)
      if (isAllKept) expect(used).toBeLessThanOrEqual(capacity)
      else expect(used).toBeCloseTo(capacity, 4)
    }),
  )
})
