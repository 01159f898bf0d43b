/** Accounts over HTTP, with the real guard, database and cookies. */
import { describe, expect, test } from 'vitest'
import { openDatabase } from '../db/database.ts'
import { openHttp } from '../http/server.ts'
import { ManualClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import { addressGroup } from './attempt-store.ts'
import { authRoutes } from './auth-routes.ts'
import { camerasOf } from './camera-rights.ts'
import { findCaller } from './find-caller.ts'
import { SetupCode } from './setup-code.ts'
import { WrongTokens } from './wrong-tokens.ts'

const password = 'correct horse battery'

async function server(options: { closedReason?: string } = {}) {
  const clock = new ManualClock()
  const db = await openDatabase({ kind: 'sqlite', path: ':memory:' })
  const code = new SetupCode()
  let setupCode: SetupCode | undefined = code
  const http = await openHttp({
    guard: {
      findCaller: findCaller({ db, clock, auditOnce: async () => {}, wrongTokens: new WrongTokens(db, clock) }),
      camerasOf: (caller, right) => camerasOf(db, caller, right),
      findCameraOf: { camera: async () => undefined, event: async () => undefined, segment: async () => undefined },
    },
    hosts: () => [],
    webDir: '/nowhere',
    clock,
    log: silentLog,
  })
  authRoutes(http, {
    db,
    clock,
    log: silentLog,
    key: Buffer.alloc(32, 7),
    audit: async () => {},
    change: (change) => change(db),
    auditOnce: async () => {},
    setupCode: () => setupCode,
    closeSetup: () => {
      setupCode = undefined
    },
    setupClosedReason: () => options.closedReason ?? null,
    defaultVolume: async () => null,
    shrinkPicture: async () => Buffer.from('a jpeg'),
  })
  http.get('/api/secret', { config: { access: { kind: 'admin' } } }, async () => ({ ok: true }))
  const post = (url: string, body: object, headers: Record<string, string> = {}) =>
    http.inject({ method: 'POST', url, payload: body, headers: { host: '127.0.0.1:8080', ...headers } })
  const get = (url: string, headers: Record<string, string> = {}) =>
    http.inject({ method: 'GET', url, headers: { host: '127.0.0.1:8080', ...headers } })
  const setUp = async () => {
    const answer = await post('/api/setup', { code: code.shown, username: 'Anna', password })
    return String(answer.headers['set-cookie']).split(';')[0] ?? ''
  }
  return { clock, http, code, post, get, setUp }
}

describe('set-up', () => {
  test('R1 makes the first administrator with the code on the console, once', async () => {
    const { post, get, code, setUp } = await server()
    expect((await get('/api/setup')).json()).toMatchObject({ needed: true })
    expect((await post('/api/setup', { code: 'wrong', username: 'Eve', password })).statusCode).toBe(403)
    const cookie = await setUp()
    expect((await get('/api/secret', { cookie })).statusCode).toBe(200)
    expect((await get('/api/setup')).json()).toMatchObject({ needed: false })
    expect((await post('/api/setup', { code: code.shown, username: 'Eve', password })).json().code).toBe('setup_closed')
  })

  test('R1 wrong codes are limited, and never keep the right one from being taken', async () => {
    const { post, code } = await server()
    const statuses = []
    for (let i = 0; i < 35; i++)
      statuses.push((await post('/api/setup', { code: `wrong${i}`, username: 'Eve', password })).statusCode)
    expect(statuses).toEqual([...Array(30).fill(403), ...Array(5).fill(429)])
    expect((await post('/api/setup', { code: code.shown, username: 'Anna', password })).statusCode).toBe(200)
  })

  test('R19 a user’s name holds nothing that cannot be seen', async () => {
    const { post, code } = await server()
    for (const username of ['An\u202ena', 'An\u200bna', 'An\u001b[31mna', 'An\nna']) {
      const answer = await post('/api/setup', { code: code.shown, username, password })
      expect(answer.json()).toMatchObject({ code: 'bad_request', field: 'username' })
    }
  })

  test('does not open while it must not', async () => {
    const { post, code } = await server({ closedReason: 'The footage belongs to another database.' })
    const answer = await post('/api/setup', { code: code.shown, username: 'Anna', password })
    expect(answer.json()).toMatchObject({ code: 'setup_closed', message: 'The footage belongs to another database.' })
  })

  test('R2 refuses short passwords and unknown keys, naming the field', async () => {
    const { post } = await server()
    expect((await post('/api/setup', { code: 'x', username: 'A', password: 'short' })).json()).toMatchObject({
      code: 'bad_request',
      field: 'password',
    })
    const answer = await post('/api/setup', { code: 'x', username: 'A', password, isAdmin: true })
    expect(answer.statusCode).toBe(400)
    expect(answer.json().field).toBe('isAdmin')
  })
})

describe('login', () => {
  test('R3 the session is an opaque HttpOnly cookie that ends with logout, idleness and age', async () => {
    const { post, get, setUp, clock } = await server()
    await setUp()
    const login = async () => {
      const answer = await post('/api/login', { username: 'anna', password })
      expect(answer.statusCode).toBe(200)
      const header = String(answer.headers['set-cookie'])
      expect(header).toMatch(/HttpOnly; SameSite=Strict/)
      expect(answer.body).not.toContain(header.split(/[=;]/)[1])
      return header.split(';')[0] ?? ''
    }
    const first = await login()
    expect((await get('/api/me', { cookie: first })).json()).toMatchObject({ username: 'Anna', role: 'admin' })
    await post('/api/logout', {}, { cookie: first })
    expect((await get('/api/me', { cookie: first })).statusCode).toBe(401)
    const idle = await login()
    clock.advance(24 * 3_600_000)
    expect((await get('/api/me', { cookie: idle })).statusCode).toBe(401)
    const old = await login()
    for (let hour = 0; hour < 30 * 24; hour += 23) {
      clock.advance(23 * 3_600_000)
      await get('/api/me', { cookie: old })
    }
    expect((await get('/api/me', { cookie: old })).statusCode).toBe(401)
  })

  test('R2 answers the same for an unknown user and a wrong password', async () => {
    const { post, setUp } = await server()
    await setUp()
    const wrong = (await post('/api/login', { username: 'anna', password: 'not the password' })).json()
    const unknown = (await post('/api/login', { username: 'nobody', password: 'not the password' })).json()
    expect({ ...unknown, requestId: '' }).toEqual({ ...wrong, requestId: '' })
  })

  test('R7 slows guessing for the account and the address', async () => {
    const { post, setUp, clock } = await server()
    await setUp()
    const guess = async () => (await post('/api/login', { username: 'anna', password: 'guess guess guess' })).statusCode
    for (let i = 0; i < 10; i++) expect(await guess()).toBe(401)
    expect(await guess()).toBe(429)
    clock.advance(61_000)
    expect(await guess()).toBe(401)
  })

  test('R7 counts an IPv6 network of /64 as one', () => {
    expect(addressGroup('2001:db8:1:2:aaaa::1')).toBe(addressGroup('2001:db8:1:2::ffff'))
    expect(addressGroup('2001:db8:1:3::1')).not.toBe(addressGroup('2001:db8:1:2::1'))
    expect(addressGroup('::ffff:10.0.0.7')).toBe('10.0.0.7')
  })
})

describe('the door', () => {
  test('R5 nobody gets in without a session, and an unknown address tells nothing', async () => {
    const { get } = await server()
    expect((await get('/api/secret')).json().code).toBe('unauthenticated')
    expect((await get('/api/secret', { cookie: 'vedette=abc' })).statusCode).toBe(401)
    expect((await get('/api/nothing')).statusCode).toBe(404)
  })

  test('R5 a route without an access stops the start', async () => {
    const { http } = await server()
    expect(() => http.get('/api/open', async () => ({}))).toThrow(/names no access/)
  })

  test('R12 refuses other sites and bodies that are not JSON', async () => {
    const { post, http } = await server()
    const body = { username: 'anna', password }
    expect((await post('/api/login', body, { origin: 'http://evil.example' })).statusCode).toBe(403)
    expect((await post('/api/login', body, { 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403)
    expect((await post('/api/login', body, { origin: 'http://127.0.0.1:8080' })).statusCode).toBe(401)
    const form = await http.inject({
      method: 'POST',
      url: '/api/login',
      headers: { host: '127.0.0.1', 'content-type': 'text/plain' },
      payload: '{}',
    })
    expect(form.statusCode).toBe(415)
  })

  test('R14 refuses unknown host names, and R11 sends the headers', async () => {
    const { get } = await server()
    expect((await get('/api/me', { host: 'evil.example' })).statusCode).toBe(400)
    const headers = (await get('/api/setup')).headers
    expect(headers['content-security-policy']).toMatch(/^default-src 'self';/)
    expect(headers['content-security-policy']).not.toMatch(/unsafe|https?:/)
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' })
  })

  test('R19 prototype keys, broken JSON and large bodies are refused', async () => {
    const { http } = await server()
    const send = (payload: string) =>
      http.inject({
        method: 'POST',
        url: '/api/login',
        headers: { host: 'localhost', 'content-type': 'application/json' },
        payload,
      })
    expect((await send('{"__proto__":{"a":1},"username":"a","password":"b"}')).statusCode).toBe(400)
    expect((await send('{"username":')).statusCode).toBe(400)
    expect((await send(`{"username":"${'a'.repeat(300_000)}"}`)).statusCode).toBe(413)
  })
})
