/** Backups over the API, on the whole server: what leaves, what comes in, and what is confirmed is what was shown. */
import { once } from 'node:events'
import { request } from 'node:http'
import { backupState, restorePlan } from '@vedette/shared/backup.ts'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { AccessHouse } from '../../../test/support/access-house.ts'
import { listEntries } from '../audit/audit-store.ts'
import { hashPassword } from '../auth/password.ts'
import { maxArchiveBytes } from './age.ts'
import { makeBackup } from './make-backup.ts'

const passphrase = 'a passphrase for backups'
let house: AccessHouse
let archive: Uint8Array<ArrayBuffer>
beforeAll(async () => {
  house = await AccessHouse.open()
  await house.db
    .updateTable('user')
    .set({ password_hash: await hashPassword('correct horse battery') })
    .execute()
  const answer = await send('POST', '/api/backups/export', { passphrase })
  expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="vedette-.*\.age"$/)
  archive = new Uint8Array(await answer.arrayBuffer())
})
afterAll(() => house[Symbol.asyncDispose]())

function send(method: string, path: string, body: object = {}): Promise<Response> {
  const json = method === 'GET' ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  return house.fetch('admin', path, { method, ...json })
}
const upload = (bytes: Uint8Array<ArrayBuffer>, type = 'application/octet-stream') =>
  house.fetch('admin', '/api/restore/uploads', { method: 'POST', headers: { 'content-type': type }, body: bytes })
async function lookAt(bytes: Uint8Array<ArrayBuffer>, given = passphrase) {
  const { id } = Object(await (await upload(bytes)).json())
  return send('POST', '/api/restore/plans', { from: { upload: id }, passphrase: given })
}
const codeOf = async (answer: Response) => Object(await answer.json()).code
const kindsOfAudit = async () => (await listEntries(house.db, { limit: 50 })).map(({ kind }) => kind)

describe('R9 backups need a fresh password', () => {
  test('wherever secrets leave, come in or are lost', async () => {
    await house.db.updateTable('session').set({ proved_ms: 1 }).execute()
    for (const [method, path] of [
      ['POST', '/api/backups/export'],
      ['PATCH', '/api/backups/automatic'],
      ['POST', '/api/restore/plans'],
      ['DELETE', `/api/backups/${house.a.camera}`],
      ['GET', `/api/backups/${house.a.camera}/file`],
    ] as const)
      expect(await codeOf(await send(method, path, { passphrase })), path).toBe('reauthentication_required')
    expect(await codeOf(await upload(archive))).toBe('reauthentication_required')
    await house.db.updateTable('session').set({ proved_ms: Date.now() }).execute()
  })
})

describe('R20 uploads', () => {
  test('are taken as a file only, and only so large', async () => {
    expect((await upload(archive, 'text/plain')).status).toBe(415)
    expect((await upload(archive, 'multipart/form-data')).status).toBe(415)
    expect((await send('POST', '/api/restore/uploads')).status).toBe(400)
    expect((await upload(new Uint8Array(maxArchiveBytes + 1))).status).toBe(413)
    // Other routes take no files.
    const elsewhere = { method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: archive }
    expect((await house.fetch('admin', '/api/backups', elsewhere)).status).toBe(415)
  })

  test('R25 damaged ones and wrong passphrases are refused, and open no plan', async () => {
    const damaged = Uint8Array.from(archive)
    damaged[damaged.length - 20] = (damaged[damaged.length - 20] ?? 0) ^ 1
    expect(await codeOf(await lookAt(damaged))).toBe('backup_refused')
    expect(await codeOf(await lookAt(archive, 'another passphrase'))).toBe('backup_refused')
    expect(await codeOf(await send('POST', `/api/restore/plans/${house.a.camera}/confirm`))).toBe('not_found')
  })
})

describe('R20 a restore', () => {
  test('does what was shown, once, and nothing when something changed meanwhile', async () => {
    await house.db.deleteFrom('camera_group').where('id', '=', house.a.group).execute()
    const stale = restorePlan.parse(await (await lookAt(archive)).json())
    expect(stale.kinds).toMatchObject([{ kind: 'groups', added: ['Group 1'] }])
    await house.db.deleteFrom('camera_group').where('id', '=', house.b.group).execute()
    expect(await codeOf(await send('POST', `/api/restore/plans/${stale.id}/confirm`))).toBe('conflict')
    const plan = restorePlan.parse(await (await lookAt(archive)).json())
    expect(plan.kinds).toMatchObject([{ kind: 'groups', before: 0, after: 2, added: ['Group 1', 'Group 2'] }])
    expect(await codeOf(await send('POST', `/api/restore/plans/${stale.id}/confirm`))).toBe('not_found')
    const done = await (await send('POST', `/api/restore/plans/${plan.id}/confirm`)).json()
    expect(done).toEqual({ changes: 2, isSignedOut: false })
    expect(await codeOf(await send('POST', `/api/restore/plans/${plan.id}/confirm`))).toBe('not_found')
    const again = restorePlan.parse(await (await lookAt(archive)).json())
    expect(again.kinds).toEqual([])
    expect((await kindsOfAudit()).slice(0, 2)).toEqual(['backup.restored', 'backup.restore_begun'])
    const [entry] = await listEntries(house.db, { limit: 1 })
    expect(entry?.detail).toMatchObject({ before: { groups: 0 }, after: { groups: 2 } })
  })

  test('that would lock the administrator out says so and needs a word for it', async () => {
    const { id: adminId } = await house.db
      .selectFrom('user')
      .select('id')
      .where('username', '=', 'admin')
      .executeTakeFirstOrThrow()
    // Somebody else is the administrator in the backup.
    await house.db.updateTable('user').set({ role: 'viewer' }).where('id', '=', adminId).execute()
    await house.db.deleteFrom('access_grant').where('user_id', '=', house.a.user).execute()
    await house.db.updateTable('user').set({ role: 'admin' }).where('id', '=', house.a.user).execute()
    const theirs = await makeBackup(
      { db: house.db, key: Buffer.alloc(32, 9), version: '0', workFactor: 10 },
      passphrase,
      Date.now(),
    )
    await house.db.updateTable('user').set({ role: 'admin' }).where('id', '=', adminId).execute()
    const makeOther = (role: 'admin' | 'viewer') =>
      house.db.updateTable('user').set({ role }).where('id', '=', house.a.user).execute()
    await makeOther('viewer')
    const plan = restorePlan.parse(await (await lookAt(Uint8Array.from(theirs))).json())
    expect(plan).toMatchObject({
      locksYouOut: true,
      warnings: [{ about: 'new_admin' }, { about: 'you_are_no_admin', name: 'admin' }],
    })
    expect(await codeOf(await send('POST', `/api/restore/plans/${plan.id}/confirm`))).toBe('conflict')
    // One administrator's plan is no other's to confirm.
    await makeOther('admin')
    const headers = { 'content-type': 'application/json' }
    const other = { method: 'POST', headers, body: '{"acceptLockOut":true}' }
    expect((await house.fetch('viewerA', `/api/restore/plans/${plan.id}/confirm`, other)).status).toBe(404)
    await makeOther('viewer')
    const done = await send('POST', `/api/restore/plans/${plan.id}/confirm`, { acceptLockOut: true })
    expect(await done.json()).toEqual({ changes: 2, isSignedOut: true })
    const begun = (await listEntries(house.db, { limit: 5 })).find(({ kind }) => kind === 'backup.restore_begun')
    expect(begun?.detail, 'who became an administrator stands in the log').toMatchObject({
      newAdministrators: [plan.warnings[0]?.name],
    })
    expect((await send('GET', '/api/backups')).status).toBe(401)
    await house.db.updateTable('user').set({ role: 'admin' }).where('id', '=', adminId).execute()
  })
})

test('R4 a restore that changes the own account ends the session that asked for it', async () => {
  await using own = await AccessHouse.open()
  const adminUser = own.db.selectFrom('user').select(['id', 'password_hash']).where('username', '=', 'admin')
  const source = { db: own.db, key: Buffer.alloc(32, 9), version: '0', workFactor: 10 }
  const passwordHash = await hashPassword('correct horse battery')
  await own.db.updateTable('user').set({ password_hash: passwordHash }).execute()
  const bytes = Uint8Array.from(await makeBackup(source, passphrase, Date.now()))
  const otherHash = await hashPassword('another quiet lantern')
  const { id: adminId } = await adminUser.executeTakeFirstOrThrow()
  await own.db.updateTable('user').set({ password_hash: otherHash }).where('id', '=', adminId).execute()
  const post = (path: string, body: string | Uint8Array<ArrayBuffer>, type = 'application/json') =>
    own.fetch('admin', path, { method: 'POST', headers: { 'content-type': type }, body })
  const { id } = Object(await (await post('/api/restore/uploads', bytes, 'application/octet-stream')).json())
  const look = await post('/api/restore/plans', JSON.stringify({ from: { upload: id }, passphrase }))
  const plan = restorePlan.parse(await look.json())
  expect(plan).toMatchObject({ locksYouOut: false, signsYouOut: true })
  const done = await post(`/api/restore/plans/${plan.id}/confirm`, '{}')
  expect(await done.json()).toEqual({ changes: 1, isSignedOut: true })
  expect((await adminUser.executeTakeFirstOrThrow()).password_hash).toBe(passwordHash)
  expect((await own.fetch('admin', '/api/me')).status).toBe(401)
})

test('R3 an upload whose last bytes are held back does not outlive its sender’s rights', async () => {
  await using own = await AccessHouse.open()
  const headers = { ...own.headersOf('admin'), 'content-type': 'application/octet-stream' }
  /** The first byte now, the last one when it is called. */
  const begin = async () => {
    const sent = request(`${own.url}/api/restore/uploads`, {
      method: 'POST',
      headers: { ...headers, 'content-length': '2' },
    })
    const answer = once(sent, 'response')
    sent.write('a')
    // It is let in once it keeps others out.
    const other = () => own.fetch('admin', '/api/restore/uploads', { method: 'POST', headers, body: 'b' })
    await vi.waitFor(async () => expect((await other()).status).toBe(429), 10_000)
    return async () => {
      sent.end('c')
      const [{ statusCode }] = await answer
      return statusCode
    }
  }
  const goesOn = await begin()
  expect(await goesOn()).toBe(201)
  const demoted = await begin()
  await own.db.updateTable('user').set({ role: 'viewer' }).where('username', '=', 'admin').execute()
  expect(await demoted()).toBe(403)
  await own.db.updateTable('user').set({ role: 'admin' }).where('username', '=', 'admin').execute()
  const signedOut = await begin()
  await own.db.deleteFrom('session').execute()
  expect(await signedOut()).toBe(401)
})

describe('R21 the automatic backup’s passphrase', () => {
  test('is set, used and never shown', async () => {
    const fresh = await AccessHouse.open()
    const ask = (method: string, path: string, body?: object) =>
      fresh.fetch('admin', path, {
        method,
        ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      })
    expect(await codeOf(await ask('POST', '/api/backups', {}))).toBe('conflict')
    expect(await codeOf(await ask('PATCH', '/api/backups/automatic', { passphrase: 'passwordpassword' }))).toBe(
      'bad_request',
    )
    const set = await (await ask('PATCH', '/api/backups/automatic', { passphrase: 'a long stored passphrase' })).text()
    expect(JSON.parse(set)).toMatchObject({ isOn: true, hasPassphrase: true })
    expect((await ask('POST', '/api/backups', {})).status).toBe(201)
    const text = await (await ask('GET', '/api/backups')).text()
    const [backup] = backupState.parse(JSON.parse(text)).backups
    const audit = JSON.stringify(await listEntries(fresh.db, { limit: 50 }))
    for (const told of [set, text, audit]) expect(told).not.toContain('long stored')
    const file = await ask('GET', `/api/backups/${backup?.id}/file`)
    expect(new Uint8Array(await file.arrayBuffer())).toHaveLength(backup?.sizeBytes ?? -1)
    expect((await ask('DELETE', `/api/backups/${backup?.id}`)).status).toBe(200)
    expect(backupState.parse(await (await ask('GET', '/api/backups')).json()).backups).toEqual([])
    const kinds = (await listEntries(fresh.db, { limit: 10 })).map(({ kind }) => kind)
    expect(kinds).toEqual(['backup.deleted', 'backup.downloaded', 'backup.made', 'backup.settings_changed'])
    await fresh[Symbol.asyncDispose]()
  })
})
