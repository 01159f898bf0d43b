/** One port for HTTPS and clear HTTP, over real sockets and with foreign clients (openssl, curl). */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:https'
import { type AddressInfo, connect as connectClear, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { whyMissing } from '../../../test/support/foreign-program.ts'
import { makeCertificate } from '../../../test/support/made-certificate.ts'
import { ManualClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import type { Http } from './http.ts'
import type { KeyPair, ServedCertificates } from './listen-both.ts'
import { openHttp } from './server.ts'
import { readNetworks } from './trusted-proxies.ts'

const run = promisify(execFile)

class SwappedCertificates implements ServedCertificates {
  pair: KeyPair
  named: ServedCertificates['named'] = []
  readonly #listeners: (() => void)[] = []
  constructor(pair: KeyPair) {
    this.pair = pair
  }
  onChange(listener: () => void) {
    this.#listeners.push(listener)
  }
  swap(pair: KeyPair) {
    this.pair = pair
    for (const listener of this.#listeners) listener()
  }
}

let http: Http
let port: number
let certificates: SwappedCertificates
const sockets: Socket[] = []

async function open(options: { firstByteMs?: number; proxies?: string[]; perAddress?: number } = {}) {
  certificates = new SwappedCertificates(await makeCertificate({ names: ['localhost'] }))
  http = await openHttp({
    guard: {
      findCaller: async () => undefined,
      camerasOf: async () => [],
      findCameraOf: { camera: async () => undefined, event: async () => undefined, segment: async () => undefined },
    },
    hosts: () => ['cam.example'],
    certificates,
    ...(options.proxies && { isProxy: readNetworks(options.proxies) }),
    ...(options.firstByteMs !== undefined && { firstByteMs: options.firstByteMs }),
    webDir: '/nowhere',
    clock: new ManualClock(),
    log: silentLog,
    connections: { perAddress: options.perAddress ?? 8, inAll: 10 },
  })
  const access = { kind: 'public' } as const
  http.get('/api/who', { config: { access } }, async ({ ip, protocol }) => ({ ip, protocol }))
  const schema = { body: z.strictObject({ text: z.string() }) }
  http.post('/api/long', { config: { access }, bodyLimit: 2e6, schema }, async ({ body }) => ({
    length: JSON.stringify(body).length,
  }))
  http.get('/page', { config: { access } }, async () => ({}))
  http.get('/api/socket', { websocket: true, config: { access } }, (socket) => socket.send('hello'))
  await http.listen({ host: '127.0.0.1', port: 0 })
  port = (http.server.address() as AddressInfo).port
}
beforeEach(() => {
  sockets.splice(0)
})
afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  await http.close()
})

async function clear(localAddress = '127.0.0.1'): Promise<Socket> {
  const socket = connectClear({ host: '127.0.0.1', port, localAddress })
  socket.on('error', () => {})
  sockets.push(socket)
  await once(socket, 'connect')
  return socket
}
async function secure(servername = 'localhost'): Promise<TLSSocket> {
  const socket = connectTls({ host: '127.0.0.1', port, servername, rejectUnauthorized: false })
  socket.on('error', () => {})
  sockets.push(socket)
  await once(socket, 'secureConnect')
  return socket
}
/** Everything until the server hangs up. */
async function say(socket: Socket, text: string): Promise<string> {
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk.toString()
  })
  socket.write(text)
  await once(socket, 'close')
  return answer
}
const get = (path: string, headers = '') =>
  `GET ${path} HTTP/1.1\r\nHost: cam.example:${port}\r\nConnection: close\r\n${headers}\r\n`

describe('R10 one port', () => {
  test('answers over TLS, sends clear pages there and refuses the clear API', async () => {
    await open()
    expect(await say(await secure(), get('/api/who'))).toMatch(/200 OK[\s\S]*"protocol":"https"/)
    const page = await say(await clear(), get('/page?at=1'))
    expect(page).toMatch(/^HTTP\/1\.1 308 /)
    expect(page).toMatch(new RegExp(`^location: https://cam\\.example:${port}/page\\?at=1\\r$`, 'm'))
    expect(page).not.toMatch(/strict-transport-security/i)
    const api = await say(await clear(), get('/api/who'))
    expect(api).toMatch(/^HTTP\/1\.1 403 [\s\S]*"code":"https_required"/)
    for (const path of ['/%61pi/who', '/ap%69/who', '/%61%70%69%2fwho', '/api', '/%', '/%61pi?x=/page'])
      expect(await say(await clear(), get(path)), path).toMatch(/^HTTP\/1\.1 4/)
    for (const socket of [await clear(), await secure()])
      expect(await say(socket, 'GET /page HTTP/1.1\r\nConnection: close\r\n\r\n')).toMatch(
        /^HTTP\/1\.1 400 [\s\S]*content-security-policy/,
      )
    expect(await say(await clear(), get('http://evil.example/page'))).toMatch(/^HTTP\/1\.1 4/)
    expect(await say(await clear(), 'GET /page HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 400 /,
    )
    expect(
      await say(
        await clear(),
        'GET /api/socket HTTP/1.1\r\nHost: cam.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n',
      ),
    ).toMatch(/^HTTP\/1\.1 403 /)
    expect(await say(await clear(), 'SSH-2.0-client\r\n')).toMatch(/^(HTTP\/1\.1 400 |$)/)
  })

  test('R3 takes clear HTTP from a proxy on another address, WebSockets and large bodies too', async () => {
    await open({ proxies: ['127.0.0.5'] })
    const forwarded = 'X-Forwarded-For: 203.0.113.7\r\nX-Forwarded-Proto: https\r\n'
    expect(await say(await clear('127.0.0.5'), get('/api/who', forwarded))).toMatch(
      /200 OK[\s\S]*strict-transport-security[\s\S]*"ip":"203\.0\.113\.7","protocol":"https"/,
    )
    expect(await say(await clear('127.0.0.6'), get('/api/who', forwarded))).toMatch(/403 [\s\S]*https_required/)
    const upgrade = await clear('127.0.0.5')
    const opened = new Promise<string>((resolve) => upgrade.once('data', (chunk) => resolve(chunk.toString())))
    upgrade.write(
      `GET /api/socket HTTP/1.1\r\nHost: cam.example\r\nOrigin: https://cam.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n${forwarded}\r\n`,
    )
    expect(await opened).toMatch(/^HTTP\/1\.1 101 /)
    const body = JSON.stringify({ text: 'x'.repeat(1_000_000) })
    const head = `POST /api/long HTTP/1.1\r\nHost: cam.example\r\nConnection: close\r\nContent-Type: application/json\r\n${forwarded}Content-Length: ${body.length}\r\n\r\n`
    expect(await say(await clear('127.0.0.5'), head + body)).toMatch(new RegExp(`"length":${body.length}`))
  })

  test('shows a new certificate to new connections and leaves open ones alone', async () => {
    await open()
    const before = await secure()
    const shown = before.getPeerX509Certificate()?.fingerprint256
    certificates.swap(await makeCertificate({ names: ['localhost'] }))
    const after = await secure()
    expect(after.getPeerX509Certificate()?.fingerprint256).not.toBe(shown)
    expect(await say(before, get('/api/who'))).toMatch(/200 OK/)
    expect(await say(after, get('/api/who'))).toMatch(/200 OK/)
  })

  test('shows a certificate of its own for a name that has one', async () => {
    await open()
    const named = await makeCertificate({ names: ['cam.example'] })
    certificates.named = [{ names: ['cam.example'], pair: named }]
    certificates.swap(certificates.pair)
    const names = async (servername: string) => (await secure(servername)).getPeerX509Certificate()?.subjectAltName
    expect(await names('cam.example')).toBe('DNS:cam.example')
    expect(await names('other.example')).toBe('DNS:localhost')
  })
})

describe('R38 a connection that says nothing', () => {
  test('is ended soon, and counts until then', async () => {
    await open({ firstByteMs: 300, perAddress: 2 })
    const silent = [await clear(), await clear()]
    const third = await clear()
    await once(third, 'close')
    expect(silent.map((socket) => socket.destroyed)).toEqual([false, false])
    await Promise.all(silent.map((socket) => once(socket, 'close')))
    expect(await say(await clear(), get('/page'))).toMatch(/308/)
  })

  test('does not keep the server from closing, nor does one in the middle of a handshake or a head', async () => {
    await open()
    const [silent, shaking, slow] = [await clear(), await clear(), await clear()]
    shaking.write(Buffer.from([22, 3, 1]))
    slow.write('GET /page HTTP/1.1\r\nHost: cam')
    const idle = await secure()
    await vi.waitFor(async () => expect(http.server.listening).toBe(true))
    const closed = Promise.all([silent, shaking, slow, idle].map((socket) => socket.destroyed || once(socket, 'close')))
    const startMs = performance.now()
    await http.close()
    await closed
    expect(performance.now() - startMs).toBeLessThan(3000)
  })
})

const opensslMissing = whyMissing('OpenSSL', 'openssl', 'version')
const curlMissing = whyMissing('curl', 'curl', '--version')

describe('R10 foreign clients', () => {
  /** Whether openssl agreed on a cipher. Without SECLEVEL=0 it would not offer the old versions, and nothing would be shown. */
  async function isSpokenTo(toPort: number, version: string): Promise<boolean> {
    const args = ['s_client', version, '-cipher', 'DEFAULT@SECLEVEL=0', '-connect', `127.0.0.1:${toPort}`]
    const asking = run('openssl', args, { timeout: 10_000 })
    asking.child.stdin?.end() // It hangs up when there is nothing more to send.
    const { stdout } = await asking.catch((error: { stdout: string }) => error)
    return /Cipher\s+(is|:)\s+(?!\(NONE\)|0000)[A-Z]/.test(stdout)
  }

  test.skipIf(opensslMissing !== undefined).each([
    ['-tls1_1', false],
    ['-tls1', false],
    ['-tls1_2', true],
    ['-tls1_3', true],
  ])('openssl s_client %s is served: %s', async (version, isServed) => {
    await open()
    expect(await isSpokenTo(port, version)).toBe(isServed)
    // The question is a real one: a server that takes everything is spoken to.
    const lax = createServer({ ...certificates.pair, minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' })
    await new Promise<void>((resolve) => lax.listen(0, '127.0.0.1', resolve))
    expect(await isSpokenTo((lax.address() as AddressInfo).port, version)).toBe(true)
    lax.closeAllConnections()
    lax.close()
  })

  test.skipIf(curlMissing !== undefined)('curl is led from http:// to https:// on the same port', async () => {
    await open()
    const format = '%{http_code} %{url_effective} %{num_redirects}'
    const args = ['-ksL', '-o', '/dev/null', '-w', format, '--resolve', `cam.example:${port}:127.0.0.1`]
    const { stdout } = await run('curl', [...args, `http://cam.example:${port}/page?a=b`])
    expect(stdout).toBe(`200 https://cam.example:${port}/page?a=b 1`)
    const refused = await run('curl', ['-s', `http://127.0.0.1:${port}/api/who`])
    expect(JSON.parse(refused.stdout)).toMatchObject({ code: 'https_required' })
  })
})
