import { spawn } from 'node:child_process'
import { expect, onTestFinished, test, vi } from 'vitest'
import { readProcesses } from '../../../bench/process-tree.ts'
import { endLeftBoxes } from './end-left-boxes.ts'

const isRunning = (pid = 0) => readProcesses().has(pid)

/** What looks like bubblewrap's second half, in a group whose leader ends where it is told to. */
async function secondHalf(hostname: string) {
  const leader = spawn(
    'bash',
    ['-c', `(exec -a /usr/bin/bwrap bash -c 'echo $$; while :; do sleep 1; done' box --hostname ${hostname}) & wait`],
    { detached: true, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  onTestFinished(() => void leader.kill('SIGKILL'))
  const pid = await new Promise<number>((resolve) => leader.stdout.once('data', (text) => resolve(Number(text))))
  onTestFinished(() => {
    if (isRunning(pid)) process.kill(pid, 'SIGKILL')
  })
  return { pid, leader }
}

test('a box whose starter was killed before the box was bound to it is ended', async () => {
  const { pid, leader } = await secondHalf('vision')
  expect(await endLeftBoxes(), 'its starter lives').not.toContain(pid)
  leader.kill('SIGKILL')
  await vi.waitFor(async () => expect(await endLeftBoxes()).toContain(pid), { timeout: 10_000 })
  await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 10_000 })
})

test('somebody else’s box is left alone', async () => {
  const { pid, leader } = await secondHalf('theirs')
  leader.kill('SIGKILL')
  await vi.waitFor(() => expect(isRunning(leader.pid)).toBe(false), { timeout: 10_000 })
  expect(await endLeftBoxes()).not.toContain(pid)
  expect(isRunning(pid)).toBe(true)
})
