/**
 * Every route that changes something, asked while no entry can be written to the audit log: nothing may have changed, in the
 * database or among the backups. A new route fails here until it is asked, or it is said why not.
 */
import { sql } from 'kysely'
import { TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { accessTable } from '../../test/access-table.data.ts'
import { AccessHouse, key as sealKey, type Who } from '../../test/support/access-house.ts'
import { hashPassword } from './auth/password.ts'
import { seal } from './lib/seal.ts'

const password = 'correct horse battery'
const passphrase = 'four long words together'
const shownKey = 'b'.repeat(64)

let house: AccessHouse
/** What the steps before left: a secret to confirm, a backup, a plan. */
const made = { code: '', backup: '', plan: '', passkey: '01K0000000000000000000PKEY' }

async function send(who: Who, method: string, path: string, body: object = {}) {
  const headers = { 'content-type': 'application/json' }
  const answer = await house.fetch(who, path, { method, headers, body: JSON.stringify(body) })
  return { status: answer.status, body: z.looseObject({}).parse(await answer.json()) }
}

beforeAll(async () => {
  house = await AccessHouse.open()
  const { db } = house
  await db
    .updateTable('user')
    .set({ password_hash: await hashPassword(password) })
    .execute()
  const secret = String((await send('admin', 'POST', '/api/me/totp', { password })).body.secret)
  made.code = new TOTP({ secret }).generate()
  const { a, b } = house
  const secret_sealed = seal(sealKey, `totp.secret_sealed.${a.user}`, secret)
  const totp = { user_id: a.user, secret_sealed, pending_sealed: null, pending_until_ms: 0, last_step: 0 }
  await db.insertInto('totp').values(totp).execute()
  await db
    .insertInto('passkey')
    .values({
      ...{ id: made.passkey, user_id: a.user, credential_id: 'x', public_key: 'x', counter: 0, transports: '[]' },
      ...{ host: 'localhost', name: 'Key', created_ms: 0, last_used_ms: null },
    })
    .execute()
  const key = { camera_id: a.camera, stream: 'main', key_sha256: 'a'.repeat(64), since_ms: 0 } as const
  await db
    .insertInto('camera_key')
    .values({ ...key, shown_sha256: shownKey, shown_ms: 1 })
    .execute()
  expect((await send('admin', 'POST', `/api/cameras/${b.camera}/recording`, { minutes: 1 })).status).toBe(200)
  expect((await send('admin', 'PATCH', '/api/backups/automatic', { passphrase })).status).toBe(200)
  made.backup = String((await send('admin', 'POST', '/api/backups')).body.id)
  expect((await send('admin', 'PATCH', `/api/volumes/${house.volume}`, { name: 'Large disk' })).status).toBe(200)
  made.plan = String((await send('admin', 'POST', '/api/restore/plans', { from: { backup: made.backup } })).body.id)
  await sql`create trigger no_entry before insert on audit begin select raise(abort, 'no room'); end`.execute(db)
})
afterAll(() => house[Symbol.asyncDispose]())

/** All rows of all tables, without what is only counted or touched by asking. */
async function everything(): Promise<Record<string, string>> {
  const listed = await sql<{ name: string }>`select name from sqlite_master where type = 'table'`.execute(house.db)
  const all: Record<string, string> = {}
  for (const { name } of listed.rows) {
    if (name === 'login_attempt') continue
    const { rows } = await sql`select * from ${sql.table(name)}`.execute(house.db)
    all[name] = JSON.stringify(rows, (key, value) => (key === 'last_used_ms' || key === 'last_ms' ? undefined : value))
  }
  const { backups } = z
    .looseObject({ backups: z.unknown() })
    .parse(await (await house.fetch('admin', '/api/backups')).json())
  return { ...all, backups: JSON.stringify(backups) }
}

type Ask = readonly [who: Who, path: () => string, body?: () => object]
const newViewer = { username: 'cleo', password: 'another long password', role: 'viewer', grants: [] }

const asked: Record<string, Ask> = {
  'POST /api/cameras/:id/recording': [
    'admin',
    () => `/api/cameras/${house.a.camera}/recording`,
    () => ({ minutes: 1 }),
  ],
  'DELETE /api/cameras/:id/recording': ['admin', () => `/api/cameras/${house.b.camera}/recording`],
  'PATCH /api/time-zone': ['admin', () => '/api/time-zone', () => ({ timeZone: 'Asia/Tokyo' })],
  'POST /api/login': ['nobody', () => '/api/login', () => ({ username: 'viewer 2', password })],
  'PATCH /api/me': ['viewerB', () => '/api/me', () => ({ language: 'de' })],
  'POST /api/reauth': ['viewerB', () => '/api/reauth', () => ({ password })],
  'POST /api/logout': ['viewerB', () => '/api/logout'],
  'POST /api/me/password': ['viewerB', () => '/api/me/password', () => ({ password, newPassword: newViewer.password })],
  'PUT /api/me/avatar': ['viewerB', () => '/api/me/avatar', () => ({ jpeg: btoa('\xff\xd8\xff a picture') })],
  'DELETE /api/me/avatar': ['viewerB', () => '/api/me/avatar'],
  'DELETE /api/me/sessions': ['viewerB', () => '/api/me/sessions'],
  'DELETE /api/me/sessions/:id': ['viewerB', () => `/api/me/sessions/${house.b.session}`],
  'POST /api/me/totp/confirm': ['admin', () => '/api/me/totp/confirm', () => ({ code: made.code })],
  'POST /api/me/totp/remove': ['viewerA', () => '/api/me/totp/remove', () => ({ password })],
  'POST /api/me/recovery-codes': ['viewerA', () => '/api/me/recovery-codes', () => ({ password })],
  'DELETE /api/me/devices/:id': ['viewerB', () => `/api/me/devices/${house.b.device}`],
  'POST /api/me/passkeys/:id/remove': [
    'viewerA',
    () => `/api/me/passkeys/${made.passkey}/remove`,
    () => ({ password }),
  ],
  'POST /api/me/tokens': [
    'viewerB',
    () => '/api/me/tokens',
    () => ({ name: 'script', rights: ['view'], cameras: null }),
  ],
  'DELETE /api/me/tokens/:id': ['viewerB', () => `/api/me/tokens/${house.b.token}`],
  'DELETE /api/tokens/:id': ['admin', () => `/api/tokens/${house.b.token}`],
  'POST /api/users': ['admin', () => '/api/users', () => newViewer],
  'PATCH /api/users/:id': ['admin', () => `/api/users/${house.b.user}`, () => ({ disabled: true })],
  'DELETE /api/users/:id': ['admin', () => `/api/users/${house.b.user}`],
  'POST /api/users/:id/reset-second-factor': ['admin', () => `/api/users/${house.a.user}/reset-second-factor`],
  'DELETE /api/users/:id/sessions': ['admin', () => `/api/users/${house.b.user}/sessions`],
  'DELETE /api/users/:id/sessions/:sessionId': [
    'admin',
    () => `/api/users/${house.b.user}/sessions/${house.b.session}`,
  ],
  'POST /api/roles': ['admin', () => '/api/roles', () => ({ name: 'Cook', rights: ['view'] })],
  'PATCH /api/roles/:id': ['admin', () => `/api/roles/${house.role}`, () => ({ name: 'Gardener' })],
  'DELETE /api/roles/:id': ['admin', () => `/api/roles/${house.role}`],
  'PATCH /api/policy': ['admin', () => '/api/policy', () => ({ viewersNeedSecondFactor: true })],
  'POST /api/groups': ['admin', () => '/api/groups', () => ({ name: 'Street', cameras: [] })],
  'PATCH /api/groups/:id': ['admin', () => `/api/groups/${house.b.group}`, () => ({ name: 'Garden' })],
  'DELETE /api/groups/:id': ['admin', () => `/api/groups/${house.b.group}`],
  'POST /api/cameras': ['admin', () => '/api/cameras', () => ({ name: 'Door', address: 'rtsp://10.0.0.3/main' })],
  'PATCH /api/cameras/:id': ['admin', () => `/api/cameras/${house.b.camera}`, () => ({ name: 'Gate', password: 'x' })],
  'DELETE /api/cameras/:id': ['admin', () => `/api/cameras/${house.b.camera}?footage=delete`],
  'POST /api/cameras/:id/trust-key': [
    'admin',
    () => `/api/cameras/${house.a.camera}/trust-key`,
    () => ({ keySha256: shownKey }),
  ],
  'PATCH /api/events/:id': ['admin', () => `/api/events/${house.b.event}`, () => ({ kept: true })],
  'PATCH /api/volumes/:id': ['admin', () => `/api/volumes/${house.volume}`, () => ({ quotaBytes: 5e11 })],
  'POST /api/backups': ['admin', () => '/api/backups'],
  'PATCH /api/backups/automatic': [
    'admin',
    () => '/api/backups/automatic',
    () => ({ keep: 3, passphrase: 'another long passphrase' }),
  ],
  'DELETE /api/backups/:id': ['admin', () => `/api/backups/${made.backup}`],
  'POST /api/restore/plans/:id/confirm': ['admin', () => `/api/restore/plans/${made.plan}/confirm`],
}

/** Why the others are not asked. */
const others: Record<string, string> = {
  'POST /api/setup': 'there are users: auth/audited-change.test.ts',
  'POST /api/setup/restore/uploads': 'nothing but memory changes',
  'POST /api/setup/restore/plans': 'nothing but memory changes',
  'POST /api/setup/restore/plans/:id/confirm': 'there are users; the restore itself is the one that is asked',
  'POST /api/login/passkey': 'a question to a half-done sign-in',
  'POST /api/login/second-factor': 'ends in the sign-in that is asked',
  'POST /api/me/totp': 'counts for nothing until it is confirmed',
  'POST /api/me/passkeys/options': 'counts for nothing until it is answered',
  'POST /api/me/passkeys': 'the same transaction as a confirmed TOTP',
  'POST /api/audit/verify': 'changes nothing',
  'POST /api/cameras/probe': 'changes nothing',
  'POST /api/volumes/:id/simulate': 'changes nothing',
  'POST /api/backups/export': 'changes nothing',
  'POST /api/restore/uploads': 'nothing but memory changes',
  'POST /api/restore/plans': 'nothing but memory changes',
}

describe('R24 where an entry cannot be written nothing is changed', () => {
  const changing = Object.keys(accessTable).filter((route) => !/^(GET|HEAD) /.test(route))

  test('every route that changes something is asked here, or it is said why not', () => {
    expect(changing.filter((route) => !asked[route] && !others[route])).toEqual([])
  })

  test.each(Object.entries(asked))('%s', async (route, [who, path, body]) => {
    const before = await everything()
    const answer = await send(who, route.slice(0, route.indexOf(' ')), path(), body?.())
    expect(answer).toMatchObject({ status: 500, body: { code: 'internal' } })
    const after = await everything()
    expect(Object.keys(after).filter((name) => after[name] !== before[name])).toEqual([])
  })
})
