/** What the audit log hears of a whole Vedette: who looked at which camera, who was refused, what was changed. */
import { type AuditView, auditPage } from '@vedette/shared/audit.ts'
import { cameraView } from '@vedette/shared/camera.ts'
import { errorBody } from '@vedette/shared/errors.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AccessHouse, type Who } from '../../test/support/access-house.ts'
import { segmentStartMs } from '../../test/support/segment-bytes.ts'

let house: AccessHouse
beforeAll(async () => {
  house = await AccessHouse.open()
})
afterAll(() => house[Symbol.asyncDispose]())

async function audited(query = ''): Promise<AuditView[]> {
  return auditPage.parse(await (await house.fetch('admin', `/api/audit?limit=1000${query}`)).json()).entries
}
const send = (who: Who, method: string, path: string, body: object) =>
  house.fetch(who, path, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

test('R24 footage that is looked at is written down once a minute for each caller and camera', async () => {
  for (let i = 0; i < 3; i++) {
    await house.fetch('viewerA', `/api/segments/${house.a.segment}/media`, { headers: { range: `bytes=${i}-99` } })
    await house.fetch('tokenA', `/api/cameras/${house.a.camera}/snapshot.jpg?atMs=1`)
    await house.fetch('liveOnlyA', `/api/cameras/${house.a.camera}/frame.jpg`)
  }
  const seen = (await audited()).map(({ kind, username, object }) => ({
    kind,
    username: username.slice(0, 14),
    object,
  }))
  const object = `camera ${house.a.camera}`
  expect(seen.filter((entry) => entry.kind.endsWith('.viewed')).reverse()).toEqual([
    { kind: 'footage.viewed', username: 'viewer 1', object },
    { kind: 'footage.viewed', username: 'viewer 1 (toke', object },
    { kind: 'live.viewed', username: 'live only', object },
  ])
})

test('R24 footage that is taken along is written down with its span', async () => {
  const from = segmentStartMs
  for (const endMs of [from + 4000, from + 4000, from + 2000])
    await house.fetch('viewerA', `/api/cameras/${house.a.camera}/playback?startMs=${from}&endMs=${endMs}`)
  const taken = (await audited('&kind=footage.exported')).map(({ object, detail }) => ({ object, detail }))
  const object = `camera ${house.a.camera}`
  expect(taken.reverse()).toEqual([
    { object, detail: { startMs: from, endMs: from + 4000 } },
    { object, detail: { startMs: from, endMs: from + 2000 } },
  ])
})

test('R24 no crowd of spans hides whose footage was taken along', async () => {
  const take = (camera: string, endMs: number) =>
    house.fetch('admin', `/api/cameras/${camera}/playback?startMs=1&endMs=${endMs}`, { method: 'HEAD' })
  for (let i = 0; i < 110; i++) await take(house.b.camera, 2 + i)
  await take(house.a.camera, 1000)
  const [summed] = await audited('&kind=refusals.summed')
  expect(summed?.detail).toMatchObject({ kinds: { 'footage.exported': 11 } })
  const entries = await audited(`&cameraId=${house.a.camera}`)
  expect(entries.find(({ username }) => username === 'admin')).toMatchObject({ kind: 'footage.viewed' })
})

test('R24 nobody fills the log by pressing the record button', async () => {
  const answers: number[] = []
  for (let i = 0; i < 101; i++)
    answers.push((await send('admin', 'POST', `/api/cameras/${house.a.camera}/recording`, { minutes: 1 })).status)
  expect(answers.filter((status) => status === 429)).toHaveLength(1)
  expect(await audited('&kind=recording.by_hand')).toHaveLength(100)
})

test('R24 what was done with a camera is found by it', async () => {
  const entries = await audited(`&cameraId=${house.a.camera}`)
  expect(entries.length).toBeGreaterThan(2)
  expect(entries.filter(({ object }) => object !== `camera ${house.a.camera}`)).toEqual([])
})

test('R24 the log can be checked over the API, which is written down itself', async () => {
  const verdict = await (await send('admin', 'POST', '/api/audit/verify', {})).json()
  expect(verdict).toEqual({ entries: expect.any(Number), problems: [] })
  expect((await audited())[0]).toMatchObject({ kind: 'audit.verified', detail: { problems: 0 } })
})

test('R24 refusals of people who are known are written down, without their queries', async () => {
  for (let i = 0; i < 3; i++) await house.fetch('viewerA', `/api/events/${house.b.event}?password=secret`)
  await house.fetch('viewerA', '/api/users')
  const refused = (await audited('&kind=access.refused')).map((entry) => entry.object)
  expect(refused).toEqual(['GET /api/users', `GET /api/events/${house.b.event}`])
})

test('R24 changes of cameras and volumes are written down with before and after, and no secret', async () => {
  const change = { name: 'Gate', password: 'a new secret of 2' }
  expect((await send('admin', 'PATCH', `/api/cameras/${house.b.camera}`, change)).status).toBe(200)
  expect((await send('admin', 'PATCH', `/api/volumes/${house.volume}`, { name: 'Big disk' })).status).toBe(200)
  const [volume, camera] = await audited()
  expect(camera?.detail).toEqual({ before: { name: 'Camera 2' }, after: { name: 'Gate' }, password: 'changed' })
  expect(volume?.detail).toEqual({ before: { name: 'Disk' }, after: { name: 'Big disk' } })
  expect(JSON.stringify(await audited())).not.toContain('a new secret')
})

test('R24 the whole log can be taken along as lines of JSON', async () => {
  const lines = (await (await house.fetch('admin', '/api/audit/export')).text()).trim().split('\n')
  expect(lines.map((line) => JSON.parse(line).seq)).toEqual(lines.map((_, i) => i + 1))
  expect(lines.at(-1)).toContain('audit.exported')
})

test('R9 a camera’s password is changed only with a fresh one of the administrator', async () => {
  await house.db.updateTable('session').set({ proved_ms: 0 }).execute()
  const refused = await send('admin', 'PATCH', `/api/cameras/${house.a.camera}`, { password: 'x' })
  expect(errorBody.parse(await refused.json()).code).toBe('reauthentication_required')
  const moved = await send('admin', 'PATCH', `/api/cameras/${house.a.camera}`, { address: 'rtsp://10.99.0.1/main' })
  expect(moved.status).toBe(401)
  const named = await send('admin', 'PATCH', `/api/cameras/${house.a.camera}`, { name: 'Yard' })
  expect(cameraView.parse(await named.json())).toMatchObject({ name: 'Yard', hasPassword: true })
})

test('R9 footage is deleted, or may go for its age, only with a fresh password', async () => {
  await house.db.updateTable('session').set({ proved_ms: 0 }).execute()
  const camera = `/api/cameras/${house.a.camera}`
  const event = `/api/events/${house.a.event}`
  const asked = async (method: string, path: string, body: object) => (await send('admin', method, path, body)).status
  expect(await asked('PATCH', camera, { keepDays: 30 })).toBe(401)
  expect(await asked('DELETE', `${camera}?footage=delete`, {})).toBe(401)
  expect(await asked('DELETE', camera, {})).toBe(401)
  expect(await asked('PATCH', event, { kept: true })).toBe(200)
  expect(await asked('PATCH', event, { kept: false })).toBe(401)
  await house.db.updateTable('session').set({ proved_ms: Date.now() }).execute()
  expect(await asked('PATCH', camera, { keepDays: 30 })).toBe(200)
  expect(await asked('PATCH', event, { kept: false })).toBe(200)
  await house.db.updateTable('session').set({ proved_ms: 0 }).execute()
  expect(await asked('PATCH', camera, { keepDays: 29 })).toBe(401)
  for (const keepDays of [30, 31, null]) expect(await asked('PATCH', camera, { keepDays })).toBe(200)
})
