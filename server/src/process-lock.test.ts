/** Locks whatever lies in their place. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { requireNobody } from './cli/open-footage.ts'
import { toConfig } from './config.ts'
import { findHolder, takeLock, writeLock } from './process-lock.ts'
import { readStartTicks } from './system/process-memory.ts'

/** Machines that start the same services in the same order give the same ids at the same ticks. */
const lockOfEarlierBoot = JSON.stringify({
  pid: process.ppid,
  startTicks: await readStartTicks(process.ppid),
  bootId: '00000000-0000-4000-8000-000000000000',
})
let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vedette-lock-'))
  path = join(folder, 'recorder.lock')
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('R31 a lock', () => {
  const rubbish: readonly [string, string | Buffer][] = [
    ['nothing', ''],
    ['zeros, as a power failure leaves them', Buffer.alloc(60)],
    ['half a lock', '{"pid":123,"startT'],
    ['somebody else’s JSON', '[1,2]'],
    ['init', '{"pid":1,"startTicks":"0"}'],
    ['a process that is gone', '{"pid":4194303,"startTicks":"17"}'],
    ['a process that took over the id', `{"pid":${process.pid},"startTicks":"17"}`],
    ['the same id and start time before a reboot', lockOfEarlierBoot],
    ['megabytes', 'x'.repeat(2_000_000)],
  ]
  test.each(rubbish)('that holds %s is nobody’s', async (_, text) => {
    writeFileSync(path, text)
    expect(await findHolder(path)).toBeUndefined()
    await requireNobody(toConfig({ VEDETTE_DATA: folder }, '/'))
    expect(await takeLock(path, true)).toBeUndefined()
    expect((await findHolder(path))?.pid).toBe(process.pid)
  })

  test('that is a link is replaced, and what it leads to stays', async () => {
    const target = join(folder, 'precious')
    writeFileSync(target, 'precious')
    symlinkSync(target, path)
    await writeLock(path)
    expect(readFileSync(target, 'utf8')).toBe('precious')
    expect((await findHolder(path))?.pid).toBe(process.pid)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder).sort()).toEqual(['precious', 'recorder.lock'])
  })

  test('of a living process is told, and left alone', async () => {
    const other = spawn('sleep', ['60'])
    try {
      const pid = other.pid ?? 0
      const text = JSON.stringify({ pid, startTicks: await readStartTicks(pid) })
      writeFileSync(path, text)
      expect((await takeLock(path, true))?.pid).toBe(pid)
      await expect(requireNobody(toConfig({ VEDETTE_DATA: folder }, '/'))).rejects.toMatchObject({ code: 'conflict' })
      expect(readFileSync(path, 'utf8')).toBe(text)
    } finally {
      other.kill()
    }
  })
})
