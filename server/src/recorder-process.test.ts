import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { systemClock } from './lib/clock.ts'
import { silentLog } from './lib/log.ts'
import { newId } from './lib/new-id.ts'
import { RecorderProcess } from './recorder-process.ts'
import { Launcher } from './sandbox/launcher.ts'

function recorderThatCannotStart(): RecorderProcess {
  const nowhere = join(tmpdir(), newId(1))
  return new RecorderProcess({
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

test('a recorder that could not be started (no program, no processes left) is tried again', async () => {
  const recorder = recorderThatCannotStart()
  recorder.start()
  await vi.waitFor(() => expect(recorder.restarts).toBeGreaterThan(1))
  expect(recorder.state).toBe('starting')
  await recorder.close()
})
