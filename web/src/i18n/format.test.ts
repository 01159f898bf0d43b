import { beforeAll, expect, test, vi } from 'vitest'
import { formatAgo, formatBitrate, formatBytes, formatLength, formatPercent } from './format.ts'

beforeAll(() => {
  vi.stubGlobal('navigator', { languages: ['en-GB'] })
})

test('sizes have three figures and a unit', () => {
  expect(formatBytes(0)).toBe('0 byte')
  expect(formatBytes(1_234_567_890)).toBe('1.23 GB')
  expect(formatBytes(999_999_999_999)).toBe('1,000 GB')
  expect(formatBytes(2e15)).toBe('2 PB')
})

test('coverage is never rounded up to all of it', () => {
  expect(formatPercent(0.99999)).toBe('99.9%')
  expect(formatPercent(1)).toBe('100%')
})

test('bitrates change their unit at a thousand', () => {
  expect(formatBitrate(396)).toBe('396 kbit/s')
  expect(formatBitrate(4120)).toBe('4.1 Mbit/s')
})

test('times near by are told relative, in their greatest unit', () => {
  const nowMs = 1_000_000_000_000
  expect(formatAgo(nowMs - 200_000, nowMs)).toBe('3 min ago')
  expect(formatAgo(nowMs + 21_900, nowMs)).toBe('in 21 sec')
  expect(formatAgo(nowMs - 100, nowMs)).toBe('now')
  expect(formatLength(3 * 86_400_000 + 5)).toBe('3 days')
})
