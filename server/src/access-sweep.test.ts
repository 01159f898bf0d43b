/**
 * Every route, asked as everybody for every kind of object, and compared with test/access-table.data.ts: over real sockets,
 * with Range requests and WebSockets. Then what the table cannot say: what lists, answers and pushed messages hold.
 */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import WebSocket from 'ws'
import { accessClasses, accessTable, type Named, type Outcome } from '../../test/access-table.data.ts'
import { AccessHouse, hiddenAddress, setRights, type Who } from '../../test/support/access-house.ts'
import { addressOf, queries } from '../../test/support/route-address.ts'

const people: readonly Who[] = ['nobody', 'viewerA', 'viewerB', 'liveOnlyA', 'tokenA', 'adminToken', 'admin']

/** They act without a body, and say themselves who is let in. */
const withoutBody = /(login\/passkey|logout|reset-second-factor)$/

let house: AccessHouse
beforeAll(async () => {
  house = await AccessHouse.open()
})
afterAll(() => house[Symbol.asyncDispose]())

/** A refusal by the guard, or 'in'. Handlers' own 404s have codes or objects of their own where they matter. */
async function outcomeOf(from: AccessHouse, who: Who, route: string, named: Named): Promise<Outcome> {
  const method = route.slice(0, route.indexOf(' '))
  const address = addressOf(route, named, from)
  const status = address.endsWith('/live')
    ? await openSocket(from, who, address)
    : await ask(from, who, method, address)
  return status === 401 || status === 403 || status === 404 ? status : 'in'
}

async function ask(from: AccessHouse, who: Who, method: string, address: string): Promise<number> {
  const ending = new AbortController()
  const hasBody = method === 'POST' || method === 'PATCH' || method === 'PUT'
  const answer = await from.fetch(who, address, {
    method,
    signal: ending.signal,
    headers: { range: 'bytes=0-99', ...(hasBody && { 'content-type': 'application/json' }) },
    // No route with a body takes this, so that nothing happens behind the guard.
    ...(hasBody && { body: withoutBody.test(address) ? '{}' : '{"unknown key of the sweep":true}' }),
  })
  // An event stream never ends by itself.
  const body = answer.headers.get('content-type')?.startsWith('text/event-stream') ? '' : await answer.text()
  ending.abort()
  if (answer.status !== 404 || method === 'HEAD') return answer.status
  // Behind the guard: there is no picture of that instant, but the camera may be looked at.
  return JSON.parse(body).code === 'no_footage' ? 200 : 404
}

function openSocket(from: AccessHouse, who: Who, address: string): Promise<number> {
  const headers = { ...from.headersOf(who), ...(/token/i.test(who) ? {} : { origin: from.url }) }
  const socket = new WebSocket(from.url.replace('http', 'ws') + address, { headers })
  return new Promise((resolve, reject) => {
    socket.on('open', () => {
      socket.close()
      resolve(101)
    })
    socket.on('unexpected-response', (_, answer) => resolve(answer.statusCode ?? 0))
    socket.on('error', (error) => (/Unexpected server response/.test(error.message) ? undefined : reject(error)))
  })
}

describe('R5 every route is in the table', () => {
  test('and the table names no other', async () => {
    const real = house.routes
      .map(({ method, path }) => `${method} ${path}`)
      // Fastify adds a HEAD to each GET; those of files are routes of their own.
      .filter((route) => !route.startsWith('HEAD ') || route in accessTable)
    expect([...new Set(real)].sort()).toEqual(Object.keys(accessTable).sort())
  })

  test('and answers HEAD as it answers GET', () => {
    const accessOf = (method: string, path: string) =>
      house.routes.find((route) => route.method === method && route.path === path)?.access
    for (const { method, path, access } of house.routes)
      if (method === 'HEAD') expect(access).toEqual(accessOf('GET', path))
  })
})

describe('R5 the sweep', () => {
  test.each(Object.entries(accessTable))('%s is for: %s', async (route, className) => {
    // What acts without a body needs a house of its own, if it is let through.
    const acts = /^DELETE|logout$|reset-second-factor$/.test(route)
    for (const who of people) {
      const expected: Outcome | Record<Named, Outcome> = accessClasses[className][who]
      const cases = typeof expected === 'object' ? expected : { ofA: expected }
      for (const [named, outcome] of Object.entries(cases)) {
        const from = acts && outcome === 'in' ? await AccessHouse.open() : house
        if (named !== 'ofA' && named !== 'ofB' && named !== 'missing') throw new Error(named)
        expect({ who, named, outcome: await outcomeOf(from, who, route, named) }).toEqual({ who, named, outcome })
        if (from !== house) await from[Symbol.asyncDispose]()
      }
    }
  })
})

describe('R5 lists hold only what the caller may see', () => {
  const lists: readonly [string, (side: AccessHouse['a']) => string, Who[]][] = [
    ['/api/cameras', (side) => side.camera, ['viewerA', 'liveOnlyA', 'tokenA']],
    ['/api/groups', (side) => side.group, ['viewerA', 'liveOnlyA', 'tokenA']],
    ['/api/events', (side) => side.event, ['viewerA', 'tokenA']],
    [`/api/timeline?${queries.timeline}`, (side) => side.camera, ['viewerA', 'tokenA']],
  ]
  test.each(lists)('%s', async (path, idIn, seesA) => {
    for (const who of people.filter((one) => one !== 'nobody')) {
      const body = await (await house.fetch(who, path)).text()
      const seesAll = who === 'admin' || who === 'adminToken'
      const expected = { ofA: seesAll || seesA.includes(who), ofB: seesAll || who === 'viewerB' }
      expect({ who, ofA: body.includes(idIn(house.a)), ofB: body.includes(idIn(house.b)) }).toEqual({
        who,
        ...expected,
      })
    }
  })

  test('also when a foreign camera is asked for by name', async () => {
    for (const path of [
      `/api/events?camera=${house.b.camera}`,
      `/api/timeline?${queries.timeline}&camera=${house.b.camera}`,
    ])
      expect(await (await house.fetch('viewerA', path)).text()).not.toContain(house.b.event)
  })
})

describe('R6 viewers get no addresses and nobody’s e-mail', () => {
  test('in no answer of any route that is open to them', async () => {
    for (const route of Object.keys(accessTable).filter((one) => one.startsWith('GET') && !/live|updates/.test(one)))
      for (const who of ['viewerA', 'liveOnlyA', 'tokenA', 'adminToken'] as const) {
        const body = await (await house.fetch(who, addressOf(route, 'ofA', house))).text()
        expect(body, `${route} for ${who}`).not.toContain(hiddenAddress)
        expect(body, `${route} for ${who}`).not.toContain('secret of')
        // Their own stands in their profile.
        if (!route.endsWith('/api/me')) expect(body, `${route} for ${who}`).not.toContain('@example.org')
      }
  })

  test('R21 secrets come back to nobody, administrators included', async () => {
    for (const path of ['/api/cameras', '/api/users', '/api/tokens', '/api/audit?limit=1000'])
      expect(await (await house.fetch('admin', path)).text()).not.toMatch(/secret of|argon2|vdt_|_sealed|password_hash/)
  })
})

describe('R3 what is open ends with the right to it', () => {
  const status = {
    state: 'unreachable',
    sinceMs: 1,
    problem: `Nothing answers at ${hiddenAddress}1.`,
    nextTryMs: null,
  } as const
  const facts = { recording: false, motion: true, byHandUntilMs: null, clockOffsetMs: null, main: null, sub: null }

  test('a page hears only of its cameras, without addresses, and of no camera after its rights went', async () => {
    await using own = await AccessHouse.open()
    const ending = new AbortController()
    const answer = await own.fetch('viewerA', '/api/updates', { signal: ending.signal })
    let heard = ''
    const reading = (async () => {
      for await (const chunk of answer.body ?? []) heard += Buffer.from(chunk).toString()
    })().catch(() => {})
    const publish = (cameraId: string) =>
      own.updates.publish({ kind: 'camera', cameraId, status: { ...status, ...facts } })
    await vi.waitFor(() => expect(own.updates.sessionIds).toHaveLength(1))
    publish(own.b.camera)
    publish(own.a.camera)
    await vi.waitFor(() => expect(heard).toContain(own.a.camera))
    expect(heard).not.toContain(own.b.camera)
    expect(heard).not.toContain(hiddenAddress)
    await setRights(own.db, own.a.user, [{ on: { camera: own.b.camera }, rights: ['view'] }])
    await vi.waitFor(() => expect(heard).toContain('cameras_changed'))
    heard = ''
    publish(own.a.camera)
    publish(own.b.camera)
    await vi.waitFor(() => expect(heard).toContain(own.b.camera))
    expect(heard).not.toContain(own.a.camera)
    ending.abort()
    await reading
  })

  const endings: readonly [string, (own: AccessHouse) => Promise<unknown>][] = [
    ['changed rights', (own) => setRights(own.db, own.a.user, [{ on: { camera: own.b.camera }, rights: ['view'] }])],
    ['ended sessions', (own) => own.fetch('admin', `/api/users/${own.a.user}/sessions`, { method: 'DELETE' })],
    ['an emptied group', async (own) => change(own, `/api/groups/${own.a.group}`, { cameras: [] })],
    ['a disabled account', async (own) => change(own, `/api/users/${own.a.user}`, { disabled: true })],
    [
      'a second factor that is required from now on',
      async (own) => change(own, `/api/users/${own.a.user}`, { needsSecondFactor: true }),
    ],
  ]
  test.each(endings)('%s close WebSockets and downloads within 2 s', async (_, end) => {
    await using own = await AccessHouse.open({ segmentMb: 30 })
    await setRights(own.db, own.a.user, [{ on: { group: own.a.group }, rights: ['view', 'replay'] }])
    const address = `${own.url.replace('http', 'ws')}/api/cameras/${own.a.camera}/live`
    const socket = new WebSocket(address, { headers: { ...own.headersOf('viewerA'), origin: own.url } })
    let closedWith = 0
    socket.on('close', (code) => {
      closedWith = code
    })
    await new Promise((resolve) => socket.on('open', resolve))
    const download = await own.fetch('viewerA', `/api/segments/${own.a.segment}/media`)
    const reader = download.body?.getReader()
    await reader?.read()
    const startedMs = performance.now()
    await end(own)
    await vi.waitFor(() => expect(closedWith).toBe(4001))
    const rest = async () => {
      while (!(await reader?.read())?.done);
    }
    await expect(rest()).rejects.toThrow()
    expect(performance.now() - startedMs).toBeLessThan(2500)
  })

  test('the whole audit log stops coming within 2 s of the session', async () => {
    await using own = await AccessHouse.open()
    const detail = JSON.stringify({ filler: 'x'.repeat(20_000) })
    const row = { at_ms: 1, kind: 'logout', user_id: null, username: '', address: '', object: '', detail, hash: '' }
    for (let seq = 1000; seq < 2000; seq++)
      await own.db
        .insertInto('audit')
        .values({ seq, ...row })
        .execute()
    const reader = (await own.fetch('admin', '/api/audit/export')).body?.getReader()
    await reader?.read()
    await own.db.deleteFrom('session').execute()
    const startedMs = performance.now()
    await vi.waitFor(() => expect(own.answers.sessionIds).toEqual([]))
    expect(performance.now() - startedMs).toBeLessThan(2500)
    const rest = async () => {
      while (!(await reader?.read())?.done);
    }
    await expect(rest()).rejects.toThrow()
  })

  async function change(own: AccessHouse, path: string, body: object): Promise<void> {
    const answer = await own.fetch('admin', path, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect(answer.status).toBe(200)
  }
})
