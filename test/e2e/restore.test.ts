/** A restore on the real program while it records: cameras that come back are recorded, those that go are not, who is gone is out. */
import { restorePlan, uploadedBackup } from '@vedette/shared/backup.ts'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { SimulatedCamera } from '../cameras/simulated-camera.ts'
import { RunningVedette } from '../support/running-vedette.ts'
import { patience } from '../support/vedette-processes.ts'

const scene = { width: 320, height: 180, fps: 10, gopFrames: 10, kbitPerS: 300 }
const passphrase = 'a passphrase for backups'
let camera: SimulatedCamera
let vedette: RunningVedette

beforeAll(async () => {
  ;[vedette, camera] = await Promise.all([
    RunningVedette.open(),
    SimulatedCamera.open({ name: 'yard', main: scene, sub: null }),
  ])
  await vedette.setUp()
})
afterAll(async () => {
  await vedette.close()
  await camera.close()
})

const camerasNow = async () =>
  (await vedette.cameras()).map(({ name, status }) => ({ name, isRecording: status.recording }))

test('R20 the recorder takes over what a restore changed, and sessions of users who are gone end', async () => {
  const { id } = await vedette.addCamera({ name: 'Yard', address: camera.address('main'), motion: { enabled: false } })
  await vi.waitFor(async () => expect(await camerasNow()).toEqual([{ name: 'Yard', isRecording: true }]), patience)
  const json = { 'content-type': 'application/json' }
  const exported = { method: 'POST', headers: json, body: JSON.stringify({ passphrase }) }
  const archive = await (await vedette.fetch('/api/backups/export', exported)).arrayBuffer()

  // Since then: the camera was deleted, another one and a user came.
  await vedette.call('DELETE', `/api/cameras/${id}`)
  await vedette.addCamera({ name: 'Other', address: camera.address('main'), motion: { enabled: false } })
  await vedette.call('POST', '/api/users', { username: 'eve', password: 'blue stones in the rain', role: 'admin' })
  const login = { method: 'POST', headers: json, body: '{"username":"eve","password":"blue stones in the rain"}' }
  const evesCookie = (await fetch(`${vedette.url}/api/login`, login)).headers.get('set-cookie')?.split(';')[0] ?? ''
  const asEve = async () => (await fetch(`${vedette.url}/api/me`, { headers: { cookie: evesCookie } })).status
  expect(await asEve()).toBe(200)

  const upload = { method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: archive }
  const uploaded = uploadedBackup.parse(await (await vedette.fetch('/api/restore/uploads', upload)).json())
  const plan = restorePlan.parse(
    await vedette.call('POST', '/api/restore/plans', { from: { upload: uploaded.id }, passphrase }),
  )
  expect(plan.kinds).toMatchObject([
    { kind: 'users', removed: ['eve'] },
    { kind: 'cameras', added: ['Yard'], removed: ['Other'] },
  ])
  await vedette.call('POST', `/api/restore/plans/${plan.id}/confirm`, {})
  expect(await asEve()).toBe(401)
  await vi.waitFor(async () => expect(await camerasNow()).toEqual([{ name: 'Yard', isRecording: true }]), patience)
  expect((await vedette.cameras())[0]?.id).toBe(id)
})
