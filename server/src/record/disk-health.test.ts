import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { VolumeState } from '@vedette/shared/storage.ts'
import { afterEach, describe, expect, test } from 'vitest'
import { runId, temporaryVolume, volumeId } from '../../../test/support/recording.ts'
import { AppError } from '../lib/app-error.ts'
import { ManualClock } from '../lib/clock.ts'
import { classifyDiskError, markerId, RecordingVolume } from './disk-health.ts'
import { Gate } from './gate.ts'

const undo: (() => void)[] = []
afterEach(() => {
  for (const step of undo.splice(0)) step()
})

function volume() {
  const clock = new ManualClock()
  const { path, remove } = temporaryVolume(clock)
  const states: VolumeState[] = []
  const onChange = (state: VolumeState) => void states.push(state)
  const disk = new RecordingVolume({ id: volumeId, path, clock, onChange })
  const stop = new AbortController()
  undo.push(remove, () => stop.abort())
  /** Seconds of watching. */
  const watch = async (seconds: number) => {
    for (let i = 0; i < seconds; i++) {
      clock.advance(1000)
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }
  void disk.watch(stop.signal)
  return { disk, clock, path, states, watch }
}
const failure = (code: string) => Object.assign(new Error(code), { code })

test.each([
  ['ENOSPC', 'full'],
  ['EDQUOT', 'full'],
  ['EROFS', 'read_only'],
  ['EACCES', 'read_only'],
  ['ENOENT', 'missing'],
  ['ESTALE', 'missing'],
  ['EIO', 'failed'],
  ['EMFILE', 'failed'],
] as const)('%s means that the volume is %s', (code, state) => {
  expect(classifyDiskError(failure(code))).toBe(state)
})

test('a short write means full, anything unknown failed', () => {
  expect(classifyDiskError(new AppError('disk_full', 'full'))).toBe('full')
  expect(classifyDiskError('what?')).toBe('failed')
})

describe('a volume', () => {
  test('that failed is tried again every 5 s and comes back by itself', async () => {
    const { disk, states, watch, path } = volume()
    disk.failed(failure('EIO'))
    expect([disk.isUsable, disk.problem]).toEqual([false, expect.stringContaining('errors')])
    await watch(4)
    expect(disk.state).toBe('failed')
    await watch(3)
    await expect.poll(() => disk.state).toBe('ok')
    expect(disk.problem).toBeNull()
    expect(states).toEqual(['failed', 'ok'])
    expect(readdirSync(path)).toEqual(['.vedette-volume']) // The trial file is gone.
  })

  test('whose marker goes is noticed within 10 s, and again when it is back', async () => {
    const { disk, watch, path } = volume()
    rmSync(join(path, '.vedette-volume'))
    await watch(7)
    await expect.poll(() => disk.state).toBe('missing')
    writeFileSync(join(path, '.vedette-volume'), JSON.stringify({ id: runId }))
    await watch(7)
    await expect.poll(() => disk.state).toBe('swapped')
    writeFileSync(join(path, '.vedette-volume'), JSON.stringify({ id: volumeId }))
    await watch(7)
    await expect.poll(() => disk.state).toBe('ok')
  })

  test('is slow while a write takes more than two seconds, and still usable', async () => {
    const { disk, watch, clock } = volume()
    const write = Promise.withResolvers<void>()
    const writing = disk.write(() => write.promise)
    await watch(3)
    expect([disk.state, disk.isUsable]).toEqual(['slow', true])
    write.resolve()
    await writing
    await disk.write(async () => clock.advance(10))
    expect(disk.state).toBe('ok')
  })

  test('that does not answer for 30 s has failed', async () => {
    const { disk, watch } = volume()
    void disk.write(() => new Promise(() => {}))
    await watch(32)
    expect(disk.state).toBe('failed')
  })
})

test('a marker is JSON with an id', () => {
  expect(markerId(`{"id":"${volumeId}","name":"disk"}`)).toBe(volumeId)
  for (const text of ['', '{}', '{"id":7}', volumeId, '{"id":"../../x"}', 'null'])
    expect(markerId(text)).toBeUndefined()
})

test('one hung operation takes one place, the others go on in order', async () => {
  const gate = new Gate(2)
  const done: number[] = []
  const hung = Promise.withResolvers<void>()
  const first = gate.run(() => hung.promise)
  await Promise.all([1, 2, 3].map((n) => gate.run(async () => void done.push(n))))
  expect(done).toEqual([1, 2, 3])
  await expect(gate.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  hung.resolve()
  await first
})
