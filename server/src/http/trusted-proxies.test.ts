/** Who a request is from and how it came, as attackers and proxies say it: over the real server by inject. */
import { afterEach, describe, expect, test } from 'vitest'
import { ManualClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import type { Http } from './http.ts'
import { openHttp } from './server.ts'
import { clientBehind, type IsProxy, readNetworks } from './trusted-proxies.ts'

const isProxy = readNetworks(['10.0.0.2', '10.1.0.0/16', 'fd00::/8'])
let http: Http | undefined
afterEach(() => http?.close())

async function ask(
  peer: string,
  headers: Record<string, string | string[]>,
  url = '/api/who',
  proxies: IsProxy | null = isProxy,
) {
  http = await openHttp({
    guard: {
      findCaller: async () => undefined,
      camerasOf: async () => [],
      findCameraOf: { camera: async () => undefined, event: async () => undefined, segment: async () => undefined },
    },
    hosts: () => ['cam.example', '[fd00::7]'],
    ...(proxies && { isProxy: proxies }),
    webDir: '/nowhere',
    clock: new ManualClock(),
    log: silentLog,
  })
  http.route({
    method: ['GET', 'POST'],
    url: '/api/who',
    config: { access: { kind: 'public' } },
    handler: async ({ ip, protocol, host }) => ({ ip, protocol, host }),
  })
  http.get('/page', { config: { access: { kind: 'public' } } }, async () => ({}))
  const answer = await http.inject({ url, remoteAddress: peer, headers: { host: 'cam.example', ...headers } })
  return { status: answer.statusCode, headers: answer.headers, body: answer.body === '' ? undefined : answer.json() }
}
const https = { 'x-forwarded-proto': 'https' }
/** Loopback's own door, where clear HTTP is allowed to strangers: what they say of themselves must not count there either. */
const direct = { host: '127.0.0.1:8080' }

describe('R7 the client’s address', () => {
  test('is what a trusted proxy says', async () => {
    const { body } = await ask('10.0.0.2', { ...https, 'x-forwarded-for': '203.0.113.7' })
    expect(body).toEqual({ ip: '203.0.113.7', protocol: 'https', host: 'cam.example' })
  })

  test.each([
    [{ 'x-forwarded-for': '203.0.113.7' }],
    [{ 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1' }],
    [{ forwarded: 'for=203.0.113.7;proto=https;host=evil.example' }],
    [{ 'x-forwarded-for': '10.0.0.2', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.example' }],
  ])('is the peer itself for a stranger who sends %o', async (headers) => {
    const none = await ask('198.51.100.9', { ...direct, ...headers }, '/api/who', null)
    expect(none.body).toEqual({ ip: '198.51.100.9', protocol: 'http', host: '127.0.0.1:8080' })
    await http?.close()
    const strangers = await ask('198.51.100.9', headers)
    expect(strangers).toMatchObject({ status: 403, body: { code: 'https_required' } })
  })

  test('R7 many requests with made-up addresses are one address to us, through a proxy too', async () => {
    for (let i = 0; i < 5; i++) {
      // The client wrote the left part; the proxy appended what it saw.
      const { body } = await ask('10.0.0.2', { ...https, 'x-forwarded-for': `10.9.9.${i}, 192.0.2.${i}, 203.0.113.7` })
      expect(body.ip).toBe('203.0.113.7')
      await http?.close()
    }
  })

  test.each([
    ['one hop', '203.0.113.7', '203.0.113.7'],
    ['the right-most that is not ours', '1.1.1.1, 203.0.113.7, 10.1.2.3', '203.0.113.7'],
    ['a stranger who names our proxies', '10.1.0.1, 10.1.0.2, 203.0.113.7, 10.1.2.3', '203.0.113.7'],
    ['only ours', '10.1.0.1, 10.0.0.2', '10.1.0.1'],
    ['IPv6', '2001:db8::7', '2001:db8::7'],
    ['IPv6 spelled out', '2001:DB8:0:0:0:0:0:7', '2001:db8::7'],
    ['IPv4 in IPv6', '::ffff:203.0.113.7', '203.0.113.7'],
    ['IPv4 in IPv6, in hexadecimal', '::ffff:cb00:7107', '203.0.113.7'],
    ['our proxy in disguise', '203.0.113.7, ::ffff:10.1.2.3', '203.0.113.7'],
    ['a port', '203.0.113.7:4711', '203.0.113.7'],
    ['brackets and a port', '[2001:db8::7]:4711', '2001:db8::7'],
    ['brackets', '[2001:db8::7]', '2001:db8::7'],
    ['garbage on the left', 'unknown, <script>, 203.0.113.7', '203.0.113.7'],
    ['garbage behind our proxy', 'unknown, 10.1.2.3', '10.1.2.3'],
    ['garbage next to us', '203.0.113.7, unknown', undefined],
    ['an empty hop next to us', '203.0.113.7, ', undefined],
    ['nothing', '', undefined],
    ['short and octal forms', '127.1', undefined],
    ['a decimal form', '2130706433', undefined],
    ['a hexadecimal form', '0x7f.0.0.1', undefined],
    ['a zone', 'fe80::1%eth0', undefined],
    ['a name', 'localhost', undefined],
    ['five parts', '1.2.3.4.5', undefined],
    ['a thousand hops', `${'10.1.0.1,'.repeat(1000)}10.1.0.9`, '10.1.0.1'],
    ['a stranger left of more hops than any chain has', `6.6.6.6${',10.1.0.1'.repeat(40)}`, '10.1.0.1'],
    ['megabytes', 'x'.repeat(4_000_000), undefined],
  ])('reads %s', (_, header, client) => {
    expect(clientBehind(header, isProxy)).toBe(client)
  })

  test('has one spelling, whichever family the socket is of', async () => {
    const { body } = await ask('::ffff:198.51.100.9', direct, '/api/who', null)
    expect(body.ip).toBe('198.51.100.9')
    await http?.close()
    const forwarded = { ...https, 'x-forwarded-for': '203.0.113.7' }
    expect((await ask('::ffff:10.0.0.2', forwarded)).body.ip).toBe('203.0.113.7')
    await http?.close()
    expect((await ask('::ffff:10.0.0.2', https)).body.ip).toBe('10.0.0.2')
  })

  test('stays the proxy’s where it wrote nothing usable', async () => {
    expect((await ask('10.0.0.2', { ...https, 'x-forwarded-for': 'unknown' })).body.ip).toBe('10.0.0.2')
  })
})

describe('R3 R10 whether TLS is in the path', () => {
  test.each([
    ['https', 200],
    ['HTTPS', 200],
    ['http, https', 200],
    ['https, http', 403],
    ['http', 403],
    ['httpsx', 403],
    ['', 403],
  ])('a trusted proxy says %j', async (scheme, status) => {
    expect((await ask('10.0.0.2', { 'x-forwarded-proto': scheme })).status).toBe(status)
  })

  test('R10 a page over clear HTTP is sent to HTTPS at the same host, never elsewhere', async () => {
    const { status, headers } = await ask('10.0.0.2', { 'x-forwarded-proto': 'http' }, '/page?a=1')
    expect([status, headers.location]).toEqual([308, 'https://cam.example/page?a=1'])
    await http?.close()
    const foreign = await ask('10.0.0.2', { ...https, 'x-forwarded-host': 'evil.example' }, '/page')
    expect(foreign).toMatchObject({ status: 400, body: { code: 'bad_request' } })
    expect(foreign.headers.location).toBeUndefined()
  })

  test('R10 a proxy on this machine that says nothing does not pass its clients off as this machine', async () => {
    const local = readNetworks(['127.0.0.1'])
    expect((await ask('127.0.0.1', {}, '/api/who', local)).body.code).toBe('https_required')
    await http?.close()
    const forwarded = { host: '127.0.0.1:8080', 'x-forwarded-for': '203.0.113.7' }
    expect((await ask('127.0.0.1', forwarded, '/api/who', local)).body.code).toBe('https_required')
    await http?.close()
    expect((await ask('127.0.0.1', { host: '127.0.0.1:8080' }, '/api/who', local)).status).toBe(200)
  })

  test('R11 HSTS is sent with TLS in the path and a name that is not loopback’s', async () => {
    expect((await ask('10.0.0.2', https)).headers['strict-transport-security']).toBe('max-age=31536000')
    await http?.close()
    const loopback = await ask('10.0.0.2', { ...https, host: 'localhost' })
    expect(loopback.headers).not.toHaveProperty('strict-transport-security')
    await http?.close()
    const clear = await ask('198.51.100.9', https)
    expect(clear.headers).not.toHaveProperty('strict-transport-security')
  })
})

describe('R14 the host', () => {
  test.each([
    ['cam.example', 200],
    ['CAM.example:8443', 200],
    ['[fd00::7]:8443', 200],
    ['localhost', 200],
    ['evil.example', 400],
    ['cam.example.evil.example', 400],
    ['cam.example@evil.example', 400],
    ['cam.example:80:80', 400],
  ])('%j is answered with %i', async (host, status) => {
    expect((await ask('10.0.0.2', { ...https, host })).status).toBe(status)
  })
})

test.each(['0.0.0.0/0', '::/0', '10.0.0.0/33', '10.0.0', 'proxy', '', '10.0.0.2/', '127.1'])(
  'R7 %j is not taken for the network of a proxy',
  (text) => {
    expect(() => readNetworks([text])).toThrow(/not the address or network of a proxy/)
  },
)
