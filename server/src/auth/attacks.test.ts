/** Ways in that were tried by hand once, kept as tests: each begins where an attacker would. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { type AccountServer, enrol, openAccountServer, password } from '../../../test/support/account-server.ts'
import { hashPassword } from './password.ts'
import { addSession } from './session-store.ts'
import { setPassword } from './user-store.ts'

const wrong = 'not the password at all'

async function withAnna(role: 'admin' | 'viewer' = 'admin') {
  const server = await openAccountServer()
  const userId = await server.add('anna', role)
  const page = server.browser('10.0.0.1')
  await page.logIn('anna')
  return { server, page, userId }
}
/** A browser whose password was right and whose second factor is still to come. */
async function halfIn(server: AccountServer, address: string) {
  server.clock.advance(61_000)
  const page = server.browser(address)
  expect((await page.logIn('anna')).status).toBe(202)
  return page
}
const statusOf = async (page: { get: (url: string) => Promise<{ status: number }> }) =>
  (await page.get('/api/me')).status

test('R3 session fixation: what was in the browser before is neither taken over nor left open', async () => {
  const { server } = await withAnna()
  await server.add('eve')
  const victim = server.browser('10.0.0.2')
  const planted = server.browser('10.0.0.66')
  await planted.logIn('eve')
  const evesCookie = planted.jar.get('vedette') ?? ''
  for (const value of ['chosen-by-the-attacker', evesCookie]) {
    victim.jar.set('vedette', value)
    await victim.logIn('anna')
    expect(victim.jar.get('vedette')).not.toBe(value)
    expect((await victim.get('/api/me')).body.username).toBe('anna')
  }
  expect(await statusOf(planted)).toBe(401)
})

test('R3 cookie tossing: a cookie that comes twice opens nothing, whichever is first', async () => {
  const { server, page } = await withAnna()
  const own = `vedette=${page.jar.get('vedette')}`
  const other = server.browser('10.0.0.2')
  const ask = async (cookie: string) => (await other.get('/api/me', { cookie })).status
  expect(await ask(own)).toBe(200)
  expect(await ask(`theme=dark; ${own}; lang=de`)).toBe(200)
  for (const cookie of [`${own}; vedette=x`, `vedette=x; ${own}`, `${own}; ${own}`, `__Host-${own}`, `Vedette=x`])
    expect(await ask(cookie), cookie).toBe(401)
})

test('R4 the second factor cannot be gone around', async () => {
  const { server, page } = await withAnna()
  const { secret, recovery } = await enrol(server, page)
  const half = await halfIn(server, '10.0.0.2')
  const stage = half.jar.get('vedette-login') ?? ''
  const stranger = server.browser('10.0.0.3')
  // The half-done sign-in is no session, under no name, and no trusted device either.
  for (const name of ['vedette', 'vedette-device'])
    expect((await stranger.get('/api/me', { cookie: `${name}=${stage}` })).status).toBe(401)
  expect((await stranger.logIn('anna')).status).toBe(202)
  for (const path of ['/api/reauth', '/api/me/totp', '/api/me/totp/remove', '/api/me/recovery-codes'])
    expect((await half.post(path, { password })).status, path).toBe(401)
  // Nor does another user's stage, another method's proof, or the name instead of the code.
  await server.add('eve')
  const eve = server.browser('10.0.0.66')
  await eve.logIn('eve')
  const { secret: evesSecret } = await enrol(server, eve)
  for (const proof of [
    { method: 'totp', code: server.codeOf(evesSecret) },
    { method: 'recovery', code: server.codeOf(secret) },
    { method: 'totp', code: recovery[0] },
    { method: 'recovery', code: '' },
  ])
    expect((await half.prove(proof)).status, proof.method).not.toBe(200)
  expect((await stranger.prove({ method: 'recovery', code: recovery[0] })).status).toBe(200)
})

test('R4 one code, many sign-ins at the same moment: one gets in', async () => {
  const { server, page } = await withAnna()
  const { secret, recovery } = await enrol(server, page)
  for (const proof of [
    () => ({ method: 'totp', code: server.codeOf(secret) }),
    () => ({ method: 'recovery', code: recovery[1] }),
  ]) {
    const pages = []
    for (let n = 0; n < 6; n++) pages.push(await halfIn(server, `10.0.1.${n}`))
    const given = proof()
    const statuses = await Promise.all(pages.map(async (one) => (await one.prove(given)).status))
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
  }
})

test('R4 a stage that is over opens nothing, also when its cookie was kept', async () => {
  const { server, page } = await withAnna()
  const { recovery } = await enrol(server, page)
  const half = await halfIn(server, '10.0.0.2')
  const stage = half.jar.get('vedette-login') ?? ''
  expect((await half.prove({ method: 'recovery', code: recovery[0] })).status).toBe(200)
  half.jar.set('vedette-login', stage)
  expect((await half.prove({ method: 'recovery', code: recovery[1] })).status).toBe(401)
  const second = await halfIn(server, '10.0.0.3')
  await page.post('/api/me/password', { password, newPassword: 'another quiet lantern' })
  expect((await second.prove({ method: 'recovery', code: recovery[1] })).status).toBe(401)
})

test('R3 adding or removing a second factor gives the session another cookie', async () => {
  const { server, page } = await withAnna()
  const copied = page.jar.get('vedette') ?? ''
  await enrol(server, page)
  const afterwards = page.jar.get('vedette')
  expect(afterwards).not.toBe(copied)
  await page.post('/api/me/totp/remove', { password })
  expect(page.jar.get('vedette')).not.toBe(afterwards)
  expect(await statusOf(page)).toBe(200)
  for (const old of [copied, afterwards])
    expect((await server.browser().get('/api/me', { cookie: `vedette=${old}` })).status).toBe(401)
})

test('R9 a stolen session gets no further: nothing but the password makes it fresh', async () => {
  const { server, page, userId } = await withAnna()
  server.clock.advance(11 * 60_000)
  const attempts: readonly [string, string, object][] = [
    ['POST', '/api/me/tokens', { name: 'x', rights: ['view'], cameras: null, days: 1 }],
    ['PATCH', `/api/users/${userId}`, { password: 'another quiet lantern' }],
    ['POST', '/api/groups', { name: 'Mine' }],
  ]
  const codes = async () => {
    const answers = []
    for (const [method, path, body] of attempts)
      answers.push((await page.send(method === 'PATCH' ? 'PATCH' : 'POST', path, body)).body.code)
    return answers
  }
  expect(await codes()).toEqual(attempts.map(() => 'reauthentication_required'))
  expect((await page.post('/api/reauth', { password: wrong })).status).toBe(403)
  // Neither a change of the profile nor a look at it counts as a proof.
  await page.send('PATCH', '/api/me', { language: 'de' })
  await page.get('/api/me/second-factor')
  expect(await codes()).toEqual(attempts.map(() => 'reauthentication_required'))
  for (const path of ['/api/me/totp', '/api/me/passkeys/options', '/api/me/recovery-codes'])
    expect((await page.post(path, { password: wrong })).status, path).toBe(403)
})

test('R4 nor does a fresh one that is stolen: one’s own password and factors are not changed as another’s are', async () => {
  const { server, page, userId } = await withAnna()
  await enrol(server, page)
  const own = `/api/users/${userId}`
  expect((await page.post(`${own}/reset-second-factor`, {})).body.code).toBe('conflict')
  expect((await page.send('PATCH', own, { password: 'another quiet lantern' })).body.code).toBe('conflict')
  expect((await page.get('/api/me')).body.hasSecondFactor).toBe(true)
  expect((await page.send('PATCH', own, { username: 'annabel' })).status).toBe(200)
})

test('R3 a request whose body is held back does not outlive its sender’s rights', async () => {
  const { server, page, userId } = await withAnna()
  await server.add('ben')
  await server.http.listen({ host: '127.0.0.1', port: 0 })
  const { port } = z.object({ port: z.number() }).parse(server.http.server.address())
  const body = JSON.stringify({ name: 'Mine', cameras: [] })
  /** The head now, and the body when it is called. */
  const begin = async () => {
    const socket = connect({ host: '127.0.0.1', port })
    await once(socket, 'connect')
    const head = ['POST /api/groups HTTP/1.1', 'Host: 127.0.0.1', 'Connection: close', 'Content-Type: application/json']
    const lines = [...head, `Content-Length: ${body.length}`, `Cookie: vedette=${page.jar.get('vedette')}`, '', '']
    const before = server.letIn.length
    socket.write(lines.join('\r\n'))
    await vi.waitFor(() => expect(server.letIn.length).toBeGreaterThan(before), 10_000)
    return async () => {
      socket.write(body)
      let answer = ''
      for await (const chunk of socket) answer += String(chunk)
      return answer.split(' ')[1]
    }
  }
  const goesOn = await begin()
  const demoted = await begin()
  server.clock.advance(2000)
  expect(await goesOn()).toBe('201')
  await server.db.updateTable('user').set({ role: 'viewer' }).where('id', '=', userId).execute()
  expect(await demoted()).toBe('403')
  await server.db.updateTable('user').set({ role: 'admin' }).where('id', '=', userId).execute()
  const signedOut = await begin()
  server.clock.advance(2000)
  await server.db.deleteFrom('session').execute()
  expect(await signedOut()).toBe('401')
  await server.http.close()
})

test('R7 a crowd is told to come back, and keeps nobody else out, nor anybody out of a trusted browser', async () => {
  const { server, page } = await withAnna()
  await server.add('ben')
  await enrol(server, page)
  const trusted = await halfIn(server, '10.0.0.9')
  const { recoveryCodes } = (await page.post('/api/me/recovery-codes', { password })).body
  expect((await trusted.prove({ method: 'recovery', code: recoveryCodes[0] }, true)).status).toBe(200)
  server.clock.advance(61_000)
  const crowd = Array.from({ length: 450 }, (_, n) => server.browser(`10.9.0.${n % 10}`).logIn('anna', wrong))
  const late = server.browser('10.7.0.1').logIn('ben')
  const own = trusted.logIn('anna')
  expect((await late).status).toBe(200)
  expect((await own).status).toBe(200)
  const statuses = (await Promise.all(crowd)).map(({ status }) => status)
  expect([...new Set(statuses)].sort()).toEqual([401, 429, 503])
})

test('R24 a sign-in from somewhere new is told as that, once', async () => {
  const { server } = await withAnna()
  for (const address of ['10.0.0.1', '10.5.0.1', '10.5.0.1', '2001:db8::1', '2001:db8::2']) {
    server.clock.advance(61_000)
    await server.browser(address).logIn('anna')
  }
  const news = (await server.entries()).filter(({ detail }) => detail.newPlace === true).map(({ address }) => address)
  expect(news.reverse()).toEqual(['10.5.0.1', '2001:db8::1'])
})

test('R38 a user has at most a hundred sessions open, and those used last stay', async () => {
  const { server, page, userId } = await withAnna()
  for (let n = 0; n < 104; n++) {
    server.clock.advance(1000)
    await addSession(server.db, { userId, address: '10.2.0.1', userAgent: '' }, server.clock.nowMs())
  }
  server.clock.advance(61_000)
  const last = server.browser('10.2.1.1')
  await last.logIn('anna')
  expect((await last.get('/api/me/sessions')).body.sessions).toHaveLength(100)
  expect(await statusOf(page)).toBe(401)
})

test('R24 whoever guesses for a year fills no disk', async () => {
  const { server } = await withAnna()
  const hour = 3_600_000
  for (let n = 0; n < 300; n++) {
    if (n % 10 === 0) server.clock.advance(61_000)
    await server.audit({ kind: 'login.failed', userId: null, username: '(unknown name)', address: `10.3.0.${n % 250}` })
  }
  server.clock.advance(hour)
  await server.audit({ kind: 'login.failed', userId: null, username: '(unknown name)', address: '10.3.0.1' })
  const entries = await server.entries()
  expect(entries.filter(({ kind }) => kind === 'login.failed').length).toBeLessThan(140)
  const summed = entries
    .filter(({ kind }) => kind === 'refusals.summed')
    .map(({ detail }) => Number(Object(detail.kinds)['login.failed']))
  const one = entries.filter(({ kind }) => kind === 'login.failed').length
  expect(one + summed.reduce((sum, count) => sum + count, 0)).toBe(301)
})

/** Others ask for passwords, so that the next one waits its turn. */
const crowd = () => Promise.all(Array.from({ length: 12 }, (_, i) => hashPassword(password, `crowd ${i}`)))

test('R3 a password that is changed while a sign-in waits in line opens nothing', async () => {
  const { server, userId } = await withAnna()
  const thief = server.browser('10.0.0.66')
  const newHash = await hashPassword('another long password')
  const busy = crowd()
  const waiting = thief.logIn('anna')
  const counted = () => server.db.selectFrom('login_attempt').select('subject').execute()
  await expect.poll(async () => JSON.stringify(await counted())).toContain('10.0.0.66') // Its account was read.
  await setPassword(server.db, userId, newHash)
  expect((await waiting).status).toBe(401)
  expect(await server.db.selectFrom('session').select('id').execute()).toEqual([])
  expect(await server.audited()).toEqual(['login.ok'])
  await busy
})

test('R5 an administrator who was demoted while a request waited in line makes nobody', async () => {
  const { server, page } = await withAnna()
  const benId = await server.add('ben')
  const ben = server.browser('10.0.0.2')
  await ben.logIn('ben')
  const busy = crowd()
  const back = ben.post('/api/users', { username: 'back door', password: 'another long password', role: 'admin' })
  expect((await page.send('PATCH', `/api/users/${benId}`, { role: 'viewer' })).status).toBe(200)
  expect((await back).status).toBe(403)
  expect((await page.get('/api/users')).body.users).toHaveLength(2)
  await busy
})

test('R24 nobody fills the log by ending sessions that there are not', async () => {
  const { server, page } = await withAnna('viewer')
  for (let i = 0; i < 40; i++) await page.send('DELETE', '/api/me/sessions')
  expect((await server.audited()).filter((kind) => kind === 'session.ended')).toHaveLength(30)
})
