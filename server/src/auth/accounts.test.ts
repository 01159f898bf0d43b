/** Users, sessions, tokens and fresh passwords, over HTTP. */
import { describe, expect, test } from 'vitest'
import { openAccountServer, password } from '../../../test/support/account-server.ts'
import { newId } from '../lib/new-id.ts'
import { WrongTokens } from './wrong-tokens.ts'

const longAgo = 11 * 60_000

async function withAdmin() {
  const server = await openAccountServer()
  const adminId = await server.add('anna')
  const admin = server.browser()
  await admin.logIn('anna')
  return { ...server, adminId, admin }
}

describe('users', () => {
  test('are added with rights, sign in by name or e-mail, and are changed and deleted', async () => {
    const { admin, browser, audited } = await withAdmin()
    const given = { username: 'Vera', password: 'a meadow of thistles', email: 'Vera@Example.org', role: 'viewer' }
    const made = await admin.post('/api/users', given)
    expect(made).toMatchObject({ status: 201, body: { grants: [{ on: 'all', rights: ['view', 'replay'] }] } })
    const vera = browser('10.0.0.2')
    expect((await vera.logIn('vera@example.org', given.password)).status).toBe(200)
    expect((await vera.get('/api/views')).body.cameras).toBe('all')
    await admin.send('PATCH', `/api/users/${made.body.id}`, { grants: [] })
    expect((await vera.get('/api/views')).body.cameras).toEqual([])
    expect((await admin.send('DELETE', `/api/users/${made.body.id}`)).status).toBe(200)
    expect((await vera.get('/api/me')).status).toBe(401)
    expect((await audited()).slice(0, 3)).toEqual(['user.deleted', 'user.changed', 'login.ok'])
  })

  test('R3 a new role, password or being disabled ends every session', async () => {
    const { admin, add, browser, clock } = await withAdmin()
    const ben = await add('ben')
    for (const change of [{ role: 'viewer' }, { password: 'a meadow of thistles' }, { disabled: true }]) {
      clock.advance(61_000)
      const page = browser('10.0.0.2')
      await page.logIn('ben', change.role || change.password ? password : 'a meadow of thistles')
      expect((await page.get('/api/me')).status).toBe(200)
      expect((await admin.send('PATCH', `/api/users/${ben}`, change)).status).toBe(200)
      expect((await page.get('/api/me')).status).toBe(401)
    }
    clock.advance(61_000)
    expect((await browser().logIn('ben', 'a meadow of thistles')).status).toBe(401)
  })

  test('there is always an administrator who can sign in', async () => {
    const { admin, adminId } = await withAdmin()
    for (const change of [{ role: 'viewer' }, { disabled: true }])
      expect((await admin.send('PATCH', `/api/users/${adminId}`, change)).body.code).toBe('conflict')
    expect((await admin.send('DELETE', `/api/users/${adminId}`)).body.code).toBe('conflict')
    expect((await admin.get('/api/me')).body.role).toBe('admin')
  })

  test('names and e-mail addresses are one space: nobody can pass for another', async () => {
    const { admin } = await withAdmin()
    const add = (username: string, email: string | null) =>
      admin.post('/api/users', { username, email, password: 'a meadow of thistles', role: 'viewer' })
    expect((await add('ANNA', null)).body.code).toBe('conflict')
    expect((await add('ａｎｎａ', null)).body.code).toBe('conflict')
    expect((await add('anna@example.org', null)).body.code).toBe('conflict')
    expect((await add('eve', 'anna@example.org')).body.code).toBe('conflict')
  })

  test('R24 the audit log tells what changed, and never a password', async () => {
    const { admin, add, auditText } = await withAdmin()
    const ben = await add('ben', 'viewer')
    await admin.send('PATCH', `/api/users/${ben}`, { username: 'Benno', password: 'a meadow of thistles' })
    const text = await auditText()
    expect(text).toContain('"before":{"username":"ben"},"after":{"username":"Benno"},"password":"changed"')
    expect(text).not.toMatch(/thistles|argon2/)
  })

  test('R24 a name that is nobody’s is not written down, for it may be a password', async () => {
    const { browser, auditText } = await withAdmin()
    await browser('10.0.0.9').logIn('my secret password', 'anna')
    expect(await auditText()).toContain('(unknown name)')
    expect(await auditText()).not.toContain('my secret')
  })

  test('R4 an administrator takes a lost second factor away, and the sessions with it', async () => {
    const { admin, add, browser, codeOf, clock, audited } = await withAdmin()
    const ben = await add('ben', 'viewer')
    const page = browser('10.0.0.2')
    await page.logIn('ben')
    const { secret } = (await page.post('/api/me/totp', { password })).body
    await page.post('/api/me/totp/confirm', { code: codeOf(secret) })
    expect((await admin.post(`/api/users/${ben}/reset-second-factor`)).status).toBe(200)
    expect((await page.get('/api/me')).status).toBe(401)
    clock.advance(61_000)
    expect((await page.logIn('ben')).status).toBe(200)
    expect(await audited()).toContain('second_factor.reset')
  })
})

describe('R2 passwords', () => {
  test('that are tried first are refused, wherever they are set', async () => {
    const { admin } = await withAdmin()
    const user = { username: 'Vera', role: 'viewer' }
    expect((await admin.post('/api/users', { ...user, password: 'Password1234!' })).body).toMatchObject({
      code: 'bad_request',
      field: 'password',
    })
    const change = { password, newPassword: '1qaz2wsx3edc' }
    expect((await admin.post('/api/me/password', change)).body.field).toBe('newPassword')
  })

  test('R3 changing it ends the other sessions, and gives this one another cookie', async () => {
    const { admin, browser } = await withAdmin()
    const other = browser()
    await other.logIn('anna')
    const before = admin.jar.get('vedette') ?? ''
    const change = { password, newPassword: 'a meadow of thistles' }
    expect((await admin.post('/api/me/password', { ...change, password: 'not it, not it' })).status).toBe(403)
    expect((await admin.post('/api/me/password', change)).status).toBe(200)
    expect((await other.get('/api/me')).status).toBe(401)
    expect((await admin.get('/api/me')).status).toBe(200)
    expect((await browser().get('/api/me', { cookie: `vedette=${before}` })).status).toBe(401)
  })

  test('R7 ten a minute are tried for an open session, too', async () => {
    const { admin, clock } = await withAdmin()
    const guess = async (given: string) => (await admin.post('/api/reauth', { password: given })).status
    for (let i = 0; i < 10; i++) expect(await guess(`guess number ${i}`)).toBe(403)
    expect(await guess(password)).toBe(429)
    clock.advance(61_000)
    expect(await guess(password)).toBe(200)
  })
})

describe('R9 sensitive actions', () => {
  test('need the password of the last ten minutes', async () => {
    const { admin, adminId, clock, audited } = await withAdmin()
    clock.advance(longAgo)
    const actions = [
      () => admin.post('/api/users', { username: 'x', password: 'a meadow of thistles', role: 'admin' }),
      () => admin.send('PATCH', `/api/users/${adminId}`, { disabled: true }),
      () => admin.send('DELETE', `/api/users/${adminId}`),
      () => admin.post(`/api/users/${adminId}/reset-second-factor`),
      () => admin.post('/api/me/tokens', { name: 'x', rights: ['view'] }),
      () => admin.send('PATCH', '/api/policy', {}),
    ]
    for (const action of actions) expect((await action()).body.code).toBe('reauthentication_required')
    expect((await admin.get('/api/users')).status).toBe(200)
    expect((await admin.post('/api/reauth', { password })).status).toBe(200)
    expect((await admin.post('/api/me/tokens', { name: 'x', rights: ['view'] })).status).toBe(201)
    clock.advance(longAgo)
    expect((await admin.post('/api/me/tokens', { name: 'x', rights: ['view'] })).status).toBe(401)
    expect(await audited()).toContain('reauth.ok')
  })

  test('a wall clock that is set back does not make an old proof fresh', async () => {
    const { admin, clock } = await withAdmin()
    clock.step(-60_000)
    expect((await admin.send('PATCH', '/api/policy', {})).body.code).toBe('reauthentication_required')
  })
})

describe('R3 sessions', () => {
  test('are listed with device and address, and ended one by one or all', async () => {
    const { admin, browser, adminId } = await withAdmin()
    const [b, c] = [browser('10.0.0.2'), browser('10.0.0.3')]
    await b.post('/api/login', { username: 'anna', password }, { 'user-agent': 'Phone' })
    await c.logIn('anna')
    const { sessions } = (await admin.get('/api/me/sessions')).body
    expect(sessions).toHaveLength(3)
    expect(sessions.filter((s: { isCurrent: boolean }) => s.isCurrent)).toHaveLength(1)
    const phone = sessions.find((s: { userAgent: string }) => s.userAgent === 'Phone')
    expect(phone.address).toBe('10.0.0.2')
    expect((await admin.send('DELETE', `/api/me/sessions/${phone.id}`)).status).toBe(200)
    expect([(await b.get('/api/me')).status, (await c.get('/api/me')).status]).toEqual([401, 200])
    await admin.send('DELETE', '/api/me/sessions')
    expect([(await c.get('/api/me')).status, (await admin.get('/api/me')).status]).toEqual([401, 200])
    await admin.send('DELETE', `/api/users/${adminId}/sessions`)
    expect((await admin.get('/api/me')).status).toBe(401)
  })
})

describe('R8 API tokens', () => {
  async function withToken(given: object = {}) {
    const server = await withAdmin()
    const made = await server.admin.post('/api/me/tokens', { name: 'script', rights: ['view', 'control'], ...given })
    return { ...server, token: String(made.body.token), made }
  }

  test('are 256 bits, shown once, stored hashed, and end after 90 days', async () => {
    const { admin, token, made, db, browser, clock, auditText } = await withToken()
    expect(Buffer.from(token.slice(4), 'base64url')).toHaveLength(32)
    expect(made.body.view.expiresMs - clock.nowMs()).toBe(90 * 86_400_000)
    expect(JSON.stringify((await admin.get('/api/me/tokens')).body)).not.toContain(token)
    expect(JSON.stringify(await db.selectFrom('api_token').selectAll().execute())).not.toContain(token)
    expect(await auditText()).not.toContain(token)
    const use = () => browser().get('/api/views', { 'x-api-key': token })
    expect((await use()).status).toBe(200)
    clock.advance(90 * 86_400_000)
    expect((await use()).status).toBe(401)
  })

  test('are equal in both headers, worthless in a query or a cookie, and never helped by a cookie', async () => {
    const { token, browser, admin } = await withToken()
    const ask = async (url: string, headers: object) => (await browser().get(url, headers)).status
    expect(await ask('/api/views', { authorization: `Bearer ${token}` })).toBe(200)
    expect(await ask('/api/views', { 'x-api-key': token })).toBe(200)
    expect(await ask('/api/views', { 'x-api-key': token, authorization: 'Bearer other' })).toBe(400)
    for (const name of ['token', 'api_key', 'access_token', 'x-api-key'])
      expect(await ask(`/api/views?${name}=${token}`, {})).toBe(401)
    expect(await ask('/api/views', { cookie: `vedette=${token}` })).toBe(401)
    expect((await admin.get('/api/views', { 'x-api-key': 'vdt_wrong' })).status).toBe(401)
  })

  test('see as a viewer, do nothing but what is about cameras, and name only cameras of their user', async () => {
    const { token, browser, admin, add } = await withToken()
    const key = { 'x-api-key': token }
    expect((await browser().get('/api/views', key)).body).toEqual({ cameras: 'all', role: 'viewer' })
    expect((await browser().get('/api/admins', key)).status).toBe(403)
    for (const [method, url] of [
      ['POST', '/api/me/tokens'],
      ['POST', '/api/reauth'],
      ['POST', '/api/me/password'],
      ['GET', '/api/me/sessions'],
    ] as const)
      expect((await browser().send(method, url, method === 'POST' ? {} : undefined, key)).status).toBe(403)
    const ben = await add('ben', 'viewer')
    await admin.send('PATCH', `/api/users/${ben}`, { grants: [] })
    const page = browser('10.0.0.2')
    await page.logIn('ben')
    const foreign = { name: 'x', rights: ['view'], cameras: [newId(1)] }
    expect((await page.post('/api/me/tokens', foreign)).body.field).toBe('cameras')
  })

  test('end with their user’s rights, by hand, and when the user is disabled', async () => {
    const { admin, add, browser } = await withAdmin()
    const ben = await add('ben', 'viewer')
    const page = browser('10.0.0.2')
    await page.logIn('ben')
    const made = (await page.post('/api/me/tokens', { name: 'x', rights: ['view', 'replay'] })).body
    const use = () => browser().get('/api/views', { 'x-api-key': made.token })
    await admin.send('PATCH', `/api/users/${ben}`, { grants: [{ on: 'all', rights: ['replay'] }] })
    expect((await use()).body.cameras).toEqual([])
    await admin.send('PATCH', `/api/users/${ben}`, { disabled: true })
    expect((await use()).status).toBe(401)
    await admin.send('PATCH', `/api/users/${ben}`, { disabled: false })
    expect((await use()).status).toBe(200)
    expect((await admin.get('/api/tokens')).body.tokens).toMatchObject([{ username: 'ben' }])
    await admin.send('DELETE', `/api/tokens/${made.view.id}`)
    expect((await use()).status).toBe(401)
  })

  test('R7 R24 guessing them costs no writing for each, is counted over a restart, and told', async () => {
    const { db, clock, entries, browser, queries } = await withToken()
    const guess = async (address: string) =>
      (await browser(address).get('/api/views', { 'x-api-key': `vdt_${'x'.repeat(43)}` })).status
    await guess('10.7.0.1')
    queries.asked = []
    for (let i = 0; i < 300; i++) expect(await guess('10.7.0.1')).toBe(i < 9 ? 401 : 429)
    // That it is too many is one entry.
    expect(queries.asked.filter((kind) => !kind.startsWith('Select'))).toEqual(['InsertQueryNode'])
    for (let i = 0; i < 1500; i++) await guess(`10.8.${i >> 8}.${i & 255}`)
    expect(queries.asked.filter((kind) => kind === 'InsertQueryNode').length).toBeLessThan(130)
    clock.advance(5000)
    await guess('10.7.0.1')
    const again = new WrongTokens(db, clock)
    expect(await again.count('10.7.0.1')).toBe(false)
    // What was counted since it was written last goes along with an orderly end.
    for (let i = 0; i < 10; i++) await again.count('10.7.0.3')
    expect(await new WrongTokens(db, clock).count('10.7.0.3')).toBe(true)
    await again.close()
    expect(await new WrongTokens(db, clock).count('10.7.0.3')).toBe(false)
    expect(await again.count('10.7.0.2')).toBe(true)
    const told = (await entries()).filter(({ address }) => address === '10.7.0.1')
    expect(told.map(({ kind, username }) => [kind, username])).toEqual([
      ['login.limited', '(API token)'],
      ['login.failed', '(API token)'],
    ])
  })

  test('R7 guessing them is slowed, and does not hinder the right one', async () => {
    const { token, browser, clock } = await withToken()
    const guess = async () => (await browser().get('/api/views', { 'x-api-key': 'vdt_guess' })).status
    for (let i = 0; i < 10; i++) expect(await guess()).toBe(401)
    expect(await guess()).toBe(429)
    expect((await browser().get('/api/views', { 'x-api-key': token })).status).toBe(200)
    clock.advance(61_000)
    expect(await guess()).toBe(401)
  })
})

test('R24 refusals are written down, guesses and limits too', async () => {
  const { browser, audited } = await withAdmin()
  for (let i = 0; i < 12; i++) await browser('10.0.0.9').logIn('anna', 'guess guess guess')
  const kinds = await audited()
  expect(kinds.filter((kind) => kind === 'login.failed')).toHaveLength(9)
  expect(kinds).toContain('login.limited')
})
