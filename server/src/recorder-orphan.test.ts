import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { systemClock } from './lib/clock.ts'
import { silentLog } from './lib/log.ts'
import { endOrphan, lockPath } from './recorder-orphan.ts'
import { readStartTicks } from './system/process-memory.ts'

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'vedette-orphan-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true }))
})

/** A process that records as the orphan would, with its lock. */
async function orphan(command: string, args: readonly string[]) {
  const child = spawn(command, args, { stdio: 'ignore' })
  onTestFinished(() => void child.kill('SIGKILL'))
  const pid = child.pid ?? 0
  const holder = { pid, startTicks: (await readStartTicks(pid)) ?? '' }
  writeFileSync(lockPath(dataDir), JSON.stringify(holder))
  const problems: (string | null)[] = []
  const closing = new AbortController()
  const end = () =>
    endOrphan({
      ...{ dataDir, orphan: holder, clock: systemClock, log: silentLog, signal: closing.signal },
      onForeign: (problem) => problems.push(problem),
    })
  return { child, pid, problems, closing, end }
}

function refuse(code: 'EPERM' | 'ESRCH') {
  const kill = vi.spyOn(process, 'kill').mockImplementation(() => {
    throw Object.assign(new Error(`kill ${code}`), { code })
  })
  onTestFinished(() => kill.mockRestore())
  return kill
}

test('an orphan that ends just before it is asked to is taken over all the same', async () => {
  const { pid, end, problems } = await orphan('sleep', ['0.3'])
  const kill = refuse('ESRCH')
  await end()
  expect(kill).toHaveBeenCalledWith(pid, 'SIGUSR2')
  expect(problems).toEqual([])
  expect(existsSync(lockPath(dataDir))).toBe(false)
})

test('of an orphan of another user it is said what to do, and it is waited for', async () => {
  const { child, pid, end, problems } = await orphan('sleep', ['60'])
  refuse('EPERM')
  const ended = end()
  await vi.waitFor(() => expect(problems).toHaveLength(1))
  expect(problems[0]).toContain(`\`sudo kill ${pid}\``)
  expect(existsSync(lockPath(dataDir))).toBe(true)
  vi.restoreAllMocks()
  child.kill('SIGKILL')
  await ended
  expect(problems.at(-1)).toBeNull()
  expect(existsSync(lockPath(dataDir))).toBe(false)
})

test('a control that ends leaves the orphan of another user alone, and its lock', async () => {
  const { closing, end, problems } = await orphan('sleep', ['60'])
  refuse('EPERM')
  const ended = end()
  await vi.waitFor(() => expect(problems).toHaveLength(1))
  closing.abort()
  await ended
  expect(existsSync(lockPath(dataDir))).toBe(true)
})
