import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterEach, expect, test, vi } from 'vitest'
import { readStartTicks } from './process-memory.ts'

let parent: ChildProcess | undefined
afterEach(() => parent?.kill('SIGKILL'))

test('a process that ended and was not collected by its parent counts as gone', async () => {
  // The shell becomes a program that never asks after the child it has inherited.
  parent = spawn('sh', ['-c', 'sleep 30 & echo $!; exec sleep 30'])
  const pid = await new Promise<number>((resolve) => parent?.stdout?.once('data', (line) => resolve(Number(line))))
  await vi.waitFor(() => expect(readFileSync(`/proc/${parent?.pid}/comm`, 'utf8').trim()).toBe('sleep'))
  expect(await readStartTicks(pid)).toMatch(/^\d+$/)
  process.kill(pid, 'SIGKILL')
  await vi.waitFor(() => expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toContain(') Z '))
  expect(await readStartTicks(pid)).toBeNull()
})

test('a process id that nobody has counts as gone', async () => {
  expect(await readStartTicks(2 ** 22 + 1)).toBeNull()
})
