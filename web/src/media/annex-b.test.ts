import { expect, test } from 'vitest'
import { readAccessUnit, splitAnnexB } from './annex-b.ts'

const annexB = (...units: number[][]) => Uint8Array.from(units.flatMap((unit) => [0, 0, 0, 1, ...unit]))

test('splits at start codes of three and four bytes', () => {
  const bytes = Uint8Array.from([0, 0, 0, 1, 0x67, 1, 1, 0, 0, 1, 0x68, 2, 0, 0, 0, 1, 0x65, 9])
  expect(splitAnnexB(bytes).map((unit) => [...unit])).toEqual([
    [0x67, 1, 1],
    [0x68, 2],
    [0x65, 9],
  ])
})

test('finds nothing in bytes without a start code', () => {
  expect(splitAnnexB(Uint8Array.from([1, 2, 3, 4]))).toEqual([])
  expect(splitAnnexB(new Uint8Array())).toEqual([])
})

test('keeps parameter sets apart and puts lengths before the rest', () => {
  const unit = readAccessUnit(annexB([9, 0x10], [0x67, 5], [0x68, 6], [0x65, 7, 8]), 'h264')
  expect(unit.parameterSets.map((set) => [...set])).toEqual([
    [0x67, 5],
    [0x68, 6],
  ])
  expect([...unit.sample]).toEqual([0, 0, 0, 3, 0x65, 7, 8])
})

test('knows H.265 by its own numbers', () => {
  const unit = readAccessUnit(annexB([32 << 1, 1], [33 << 1, 1], [34 << 1, 1], [19 << 1, 1, 2]), 'hevc')
  expect(unit.parameterSets).toHaveLength(3)
  expect([...unit.sample]).toEqual([0, 0, 0, 3, 38, 1, 2])
})
