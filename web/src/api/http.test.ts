import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { followQuestion, openQuestion } from './fresh-password.ts'
import { ApiError, get, post, withQuery } from './http.ts'

const answers: Record<string, { status: number; body: string }> = {
  '/good': { status: 200, body: '{"n":1}' },
  '/empty': { status: 204, body: '' },
  '/refused': { status: 400, body: '{"code":"bad_request","message":"No.","requestId":"r1","field":"name"}' },
  '/proxy': { status: 502, body: '<html>Bad gateway</html>' },
  '/broken': { status: 500, body: 'oops' },
}
/** Paths that are refused until the password was given. */
const stale = new Set<string>()
const reauthentication = {
  status: 401,
  body: '{"code":"reauthentication_required","message":"Give your password again.","requestId":"r2"}',
}
const seen: { method: string | undefined; type: string | undefined; body: string }[] = []
let server: Server
let url = ''

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    seen.push({ method: request.method, type: request.headers['content-type'], body })
    const found = answers[request.url ?? ''] ?? { status: 404, body: '' }
    const answer = stale.has(request.url ?? '') ? reauthentication : found
    response.writeHead(answer.status).end(answer.body)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())

const out = z.strictObject({ n: z.number() })
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail('it should have failed'),
    (error: ApiError) => error,
  )

test('answers are parsed by their schema', async () => {
  expect(await get({ path: `${url}/good`, out })).toEqual({ n: 1 })
  const error = await failure(get({ path: `${url}/good`, out: z.strictObject({ other: z.string() }) }))
  expect(error.code).toBe('bad_answer')
})

test('a refusal keeps code, sentence, field and request id', async () => {
  const error = await failure(get({ path: `${url}/refused`, out }))
  expect(error).toBeInstanceOf(ApiError)
  expect(error).toMatchObject({ code: 'bad_request', message: 'No.', field: 'name', requestId: 'r1' })
})

test('a server that does not answer, or a proxy that cannot reach it, is offline', async () => {
  expect((await failure(get({ path: `${url}/proxy`, out }))).code).toBe('offline')
  expect((await failure(get({ path: 'http://127.0.0.1:1/', out }))).code).toBe('offline')
  expect((await failure(get({ path: `${url}/broken`, out }))).code).toBe('internal')
})

test('R9 what needs a fresh password waits for it and is sent once more, with one question for all', async () => {
  stale.add('/good')
  let questions = 0
  const stop = followQuestion(() => {
    if (!openQuestion()) return
    questions += 1
    stale.clear()
    setTimeout(() => openQuestion()?.answer(true))
  })
  expect(await Promise.all([get({ path: `${url}/good`, out }), get({ path: `${url}/good`, out })])).toHaveLength(2)
  expect(questions).toBeGreaterThan(0)
  stop()
})

test('R9 a person who turns away is left with the refusal, and so is a page that cannot ask', async () => {
  stale.add('/good')
  const stop = followQuestion(() => openQuestion()?.answer(false))
  expect((await failure(get({ path: `${url}/good`, out }))).code).toBe('reauthentication_required')
  stop()
  expect((await failure(get({ path: `${url}/good`, out }))).code).toBe('reauthentication_required')
  stale.clear()
})

test('every change of state is JSON, also without a body', async () => {
  await post({ path: `${url}/empty` })
  expect(seen.at(-1)).toEqual({ method: 'POST', type: 'application/json', body: '{}' })
})

test('what was given up is no failure of the server', async () => {
  const end = new AbortController()
  end.abort()
  expect(await failure(get({ path: `${url}/good`, out, signal: end.signal }))).not.toBeInstanceOf(ApiError)
})

test('a query repeats lists and leaves out what is not said', () => {
  expect(withQuery('/x', { a: 1, b: ['p', 'q'], c: undefined, d: null })).toBe('/x?a=1&b=p&b=q')
  expect(withQuery('/x')).toBe('/x')
})
