/** What anybody on the network may do to the server without signing in, over real sockets. */
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { ManualClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import type { Http } from './http.ts'
import { openHttp } from './server.ts'

let http: Http
let port: number
let webDir: string
const sockets: Socket[] = []

beforeEach(async () => {
  webDir = mkdtempSync(join(tmpdir(), 'vedette-web-'))
  mkdirSync(join(webDir, 'assets'))
  writeFileSync(join(webDir, 'index.html'), '<!doctype html>')
  writeFileSync(join(webDir, 'assets/app.js'), '1')
  http = await openHttp({
    guard: {
      findCaller: async () => undefined,
      camerasOf: async () => [],
      findCameraOf: { camera: async () => undefined, event: async () => undefined, segment: async () => undefined },
    },
    hosts: () => [],
    webDir,
    clock: new ManualClock(),
    log: silentLog,
    connections: { perAddress: 4, inAll: 6 },
  })
  http.post(
    '/api/open',
    { config: { access: { kind: 'public' } }, schema: { body: z.looseObject({}) } },
    async () => ({}),
  )
  http.get('/api/open/:id', { config: { access: { kind: 'public' } } }, async () => ({ ok: true }))
  await http.listen({ host: '127.0.0.1', port: 0 })
  port = (http.server.address() as AddressInfo).port
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await http.close()
  rmSync(webDir, { recursive: true })
})

async function open(localAddress: string): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, localAddress })
  socket.on('error', () => {})
  sockets.push(socket)
  await once(socket, 'connect')
  return socket
}
const isAlive = (socket: Socket) =>
  new Promise<boolean>((resolve) => {
    if (socket.destroyed) return resolve(false)
    socket.once('close', () => resolve(false)).once('data', () => resolve(true))
    socket.write('GET /api/open/1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')
  })

test('R38 one address holds only so many connections, and all together only so many', async () => {
  const own: Socket[] = []
  for (let i = 0; i < 6; i++) own.push(await open('127.0.0.1'))
  expect(await Promise.all(own.map(isAlive))).toEqual([true, true, true, true, false, false])
  const others: Socket[] = []
  for (let i = 0; i < 3; i++) others.push(await open('127.0.0.2'))
  expect(await Promise.all(others.map(isAlive))).toEqual([true, true, false])
  own[0]?.destroy()
  await vi.waitFor(async () => expect(await isAlive(await open('127.0.0.1'))).toBe(true))
})

/** As it is written: fetch would tidy it up. */
const rawGet = (target: string, hosts = 'Host: 127.0.0.1') =>
  say(`GET ${target} HTTP/1.1\r\n${hosts}\r\nConnection: close\r\n\r\n`)

async function say(bytes: string): Promise<string> {
  const socket = await open('127.0.0.3')
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
  })
  socket.write(bytes)
  await once(socket, 'close')
  return text
}

test.each([
  '/api/open/1',
  '/%61pi/open/1',
  'http://127.0.0.1/api/open/1',
  '/%',
  '/api/%zz',
  `/api/open/${'x'.repeat(300)}`,
  '/api/nothing',
  '/assets/..%2f..%2fpackage.json',
])('R11 R14 the answer to %s has all headers and is kept by nobody', async (target) => {
  const answer = await rawGet(target)
  const head = answer.split('\r\n\r\n')[0] ?? ''
  expect(head).toMatch(/^content-security-policy: default-src 'self'/m)
  expect(head).toMatch(/^x-content-type-options: nosniff/m)
  expect(head).toMatch(/^cache-control: no-store\r?$/m)
  expect(answer).not.toMatch(/FST_ERR/)
})

test.each([
  ['a name with a space', 'X : y', 400],
  ['two lengths', 'Content-Length: 1\r\nContent-Length: 2', 400],
  ['too much', `X: ${'y'.repeat(20_000)}`, 431],
  ['a length and chunks', 'Content-Length: 5\r\nTransfer-Encoding: chunked', 400],
  ['chunks that are not last', 'Transfer-Encoding: chunked, identity', 400],
])('R11 R14 the answer to what is no request has all headers, too: %s', async (_, headers, status) => {
  expectWhole(await rawGet('/api/open/1', `Host: 127.0.0.1\r\n${headers}`), status)
})

test.each([
  ['no host', '', 400],
  ['an expectation that nobody has', 'Host: 127.0.0.1\r\nExpect: gifts', 200],
])('R11 R14 what Node would answer by itself has all headers: %s', async (_, headers, status) => {
  const answer = await rawGet('/api/open/1', headers || 'X: y')
  if (status !== 200) expectWhole(answer, status)
  expect(answer).toMatch(/^content-security-policy: default-src 'self'/m)
})

test('R11 R14 a request line that is none is answered as everything is', async () => {
  for (const line of ['HELLO\r\n\r\n', 'GET /api/open/1 HTTP/9.9\r\n\r\n', '\u0016\u0003\u0001\u0002\r\n\r\n'])
    expectWhole(await say(line), 400)
})

function expectWhole(answer: string, status: number): void {
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect(answer).toMatch(/^content-security-policy: default-src 'self'/m)
  expect(answer).toMatch(/^cache-control: no-store\r?$/m)
  const body = JSON.parse(answer.split('\r\n\r\n')[1] ?? '')
  expect(body).toMatchObject({ code: 'bad_request', requestId: expect.stringMatching(/^[0-9A-Z]{26}$/) })
  expect(answer).toMatch(new RegExp(`^x-request-id: ${body.requestId}`, 'm'))
}

test('R19 who is not signed in sends little, and is told how much', async () => {
  const post = (length: number) => {
    const head = `POST /api/open HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json`
    return say(`${head}\r\nContent-Length: ${length}\r\n\r\n{"a":"${'x'.repeat(length - 8)}"}`)
  }
  expect(await post(8192)).toMatch(/^HTTP\/1.1 200 /)
  const refused = await post(8193)
  expect(refused).toMatch(/^HTTP\/1.1 413 /)
  expect(refused).toMatch(/at most 8192 bytes/)
})

test('R14 two Host headers are refused, whichever is ours', async () => {
  expect(await rawGet('/api/open/1')).toMatch(/^HTTP\/1.1 200 /)
  for (const hosts of ['Host: 127.0.0.1\r\nhost: evil.example', 'HOST: 127.0.0.1\r\nHost: 127.0.0.1'])
    expect(await rawGet('/api/open/1', hosts)).toMatch(/^HTTP\/1.1 400 /)
})

test('R14 files of the web app may be kept', async () => {
  expect(await rawGet('/assets/app.js')).toMatch(/^cache-control: public, max-age=31536000, immutable\r?$/m)
  expect(await rawGet('/cameras')).toMatch(/^cache-control: no-cache\r?$/m)
})
