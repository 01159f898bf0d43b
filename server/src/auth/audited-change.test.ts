/** Every change of accounts, groups, roles and tokens: where its audit entry cannot be written, nothing is changed. */
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openAccountServer, password } from '../../../test/support/account-server.ts'
import { openAuditKey } from '../audit/audit-store.ts'
import { SetupCode } from './setup-code.ts'

test('R24 no first administrator is made without an entry', async () => {
  const setupCode = new SetupCode()
  const { db, browser } = await openAccountServer({ setupCode })
  await openAuditKey(db, Buffer.alloc(32, 7))
  await sql`create trigger no_entry before insert on audit begin select raise(abort, 'no room'); end`.execute(db)
  const setUp = () => browser().post('/api/setup', { code: setupCode.shown, username: 'anna', password })
  expect((await setUp()).status).toBe(500)
  expect(await db.selectFrom('user').select('id').execute()).toEqual([])
  await sql`drop trigger no_entry`.execute(db)
  expect((await setUp()).status).toBe(200)
})

const tables = ['user', 'role', 'camera_group', 'api_token', 'session', 'setting'] as const

test('R24 nothing of an account is changed without its entry', async () => {
  const { db, browser, add } = await openAccountServer()
  await add('anna')
  const benId = await add('ben', 'viewer')
  const anna = browser()
  await anna.post('/api/login', { username: 'anna', password })
  const group = (await anna.post('/api/groups', { name: 'Yard', cameras: [] })).body
  const role = (await anna.post('/api/roles', { name: 'Guard', rights: ['view'], needsSecondFactor: false })).body
  expect([group.id, role.id].every((id) => typeof id === 'string')).toBe(true)
  await sql`create trigger no_entry before insert on audit begin select raise(abort, 'no room'); end`.execute(db)

  const rows = async () => {
    const all: unknown[] = []
    for (const table of tables) all.push(await sql`select * from ${sql.table(table)}`.execute(db).then((r) => r.rows))
    return JSON.stringify(all, (key, value) => (/_ms$/.test(key) ? undefined : value))
  }
  const before = await rows()
  const asked = [
    await anna.post('/api/users', { username: 'cleo', password: 'another long password', role: 'viewer', grants: [] }),
    await anna.send('PATCH', `/api/users/${benId}`, { disabled: true }),
    await anna.send('DELETE', `/api/users/${benId}`),
    await anna.post(`/api/users/${benId}/reset-second-factor`, {}),
    await anna.post('/api/groups', { name: 'Street', cameras: [] }),
    await anna.send('PATCH', `/api/groups/${group.id}`, { name: 'Garden' }),
    await anna.send('DELETE', `/api/groups/${group.id}`),
    await anna.post('/api/roles', { name: 'Cook', rights: ['view'], needsSecondFactor: false }),
    await anna.send('PATCH', `/api/roles/${role.id}`, { name: 'Gardener' }),
    await anna.send('DELETE', `/api/roles/${role.id}`),
    await anna.send('PATCH', '/api/policy', { viewersNeedSecondFactor: true }),
  ]
  expect(asked.map(({ status }) => status)).toEqual(asked.map(() => 500))
  expect(await rows()).toBe(before)
})
