/** Sign-in with a second factor, over HTTP: what is accepted once, what is limited, what a change ends. */
import { describe, expect, test } from 'vitest'
import { enrol, openAccountServer, password } from '../../../test/support/account-server.ts'

async function withTotp() {
  const server = await openAccountServer()
  await server.add('anna')
  const browser = server.browser()
  await browser.logIn('anna')
  const { secret, recovery } = await enrol(server, browser)
  // The code that confirmed is used up.
  server.clock.advance(60_000)
  return { ...server, signedIn: browser, secret, recovery, code: () => server.codeOf(secret) }
}

describe('R4 TOTP', () => {
  test('is asked for after the password, and the password alone opens nothing', async () => {
    const { browser, code, audited } = await withTotp()
    const page = browser()
    const first = await page.logIn('anna')
    expect(first).toMatchObject({ status: 202, body: { secondFactor: ['totp', 'recovery'] } })
    expect(JSON.stringify(first.body)).not.toContain(page.jar.get('vedette-login'))
    expect((await page.get('/api/me')).status).toBe(401)
    expect(await page.prove({ method: 'totp', code: code() })).toMatchObject({
      status: 200,
      body: { username: 'anna' },
    })
    expect((await page.get('/api/admins')).status).toBe(200)
    expect(page.jar.has('vedette-login')).toBe(false)
    expect(await audited()).toContain('login.ok')
  })

  test('accepts each step once, also for another sign-in, and one step early or late', async () => {
    const { browser, code, clock } = await withTotp()
    const [a, b] = [browser(), browser()]
    await Promise.all([a.logIn('anna'), b.logIn('anna')])
    const shown = code()
    const both = await Promise.all([a, b].map((page) => page.prove({ method: 'totp', code: shown })))
    expect(both.map((answer) => answer.status).sort()).toEqual([200, 403])
    clock.advance(60_000)
    const late = code()
    clock.advance(30_000)
    const page = browser()
    await page.logIn('anna')
    expect((await page.prove({ method: 'totp', code: late })).status).toBe(200)
    const old = code()
    clock.advance(61_000)
    await page.logIn('anna')
    expect((await page.prove({ method: 'totp', code: old })).status).toBe(403)
  })

  test('R7 takes ten codes for one password, also at once, and twenty an hour in all', async () => {
    const { browser, code, clock, recovery, audited } = await withTotp()
    const page = browser()
    await page.logIn('anna')
    const wrong = () => page.prove({ method: 'totp', code: '000000' })
    const answers = await Promise.all(Array.from({ length: 12 }, wrong))
    expect(answers.filter((answer) => answer.status === 403)).toHaveLength(10)
    expect((await page.prove({ method: 'totp', code: code() })).status).toBe(401)
    clock.advance(61_000)
    await page.logIn('anna')
    await Promise.all(Array.from({ length: 12 }, wrong))
    clock.advance(61_000)
    await page.logIn('anna')
    expect((await page.prove({ method: 'totp', code: code() })).status).toBe(429)
    // What cannot be guessed still opens.
    expect((await page.prove({ method: 'recovery', code: recovery[0] })).status).toBe(200)
    expect(await audited()).toContain('login.second_factor_failed')
  })

  test('a half-done sign-in is over after five minutes', async () => {
    const { browser, code, clock } = await withTotp()
    const page = browser()
    await page.logIn('anna')
    clock.advance(5 * 60_000)
    expect((await page.prove({ method: 'totp', code: code() })).status).toBe(401)
  })

  test('enrolling and removing need the password, and end other sessions and trusted devices', async () => {
    const { browser, signedIn, code, clock } = await withTotp()
    for (const url of ['/api/me/totp', '/api/me/totp/remove', '/api/me/recovery-codes', '/api/me/passkeys/options'])
      expect((await signedIn.post(url, { password: 'not the password' })).body).toMatchObject({
        code: 'forbidden',
        field: 'password',
      })
    const other = browser()
    await other.logIn('anna')
    await other.prove({ method: 'totp', code: code() }, true)
    expect((await other.get('/api/me')).status).toBe(200)
    expect((await signedIn.post('/api/me/totp/remove', { password })).status).toBe(200)
    expect((await other.get('/api/me')).status).toBe(401)
    expect((await signedIn.get('/api/me/second-factor')).body).toMatchObject({
      totp: false,
      recoveryCodes: 0,
      devices: [],
    })
    clock.advance(61_000)
    expect((await other.logIn('anna')).status).toBe(200)
  })

  test('a new secret counts when it is confirmed; until then the old one does', async () => {
    const { browser, signedIn, code, codeOf, clock } = await withTotp()
    const { secret } = (await signedIn.post('/api/me/totp', { password })).body
    const page = browser()
    await page.logIn('anna')
    expect((await page.prove({ method: 'totp', code: codeOf(secret) })).status).toBe(403)
    expect((await page.prove({ method: 'totp', code: code() })).status).toBe(200)
    clock.advance(11 * 60_000)
    expect((await signedIn.post('/api/me/totp/confirm', { code: codeOf(secret) })).status).toBe(403)
  })
})

describe('R4 recovery codes', () => {
  test('are ten of 128 bits, each opens one sign-in, and new ones replace the rest', async () => {
    const { browser, signedIn, recovery, clock, auditText } = await withTotp()
    expect(recovery).toHaveLength(10)
    expect(new Set(recovery).size).toBe(10)
    for (const code of recovery) expect(code.replaceAll('-', '')).toMatch(/^[2-9a-hj-km-np-z]{26}$/)
    const page = browser()
    await page.logIn('anna')
    expect((await page.prove({ method: 'recovery', code: recovery[0]?.toUpperCase() })).status).toBe(200)
    await page.logIn('anna')
    expect((await page.prove({ method: 'recovery', code: recovery[0] })).status).toBe(403)
    const made = (await signedIn.post('/api/me/recovery-codes', { password })).body.recoveryCodes
    expect(made).toHaveLength(10)
    clock.advance(61_000)
    await page.logIn('anna')
    expect((await page.prove({ method: 'recovery', code: recovery[1] })).status).toBe(403)
    expect((await page.prove({ method: 'recovery', code: made[1] })).status).toBe(200)
    expect(await auditText()).not.toContain(made[1].slice(0, 9))
  })
})

describe('R4 trusted devices', () => {
  test('skip the second factor for 30 days, for their user only, until they are forgotten', async () => {
    const { browser, code, clock, add } = await withTotp()
    await add('ben')
    const page = browser()
    await page.logIn('anna')
    await page.prove({ method: 'totp', code: code() }, true)
    expect((await page.logIn('anna')).status).toBe(200)
    const { devices } = (await page.get('/api/me/second-factor')).body
    expect(devices).toMatchObject([{ isCurrent: true }])
    expect(JSON.stringify(devices)).not.toContain(page.jar.get('vedette-device'))
    await page.send('DELETE', `/api/me/devices/${devices[0].id}`)
    clock.advance(61_000)
    expect((await page.logIn('anna')).status).toBe(202)
    await page.prove({ method: 'totp', code: code() }, true)
    clock.advance(30 * 86_400_000)
    expect((await page.logIn('anna')).status).toBe(202)
  })

  test('R7 nobody elsewhere locks a user out of one', async () => {
    const { browser, code, clock } = await withTotp()
    const page = browser('10.0.0.5')
    await page.logIn('anna')
    await page.prove({ method: 'totp', code: code() }, true)
    clock.advance(61_000)
    const stranger = browser('203.0.113.9')
    for (let i = 0; i < 11; i++) await stranger.logIn('anna', 'guess guess guess')
    expect((await browser('10.0.0.6').logIn('anna')).status).toBe(429)
    expect((await page.logIn('anna')).status).toBe(200)
  })
})

describe('R4 a second factor that is required', () => {
  test('leaves nothing open but the way to one, for sessions and tokens alike', async () => {
    const { add, browser, db, codeOf, clock } = await openAccountServer()
    await add('anna')
    const page = browser()
    await page.logIn('anna')
    const token = (await page.post('/api/me/tokens', { name: 'script', rights: ['view'] })).body.token
    await db.updateTable('user').set({ needs_factor: 1 }).execute()
    expect((await page.get('/api/me')).body).toMatchObject({ mustEnrol: true })
    expect((await page.get('/api/admins')).body.code).toBe('second_factor_required')
    expect((await browser().get('/api/views', { 'x-api-key': token })).body.code).toBe('second_factor_required')
    expect((await page.post('/api/me/tokens', { name: 'x', rights: ['view'] })).body.code).toBe(
      'second_factor_required',
    )
    const { secret } = (await page.post('/api/me/totp', { password })).body
    await page.post('/api/me/totp/confirm', { code: codeOf(secret) })
    expect((await page.get('/api/admins')).status).toBe(200)
    clock.advance(61_000)
    expect((await page.post('/api/me/totp/remove', { password })).body.code).toBe('conflict')
    expect((await page.get('/api/me/second-factor')).body.totp).toBe(true)
  })

  test('is required by policy and by role, and administrators cannot shut themselves out', async () => {
    const { add, browser, codeOf } = await openAccountServer()
    await add('anna')
    const ben = await add('ben', 'viewer')
    const [admin, viewer] = [browser(), browser('10.0.0.2')]
    await admin.logIn('anna')
    await viewer.logIn('ben')
    const policy = (change: object) => admin.send('PATCH', '/api/policy', change)
    expect((await policy({ adminsNeedSecondFactor: true })).body.code).toBe('conflict')
    expect((await policy({ viewersNeedSecondFactor: true })).status).toBe(200)
    expect((await viewer.get('/api/views')).body.code).toBe('second_factor_required')
    await policy({ viewersNeedSecondFactor: false })
    expect((await viewer.get('/api/views')).status).toBe(200)
    const role = (await admin.post('/api/roles', { name: 'Guard', rights: ['view'], needsSecondFactor: true })).body
    await admin.send('PATCH', `/api/users/${ben}`, { grants: [{ on: 'all', roleId: role.id }] })
    expect((await viewer.get('/api/views')).body.code).toBe('second_factor_required')
    const { secret } = (await admin.post('/api/me/totp', { password })).body
    await admin.post('/api/me/totp/confirm', { code: codeOf(secret) })
    expect((await policy({ adminsNeedSecondFactor: true })).status).toBe(200)
  })
})
