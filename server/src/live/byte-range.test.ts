import { describe, expect, test } from 'vitest'
import { answerRange, parseRange } from './byte-range.ts'

describe('Range', () => {
  test.each([
    [undefined, { kind: 'all' }],
    ['bytes=0-', { kind: 'part', first: 0, last: 99 }],
    ['bytes=10-19', { kind: 'part', first: 10, last: 19 }],
    ['bytes=90-1000', { kind: 'part', first: 90, last: 99 }],
    ['bytes=-10', { kind: 'part', first: 90, last: 99 }],
    ['bytes=-1000', { kind: 'part', first: 0, last: 99 }],
    ['bytes=100-', { kind: 'unsatisfiable' }],
    ['bytes=100-200', { kind: 'unsatisfiable' }],
    ['bytes=-0', { kind: 'unsatisfiable' }],
    ['bytes=20-10', { kind: 'all' }],
    ['bytes=0-1,5-6', { kind: 'all' }],
    ['bytes=-', { kind: 'all' }],
    ['items=0-1', { kind: 'all' }],
    ['bytes=99999999999999999999-', { kind: 'all' }],
    ['bytes=1e3-', { kind: 'all' }],
  ])('%s of 100 bytes', (header, expected) => {
    expect(parseRange(header, 100)).toEqual(expected)
  })

  test('counts for GET only, and only while the file is the same', () => {
    const file = { sizeBytes: 100, etag: '"a"' }
    const ask = (method: string, headers: Record<string, string>) => answerRange({ method, headers }, file).status
    expect(ask('GET', { range: 'bytes=0-9' })).toBe(206)
    expect(ask('HEAD', { range: 'bytes=0-9' })).toBe(200)
    expect(ask('GET', { range: 'bytes=0-9', 'if-range': '"a"' })).toBe(206)
    expect(ask('GET', { range: 'bytes=0-9', 'if-range': '"b"' })).toBe(200)
    expect(answerRange({ method: 'GET', headers: { range: 'bytes=100-' } }, file)).toMatchObject({
      status: 416,
      headers: { 'content-range': 'bytes */100' },
    })
  })
})
