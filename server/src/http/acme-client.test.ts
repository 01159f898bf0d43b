/** What an ACME authority that is broken, or not one at all, may do to us. The good way is test/e2e/acme.test.ts, with a real one. */
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { ManualClock } from '../lib/clock.ts'
import { AcmeChallenges } from './acme-challenges.ts'
import { type AcmeAnswer, type AcmeRequest, orderCertificate } from './acme-client.ts'

const origin = 'https://acme.example'
const { privateKey: accountKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const directory = { newNonce: `${origin}/nonce`, newAccount: `${origin}/account`, newOrder: `${origin}/order` }
const order = { status: 'pending', authorizations: [`${origin}/authz`], finalize: `${origin}/finalize` }
const challenge = { type: 'http-01', url: `${origin}/challenge`, token: 'a-token' }
const authorization = { status: 'pending', identifier: { value: 'cam.example' }, challenges: [challenge] }

const stop = new AbortController()
let clock: ManualClock
let asked: AcmeRequest[] = []
afterEach(() => {
  asked = []
})

/** An authority that answers as `pages` say, and well where they say nothing. */
function orderFrom(pages: Record<string, unknown>, challenges = new AcmeChallenges()) {
  clock = new ManualClock()
  const all: Record<string, unknown> = {
    '/dir': directory,
    '/nonce': '',
    '/account': { status: 'valid' },
    '/order': order,
    '/order/1': { ...order, status: 'valid', certificate: `${origin}/cert` },
    '/authz': authorization,
    '/challenge': {},
    '/finalize': {},
    '/cert': 'a chain',
    ...pages,
  }
  const ask = async (request: AcmeRequest): Promise<AcmeAnswer> => {
    asked.push(request)
    // Every wait of the client is over at once.
    queueMicrotask(() => setImmediate(() => clock.advance(60_000)))
    const page = all[new URL(request.url).pathname]
    const { status = 200, ...rest } =
      page && typeof page === 'object' && 'refusal' in page
        ? (page.refusal as AcmeAnswer & { body: string })
        : { body: page }
    const body = typeof rest.body === 'string' ? rest.body : JSON.stringify(rest.body)
    const location = request.url.endsWith('/order') ? `${origin}/order/1` : `${origin}/account/1`
    return { status, headers: { 'replay-nonce': `nonce ${asked.length}`, location, 'retry-after': '99999' }, body }
  }
  const options = {
    ask,
    directoryUrl: `${origin}/dir`,
    accountKey,
    email: undefined,
    challenges,
    clock,
    signal: stop.signal,
  }
  return orderCertificate(options, ['cam.example'], new Uint8Array([1, 2]))
}

describe('R10 R15 an ACME authority', () => {
  test('gets every request signed with the account’s key over its nonce and address', async () => {
    expect(await orderFrom({ '/authz': { ...authorization, status: 'valid' } })).toBe('a chain')
    const posts = asked.filter(({ method }) => method === 'POST')
    for (const { url, body = '' } of posts) {
      const { protected: head, payload, signature } = JSON.parse(body)
      const key = createPublicKey(accountKey)
      const text = Buffer.from(`${head}.${payload}`)
      expect(verify('sha256', text, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))).toBe(true)
      expect(JSON.parse(Buffer.from(head, 'base64url').toString())).toMatchObject({
        alg: 'ES256',
        url,
        nonce: expect.any(String),
      })
    }
    expect(
      new Set(
        posts.map(({ body = '' }) => JSON.parse(Buffer.from(JSON.parse(body).protected, 'base64url').toString()).nonce),
      ).size,
    ).toBe(posts.length)
  })

  test.each([
    [
      'names another host for orders',
      { '/dir': { ...directory, newOrder: 'https://169.254.169.254/order' } },
      /another host/,
    ],
    [
      'names another port for orders',
      { '/dir': { ...directory, newOrder: 'https://acme.example:22/order' } },
      /another host/,
    ],
    ['names a clear address', { '/dir': { ...directory, newAccount: 'http://acme.example/account' } }, /another host/],
    [
      'sends authorizations elsewhere',
      { '/order': { ...order, authorizations: ['https://10.0.0.1/'] } },
      /another host/,
    ],
    [
      'names another host for nonces',
      { '/dir': { ...directory, newNonce: 'https://169.254.169.254/nonce' } },
      /another host/,
    ],
    [
      'names a file',
      { '/authz': { ...authorization, status: 'valid' }, '/order': { ...order, finalize: 'file:///etc/passwd' } },
      /another host/,
    ],
    ['sends no JSON', { '/dir': '<html>' }, /not one that RFC 8555 knows/],
    ['sends a prototype', { '/order': '{"__proto__":{"status":"valid"}}' }, /not one that RFC 8555 knows/],
    [
      'offers no HTTP-01',
      { '/authz': { ...authorization, challenges: [{ ...challenge, type: 'dns-01' }] } },
      /no HTTP-01 challenge for cam\.example/,
    ],
    ['never decides', {}, /did not decide in time/],
    [
      'refuses every nonce',
      { '/account': { refusal: { status: 400, body: { type: 'urn:ietf:params:acme:error:badNonce' } } } },
      /did not give one/,
    ],
    [
      'answers with an error page',
      { '/account': { refusal: { status: 502, body: 'Bad gateway' } } },
      /answers with 502/,
    ],
  ])('that %s is left, with a sentence', async (_, pages, why) => {
    await expect(orderFrom(pages)).rejects.toThrow(why)
    expect(asked.every(({ url }) => url.startsWith(`${origin}/`))).toBe(true)
    expect(asked.length).toBeLessThan(100)
  })

  test('that sends a token with a path in it makes no answer of it', async () => {
    const challenges = new AcmeChallenges()
    const bad = { ...authorization, challenges: [{ ...challenge, token: '../../etc/passwd' }] }
    await expect(orderFrom({ '/authz': bad }, challenges)).rejects.toThrow(/no authority sends/)
    expect(challenges.find('../../etc/passwd')).toBeUndefined()
  })

  test('has its words shortened and kept on one line', async () => {
    const detail = `first\r\nsecond\u001b[31m ${'x'.repeat(5000)}`
    const error = await orderFrom({ '/account': { refusal: { status: 403, body: { detail } } } }).catch(
      (e: Error) => e.message,
    )
    expect(error).toMatch(/“first second \[31m x+”$/)
    expect(String(error).length).toBeLessThan(400)
  })

  test('is answered only while its challenge is open', async () => {
    const challenges = new AcmeChallenges()
    await orderFrom({}, challenges).catch(() => {})
    expect(challenges.find('a-token')).toBeUndefined()
  })
})
