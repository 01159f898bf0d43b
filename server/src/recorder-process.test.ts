import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { VoicedLauncher } from '../../test/support/voiced-launcher.ts'
import { systemClock } from './lib/clock.ts'
import { openLog, silentLog } from './lib/log.ts'
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

test('what a recorder said and is read only after its end is not taken for the next one’s, but for its log', async () => {
  const launcher = new VoicedLauncher()
  const heard: string[] = []
  let gone = 0
  const logged: string[] = []
  const recorder = new RecorderProcess({
    launcher,
    clock: systemClock,
    log: openLog('test', 'info', [(line) => void logged.push(line)]),
    onReady: () => {},
    onMessage: (message) => {
      if (message.say === 'disk') heard.push(message.problem ?? '')
    },
    onGone: () => void gone++,
  })
  const disk = (problem: string) => ({ say: 'disk', state: 'ok', problem })
  const end = () => process.kill(recorder.pid ?? 0, 'SIGKILL')
  recorder.start()
  await vi.waitFor(() => expect(launcher.voices).toHaveLength(1))
  const [first] = launcher.voices
  first?.send({ say: 'ready', runId: newId(1) })
  first?.send(disk('of the first'))
  await vi.waitFor(() => expect(heard).toEqual(['of the first']))

  end()
  await vi.waitFor(() => expect(gone).toBe(1))
  await vi.waitFor(() => expect(launcher.voices).toHaveLength(2))
  first?.send({ say: 'ready', runId: newId(1) })
  first?.send(disk('of the dead'))
  first?.send({ say: 'log', line: JSON.stringify({ level: 50, name: 'recorder', msg: 'last words' }) })
  await vi.waitFor(() => expect(logged.join('')).toContain('last words'))
  expect(recorder.runId).toBeUndefined()
  expect(recorder.state).toBe('starting')

  launcher.voices[1]?.send({ say: 'ready', runId: newId(2) })
  launcher.voices[1]?.send(disk('of the second'))
  await vi.waitFor(() => expect(heard).toEqual(['of the first', 'of the second']))
  const closing = recorder.close()
  end()
  await closing
})
