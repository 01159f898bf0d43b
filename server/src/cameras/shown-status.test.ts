import type { CameraStatus } from '@vedette/shared/camera.ts'
import { expect, test } from 'vitest'
import { shownStatus } from './shown-status.ts'

const facts = {
  codec: 'h264',
  width: 1920,
  height: 1080,
  fps: 25,
  kbitPerS: 4000,
  gopS: 2,
  audioCodec: null,
  packetsLost: 0,
  framesReceived: 1,
  framesDropped: 0,
}
const status: CameraStatus = {
  state: 'unreachable',
  sinceMs: 1,
  problem: 'Nothing answers at 192.168.1.22:554.',
  code: 'camera_unreachable',
  nextTryMs: 2,
  recording: false,
  motion: true,
  byHandUntilMs: null,
  clockOffsetMs: 40,
  main: facts,
  sub: null,
}

test('R6 tells viewers the state of a camera in a sentence without its address', () => {
  expect(shownStatus(status, { isAdmin: true, mayView: true })).toBe(status)
  const shown = shownStatus(status, { isAdmin: false, mayView: true })
  expect(shown.problem).toMatch(/does not answer/)
  expect(JSON.stringify(shown)).not.toContain('192.168')
  expect(shown.code).toBeNull()
  expect(shownStatus({ ...status, problem: null }, { isAdmin: false, mayView: true }).problem).toBeNull()
})

test('R6 shows live facts only to those who may look live', () => {
  expect(shownStatus(status, { isAdmin: false, mayView: false })).toMatchObject({ motion: false, main: null })
  expect(shownStatus(status, { isAdmin: false, mayView: true })).toMatchObject({ motion: true, main: facts })
})
