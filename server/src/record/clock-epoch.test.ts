import { expect, test } from 'vitest'
import { clockEpochToBegin } from './clock-epoch.ts'

const nowMs = Date.UTC(2026, 5, 1, 12)
const hourMs = 3_600_000

test('a clock that was set back while nothing recorded begins a new epoch', () => {
  const newest = [null, { endMs: nowMs - hourMs, clockEpoch: 3 }, { endMs: nowMs + hourMs, clockEpoch: 3 }]
  expect(clockEpochToBegin(3, newest, nowMs)).toBe(4)
})

test('footage up to now, a little beyond it, or of an earlier epoch begins none', () => {
  expect(clockEpochToBegin(0, [], nowMs)).toBe(0)
  expect(clockEpochToBegin(3, [{ endMs: nowMs + 1900, clockEpoch: 3 }], nowMs)).toBe(3)
  expect(clockEpochToBegin(3, [{ endMs: nowMs + hourMs, clockEpoch: 2 }], nowMs)).toBe(3)
})
