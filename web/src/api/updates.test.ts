import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { followUpdates, onUpdate } from './updates.ts'

/** The browser's EventSource as far as it is used, opened and broken by hand. */
class FakeSource {
  static all: FakeSource[] = []
  onopen = () => {}
  onerror = () => {}
  onmessage = (_: { data: string }) => {}
  closed = false
  constructor() {
    FakeSource.all.push(this)
  }
  close() {
    this.closed = true
  }
}
const last = () => FakeSource.all.at(-1) ?? expect.fail('nothing was opened')
let end: AbortController

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('EventSource', FakeSource)
  FakeSource.all = []
  end = new AbortController()
})
afterEach(() => {
  end.abort()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('tells facts and overlooks what it does not understand', () => {
  const heard: unknown[] = []
  const stop = onUpdate((update) => heard.push(update))
  followUpdates(end.signal, () => {})
  last().onopen()
  last().onmessage({ data: '{"kind":"cameras_changed"}' })
  last().onmessage({ data: '{"kind":"from the future"}' })
  last().onmessage({ data: '{"kind":' })
  stop()
  expect(heard).toEqual([{ kind: 'cameras_changed' }])
})

test('comes back after an outage, ever more slowly, and says so once', () => {
  const heard: string[] = []
  let failures = 0
  const stop = onUpdate((update) => heard.push(update.kind))
  followUpdates(end.signal, () => {
    failures += 1
  })
  last().onopen()
  for (const waitMs of [1000, 2000, 5000, 10_000, 10_000]) {
    const before = FakeSource.all.length
    last().onerror()
    vi.advanceTimersByTime(waitMs - 1)
    expect(FakeSource.all).toHaveLength(before)
    vi.advanceTimersByTime(1)
    expect(FakeSource.all).toHaveLength(before + 1)
  }
  expect(heard).toEqual([])
  last().onopen()
  stop()
  expect(heard).toEqual(['reconnected'])
  expect(failures).toBe(5)
})

test('ends when it is told to', () => {
  followUpdates(end.signal, () => {})
  last().onerror()
  end.abort()
  vi.advanceTimersByTime(60_000)
  expect(FakeSource.all).toHaveLength(1)
  expect(last().closed).toBe(true)
})
