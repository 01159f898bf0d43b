/**
 * A camera over TLS beside the real program: its key is trusted at the first connection, another one keeps it out, and
 * an administrator lets it in again. The camera is GStreamer's server, restarted on the same port with another certificate.
 */
import { auditPage } from '@vedette/shared/audit.ts'
import type { CameraView } from '@vedette/shared/camera.ts'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { ChangingCamera, whyNoChangingCamera } from '../support/changing-camera.ts'
import { RunningVedette } from '../support/running-vedette.ts'

const missing = whyNoChangingCamera()
const soon = { timeout: 30_000, interval: 100 }

describe.skipIf(missing)('R15 trust on first use', () => {
  let camera: ChangingCamera
  let vedette: RunningVedette
  beforeAll(async () => {
    camera = await ChangingCamera.open()
    vedette = await RunningVedette.open()
    await vedette.setUp()
  })
  afterAll(async () => {
    await vedette?.close()
    await camera?.close()
  })
  const one = async (): Promise<CameraView> => {
    const [first] = await vedette.cameras()
    if (!first) throw new Error('no camera')
    return first
  }
  const until = (check: (view: CameraView) => void) => vi.waitFor(async () => check(await one()), soon)
  const keyOf = (view: CameraView) => view.keys?.[0]

  test('R15 a changed key keeps the camera out until an administrator trusts that very key', async () => {
    const { id } = await vedette.addCamera({ name: 'Gate', address: camera.address })
    await until((view) => {
      expect(view.status.state).toBe('online')
      expect(keyOf(view)?.keySha256).toMatch(/^[0-9a-f]{64}$/)
    })
    const first = keyOf(await one())?.keySha256

    await camera.become('second')
    await until((view) => {
      expect(view.status).toMatchObject({ state: 'unsupported', code: 'camera_key_changed' })
      expect(keyOf(view)?.shownSha256).toMatch(/^[0-9a-f]{64}$/)
    })
    const changed = await one()
    expect(changed.status.problem).toMatch(/another key/)
    expect(keyOf(changed)?.keySha256).toBe(first)
    const second = keyOf(changed)?.shownSha256
    const trust = (keySha256: string | null | undefined) =>
      vedette.call('POST', `/api/cameras/${id}/trust-key`, { keySha256 })
    await expect(trust('0'.repeat(64))).rejects.toThrow(/409 conflict/)

    await trust(second)
    await until((view) => expect(view.status.state).toBe('online'))
    expect(keyOf(await one())).toMatchObject({ keySha256: second, shownSha256: null })

    const { entries } = auditPage.parse(await vedette.call('GET', '/api/audit'))
    const told = entries.filter(({ kind }) => kind.startsWith('camera.key')).reverse()
    expect(told.map(({ kind, username }) => [kind, username])).toEqual([
      ['camera.key_first_trusted', ''],
      ['camera.key_refused', ''],
      ['camera.key_trusted', 'admin'],
    ])
    expect(told.at(-1)?.detail).toMatchObject({
      before: { main: { keySha256: first } },
      after: { main: { keySha256: second } },
    })
  })

  test('R15 a probe with the stored password goes to no other key, and another path keeps the key', async () => {
    const { id } = await one()
    await camera.become('third')
    const probe = (more: object) => vedette.call('POST', '/api/cameras/probe', { address: camera.address, ...more })
    expect(await probe({ cameraId: id })).toMatchObject({ ok: false, code: 'camera_key_changed' })
    expect(await probe({ password: '' })).toMatchObject({ ok: true })
    await vedette.call('PATCH', `/api/cameras/${id}`, { address: `${camera.address}?again` })
    await until((view) => expect(keyOf(view)?.shownSha256).toMatch(/^[0-9a-f]{64}$/))
  })

  test('R15 a host that is edited is a new camera, whose first key is trusted', async () => {
    const { id } = await one()
    const moved = camera.address.replace('127.0.0.1', 'localhost')
    await vedette.call('PATCH', `/api/cameras/${id}`, { address: moved, password: '' })
    await until((view) => {
      expect(view.status.state).toBe('online')
      expect(keyOf(view)).toMatchObject({ shownSha256: null })
    })
  })

  test('R15 a stream that is added at the same host must show the key that is known there', async () => {
    const { id, settings } = await one()
    await camera.become('fourth')
    await vedette.call('PATCH', `/api/cameras/${id}`, { subAddress: settings?.address.replace('/h264', '/mjpeg') })
    await vi.waitFor(() => {
      const lines = vedette
        .output()
        .split('\n')
        .filter((line) => line.includes('"stream":"sub"'))
      expect(lines.some((line) => line.includes('camera_key_changed'))).toBe(true)
    }, soon)
    expect((await one()).keys?.map(({ stream }) => stream)).toEqual(['main'])
  })
})
