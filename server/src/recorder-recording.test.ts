import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { expect, onTestFinished, test } from 'vitest'
import { toConfig } from './config.ts'
import { systemClock } from './lib/clock.ts'
import { silentLog } from './lib/log.ts'
import type { FromRecorder } from './recorder-messages.ts'
import { Recording } from './recorder-recording.ts'

test('a probe that is under way when the recorder ends is given up, and ends nothing else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vedette-recording-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const told: FromRecorder[] = []
  const recording = await Recording.open({
    config: toConfig({ VEDETTE_DATA: folder }, '/'),
    clock: systemClock,
    log: silentLog,
    livePipe: new PassThrough(),
    send: (message) => void told.push(message),
  })
  const camera = { address: 'rtsp://10.255.255.1/main', username: '', password: '', transport: 'tcp' } as const
  recording.handle({ do: 'probe', requestId: 1, ...camera, keySha256: null })
  await recording.close()
  // What nobody catches ends the recorder before its segments are closed.
  expect(told.find((message) => message.say === 'probed')).toMatchObject({ failure: { code: 'recorder_unavailable' } })
})
