import { expect, test } from 'vitest'
import { deletedAtOnce, divideSpace } from './space.ts'

const volume = { totalBytes: 1000, freeBytes: 300, footageBytes: 600, quotaBytes: null, reserveShare: 0.05 }

test('divides a disk into footage, other files, free space and reserve', () => {
  expect(divideSpace(volume)).toEqual({
    footageBytes: 600,
    otherBytes: 100,
    freeBytes: 300,
    reserveBytes: 50,
    limitBytes: 850,
  })
})

test('the reserve is not more than what is free', () => {
  expect(divideSpace({ ...volume, freeBytes: 20, reserveShare: 0.5 }).reserveBytes).toBe(20)
})

test('the tighter of quota and reserve is the limit', () => {
  expect(divideSpace({ ...volume, quotaBytes: 700 }).limitBytes).toBe(700)
  expect(divideSpace({ ...volume, quotaBytes: 5000 }).limitBytes).toBe(850)
})

test('tells how much footage tighter rules delete at once', () => {
  expect(deletedAtOnce(volume, { quotaBytes: 450, reserveShare: 0.05 })).toBe(150)
  expect(deletedAtOnce(volume, { quotaBytes: null, reserveShare: 0.5 })).toBe(200)
  expect(deletedAtOnce(volume, { quotaBytes: null, reserveShare: 0.05 })).toBe(0)
})
