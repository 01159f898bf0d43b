import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { toConfig } from './config.ts'
import { systemClock } from './lib/clock.ts'
import { silentLog } from './lib/log.ts'
import { newId } from './lib/new-id.ts'
import { RecorderProcess } from './recorder-process.ts'
import { Launcher } from './sandbox/launcher.ts'
import { readStartTicks } from './system/process-memory.ts'

function recorderThatCannotStart(): RecorderProcess {
  const nowhere = join(tmpdir(), newId(1))
  return new RecorderProcess({
    config: toConfig({ VEDETTE_DATA: nowhere }, '/'),
    launcher: new Launcher({
      name: 'recorder',
      node: join(nowhere, 'node'),
      nodeFlags: [],
      environment: {},
      launches: [],
      filter: undefined,
      log: silentLog,
    }),
    clock: systemClock,
    log: silentLog,
    onReady: () => {},
    onMessage: () => {},
    onGone: () => {},
  })
}

test('an orphan that ends just before it is asked to is taken over all the same', async () => {
  const child = spawn('sleep', ['0.3'], { stdio: 'ignore' })
  const pid = child.pid ?? 0
  const orphan = { pid, startTicks: (await readStartTicks(pid)) ?? '' }
  const kill = vi.spyOn(process, 'kill').mockImplementation(() => {
    throw Object.assign(new Error('kill ESRCH'), { code: 'ESRCH' })
  })
  onTestFinished(() => kill.mockRestore())
  await recorderThatCannotStart().endOrphan(orphan)
  expect(kill).toHaveBeenCalledWith(pid, 'SIGUSR2')
})

test('a recorder that could not be started (no program, no processes left) is tried again', async () => {
  const recorder = recorderThatCannotStart()
  recorder.start()
  await vi.waitFor(() => expect(recorder.restarts).toBeGreaterThan(1), { timeout: 5000 })
  expect(recorder.state).toBe('starting')
  await recorder.close()
})
