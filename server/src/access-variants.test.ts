/**
 * Every route again, asked in ways that are not the usual one: foreign against missing byte by byte, addresses written
 * otherwise, other methods, foreign pages, a password that was given long ago. Over raw sockets: fetch would tidy up.
 */
import { type IncomingHttpHeaders, request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessTable, freshRoutes } from '../../test/access-table.data.ts'
import { AccessHouse, type Who } from '../../test/support/access-house.ts'
import { addressOf } from '../../test/support/route-address.ts'

let house: AccessHouse
beforeAll(async () => {
  house = await AccessHouse.open()
})
afterAll(() => house[Symbol.asyncDispose]())

interface Asked {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string
}
interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** The path goes out as it is written. An upgrade that is granted counts as 101. */
function ask(who: Who, path: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<Answer> {
  const { hostname, port } = new URL(house.url)
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const sent = request({
      hostname,
      port,
      path,
      method,
      agent: false,
      headers: { ...house.headersOf(who), ...length, ...headers },
    })
    sent.on('upgrade', (answer, socket) => {
      socket.destroy()
      resolve({ status: 101, headers: answer.headers, body: '' })
    })
    sent.on('response', (answer) => {
      // An event stream never ends by itself.
      if (answer.headers['content-type']?.startsWith('text/event-stream')) {
        sent.destroy()
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: '' })
        return
      }
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks).toString() }),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

const upgrade = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
}
/** What a route needs to be asked at all. */
function usual(route: string): Asked {
  const method = route.slice(0, route.indexOf(' '))
  if (route.endsWith('/live')) return { method, headers: { ...upgrade, origin: house.url } }
  if (method === 'GET' || method === 'HEAD' || method === 'DELETE') return { method, headers: { range: 'bytes=0-99' } }
  return { method, headers: { 'content-type': 'application/json' }, body: '{"unknown key of the sweep":true}' }
}
const routes = Object.keys(accessTable)
const changing = routes.filter((route) => !/^(GET|HEAD) /.test(route))

describe('R5 a foreign object answers exactly like a missing one', () => {
  const withObject = routes.filter((route) => route.includes('/:id'))

  test.each(withObject)('%s', async (route) => {
    for (const who of ['viewerA', 'liveOnlyA', 'tokenA', 'nobody'] as const) {
      const told = async (named: 'ofB' | 'missing') => {
        const { status, headers, body } = await ask(who, addressOf(route, named, house), usual(route))
        const { date: _, 'x-request-id': requestId, ...others } = headers
        return { status, headers: others, body: body.replaceAll(String(requestId), 'the request') }
      }
      const foreign = await told('ofB')
      expect(foreign.status, who).toBeGreaterThanOrEqual(400)
      expect(foreign, who).toEqual(await told('missing'))
    }
  })

  test('there are such routes for events, segments, cameras and what is one’s own', () => {
    expect(withObject.length).toBeGreaterThan(30)
  })
})

describe('R5 an address that is written otherwise opens nothing', () => {
  const guarded = routes.filter((route) => accessTable[route] !== 'public' && !route.startsWith('HEAD '))

  test.each(guarded)('%s', async (route) => {
    const address = addressOf(route, 'ofB', house)
    const [path = '', query = ''] = address.split('?')
    const end = query ? `?${query}` : ''
    const first = path.split('/')[2] ?? ''
    const variants = [
      `${path}/${end}`,
      `/${path}${end}`,
      `${path.replace('/api/', '/api//')}${end}`,
      `${path.replace('/api/', '/api/./')}${end}`,
      `${path.replace('/api/', '/api/x/../')}${end}`,
      `${path.replace('/api/', '/api%2f')}${end}`,
      `${path.replace('/api/', '/%61pi/')}${end}`,
      `${path.replace(first, `%${first.charCodeAt(0).toString(16)}${first.slice(1)}`)}${end}`,
      `${path.replace('/api/', '/API/')}${end}`,
      `${path.replace(first, first.toUpperCase())}${end}`,
      `${path};x=1${end}`,
      `${path}%00${end}`,
      `${path}.json${end}`,
      `${path}%20${end}`,
      `\\${path.slice(1)}${end}`,
      `http://vedette.example${path}${end}`,
    ]
    // These would be carried out under an address that is the same to the router.
    const endsSomething = /^DELETE \/api\/me|logout$/.test(route)
    for (const variant of variants)
      for (const who of ['nobody', 'viewerA'] as const) {
        if (who === 'viewerA' && endsSomething) continue
        const { status, body } = await ask(who, variant, usual(route))
        // Nobody is let in; for a viewer such an address is either the route itself, with its check, or nothing.
        const isIn = status < 400 && status !== 304
        const isOpenToViewers = !/admin|own object$|camera, |half-done/.test(accessTable[route] ?? '')
        expect(isIn && (who === 'nobody' || !isOpenToViewers), `${who} ${variant} ${status}`).toBe(false)
        expect(body, `${who} ${variant}`).not.toContain(house.b.user)
      }
    // Else the rest would only say what is refused to nobody.
    expect((await ask('viewerA', '/api/me')).status).toBe(200)
  })

  test.each(guarded)('%s by another method', async (route) => {
    const address = addressOf(route, 'ofB', house)
    const path = route.slice(route.indexOf(' ') + 1)
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'PATCH', 'DELETE', 'POST', 'PROPFIND']) {
      if (routes.includes(`${method} ${path}`)) continue
      const { status, headers } = await ask('nobody', address, { method })
      expect(status, method).toBeGreaterThanOrEqual(400)
      expect(headers['access-control-allow-origin'], method).toBeUndefined()
      // The method cannot be chosen by a header either.
      const overridden = await ask('nobody', address, { method: 'POST', headers: { 'x-http-method-override': 'GET' } })
      expect(overridden.status).toBeGreaterThanOrEqual(400)
    }
  })
})

describe('R12 no other page changes anything', () => {
  const foreign: readonly [string, Record<string, string>, number][] = [
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['a form with files', { 'content-type': 'multipart/form-data; boundary=x' }, 415],
    ['text', { 'content-type': 'text/plain' }, 415],
    ['text that looks like JSON', { 'content-type': 'text/plain; application/json' }, 415],
    ['another origin', { 'content-type': 'application/json', origin: 'http://evil.example' }, 403],
    ['no origin to speak of', { 'content-type': 'application/json', origin: 'null' }, 403],
    ['another port', { 'content-type': 'application/json', origin: 'http://127.0.0.1:1' }, 403],
    ['another site', { 'content-type': 'application/json', 'sec-fetch-site': 'cross-site' }, 403],
    ['a neighbour', { 'content-type': 'application/json', 'sec-fetch-site': 'same-site' }, 403],
  ]
  test.each(changing)('%s', async (route) => {
    for (const [what, headers, expected] of foreign) {
      const asked = { method: route.slice(0, route.indexOf(' ')), headers, body: '{"a":1}' }
      const { status } = await ask('admin', addressOf(route, 'ofA', house), asked)
      expect(status, what).toBe(expected)
    }
  })

  test('R13 a WebSocket of another page is refused before the upgrade', async () => {
    const live = addressOf('GET /api/cameras/:id/live', 'ofA', house)
    for (const headers of [
      { ...upgrade, origin: 'http://evil.example' },
      { ...upgrade, origin: 'null' },
      { ...upgrade, origin: house.url.replace('http', 'https') },
      { ...upgrade },
      { ...upgrade, origin: house.url, 'sec-fetch-site': 'cross-site' },
    ])
      expect((await ask('admin', live, { headers })).status, JSON.stringify(headers)).toBe(403)
    expect((await ask('admin', live, { headers: { ...upgrade, origin: house.url } })).status).toBe(101)
  })
})

describe('R9 what is sensitive asks for the password of the last ten minutes', () => {
  test('these routes and no others', () => {
    const fresh = house.routes.filter(({ access }) => 'fresh' in access && access.fresh)
    const named = fresh.map(({ method, path }) => `${method} ${path}`).filter((route) => !route.startsWith('HEAD '))
    expect(named.sort()).toEqual([...freshRoutes].sort())
  })

  test.each(freshRoutes)('%s', async (route) => {
    await house.db.updateTable('session').set({ proved_ms: 0 }).execute()
    const { status, body } = await ask('admin', addressOf(route, 'ofA', house), usual(route))
    expect({ status, code: JSON.parse(body).code }).toEqual({ status: 401, code: 'reauthentication_required' })
  })
})
