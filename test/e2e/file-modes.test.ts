/** R21: what Vedette writes is its user's alone, also where the umask would let everybody in. */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SimulatedCamera } from '../cameras/simulated-camera.ts'
import { RunningVedette } from '../support/running-vedette.ts'
import { allRecording, lightCamera, moreFrames } from '../support/vedette-processes.ts'

const root = mkdtempSync(join(tmpdir(), 'vedette-modes-'))
const dataDir = join(root, 'data')
let camera: SimulatedCamera
let vedette: RunningVedette

beforeAll(async () => {
  camera = await SimulatedCamera.open(lightCamera)
  const before = process.umask(0)
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
  vedette = await RunningVedette.open({ dataDir, args: ['--host', '0.0.0.0'] })
  process.umask(before)
})
afterAll(async () => {
  delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
  await Promise.all([vedette?.close(), camera?.close()])
  rmSync(root, { recursive: true, force: true })
})

test('R21 every file is 0600 and every folder 0700, under a umask of 000', async () => {
  await vedette.setUp()
  await vedette.addCamera({ name: 'Yard', address: camera.address('main') })
  await allRecording(vedette)
  await moreFrames(vedette, 'yard', 30)
  const paths = ['.', ...readdirSync(dataDir, { recursive: true, encoding: 'utf8' })]
  const open = paths.filter((path) => {
    const found = statSync(join(dataDir, path), { throwIfNoEntry: false })
    return found && (found.mode & 0o777) !== (found.isDirectory() ? 0o700 : 0o600)
  })
  expect(open).toEqual([])
  for (const expected of ['key', 'vedette.db', 'vedette.db-wal', 'tls/key.pem', 'logs/vedette.log', 'control.lock'])
    expect(paths).toContain(expected)
  expect(
    paths.some((path) => /^journal\/.+\.ndjson$/.test(path)),
    'a journal',
  ).toBe(true)
  expect(
    paths.some((path) => /^footage\/.+\.mp4$/.test(path)),
    'a segment',
  ).toBe(true)
})
