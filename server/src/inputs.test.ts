/**
 * R19 over all routes: what each takes is bounded (read from its schema), and what it must refuse it refuses, quickly and
 * with the field's name (over real sockets, as an administrator, so that nothing else refuses first).
 */
import { request } from 'node:http'
import { gzipSync } from 'node:zlib'
import { type ErrorBody, errorBody } from '@vedette/shared/errors.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessTable } from '../../test/access-table.data.ts'
import { AccessHouse } from '../../test/support/access-house.ts'
import { fieldsOf, type Shape, shapeOf, unboundedPlaces } from '../../test/support/route-inputs.ts'

let house: AccessHouse
beforeAll(async () => {
  house = await AccessHouse.open()
})
afterAll(() => house[Symbol.asyncDispose]())

const names = Object.keys(accessTable).filter((name) => name.includes(' /api/'))
const withBody = names.filter((name) => /^(POST|PUT|PATCH|DELETE) /.test(name))
/** Their bodies are bytes of a kind of their own. */
const uploads = /avatar|picture$|restore\/uploads$/
const jsonBodies = withBody.filter((name) => !uploads.test(name))
const withQuery = names.filter((name) => name.startsWith('GET ') && !name.endsWith('/live'))
/** What browsers add to a passkey's answer is left out, not refused: they add what they like (second-factor.ts). */
const leftOut = /(^|\.)credential(\.response)?: takes unknown keys$/
/** Much more than any refusal takes, much less than what would hold up others. */
const maxMs = 250

function takes(name: string): { body?: Shape | undefined; querystring?: Shape | undefined } {
  const [method, path] = name.split(' ')
  const route = house.routes.find((one) => one.method === method && one.path === path)
  if (!route) throw new Error(`no route ${name}`)
  return { body: shapeOf(route.takes.body), querystring: shapeOf(route.takes.querystring) }
}

const addressOf = (name: string) =>
  (name.split(' ')[1] ?? '')
    .replace('/events/:id', `/events/${house.a.event}`)
    .replace('/segments/:id', `/segments/${house.a.segment}`)
    .replace('/users/:id', `/users/${house.a.user}`)
    .replace('/volumes/:id', `/volumes/${house.volume}`)
    .replace(/:(ms)/, '0')
    .replace(/:\w+/g, house.a.camera)

interface Answer {
  readonly status: number
  readonly body: ErrorBody | undefined
  readonly ms: number
}

/** The second time a machine that was busy with something else is not. */
async function send(...question: Parameters<typeof sendOnce>): Promise<Answer> {
  const answer = await sendOnce(...question)
  return answer.ms < maxMs ? answer : sendOnce(...question)
}

/** As it is given: fetch would put headers and paths right. */
function sendOnce(
  name: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
  query = '',
): Promise<Answer> {
  const startMs = performance.now()
  const method = name.split(' ')[0] ?? ''
  const path = addressOf(name) + query
  const own = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }
  return new Promise((resolve, reject) => {
    const asking = request(
      house.url + path,
      { method, headers: { ...house.headersOf('admin'), ...(method === 'GET' ? {} : own), ...headers } },
      (answer) => {
        let text = ''
        answer.on('data', (bytes) => {
          text += bytes
        })
        answer.on('end', () => {
          const isJson = answer.headers['content-type']?.startsWith('application/json')
          const refusal = errorBody.safeParse(isJson ? JSON.parse(text) : undefined).data
          resolve({ status: answer.statusCode ?? 0, body: refusal, ms: performance.now() - startMs })
        })
      },
    )
    asking.on('error', reject)
    asking.end(method === 'GET' ? undefined : body)
  })
}

function expectRefused(answer: Answer, status: number, fields?: readonly string[]): void {
  expect({ status: answer.status, field: answer.body?.field }).toEqual({
    status,
    field: fields ? expect.toSatisfy((field: string) => fields.some((one) => field?.split('.')[0] === one)) : undefined,
  })
  expect(answer.ms).toBeLessThan(maxMs)
}

describe('R19 what routes take is bounded', () => {
  test.each(names)('%s', (name) => {
    const { body, querystring } = takes(name)
    const places = [body, querystring].flatMap((shape) => (shape ? unboundedPlaces(shape) : []))
    expect(places.filter((place) => !leftOut.test(place))).toEqual([])
    if (!name.endsWith('/live')) expect(querystring).toBeDefined()
    if (jsonBodies.includes(name)) expect(body).toBeDefined()
  })
})

describe('R19 bodies', () => {
  test.each(jsonBodies)('%s refuses keys that it does not know, and names one', async (name) => {
    const { required } = fieldsOf(takes(name).body)
    expectRefused(await send(name, '{"key nobody knows":1}'), 400, ['key nobody knows', ...required])
  })

  test.each(jsonBodies)('%s refuses keys of prototypes', async (name) => {
    for (const body of [
      '{"__proto__":{"isAdmin":true}}',
      '{"constructor":{"prototype":{"isAdmin":true}}}',
      '{"\\u005f_proto__":{"isAdmin":true}}',
      '{"toString":1,"hasOwnProperty":1}',
    ]) {
      const answer = await send(name, body)
      expect([answer.status, answer.body?.code]).toEqual([400, 'bad_request'])
      expect(answer.ms).toBeLessThan(maxMs)
    }
    expect(Reflect.get({}, 'isAdmin')).toBeUndefined()
  })

  test.each(jsonBodies)('%s refuses each of its fields nested deeply, too long, and of another kind', async (name) => {
    const { all } = fieldsOf(takes(name).body)
    // As much as is read at all: of whoever is not signed in, little.
    const share = /^(public|half-done sign-in)$/.test(accessTable[name] ?? '') ? 0.03 : 1
    const [lists, objects] = [50_000 * share, 20_000 * share]
    const deep = `${'['.repeat(lists)}${']'.repeat(lists)}`
    const deeper = `${'{"a":'.repeat(objects)}1${'}'.repeat(objects)}`
    for (const field of all) {
      const values = [
        deep,
        deeper,
        JSON.stringify('x'.repeat(200_000 * share)),
        '1e999',
        '-0.5e-300',
        JSON.stringify([{ a: [null] }]),
      ]
      for (const value of values) {
        const answer = await send(name, `{${JSON.stringify(field)}:${value}}`)
        expect([400, answer.body?.field !== undefined, answer.ms < maxMs]).toEqual([answer.status, true, true])
      }
    }
    const answer = await send(name, deep)
    expect([answer.status, answer.ms < maxMs]).toEqual([400, true])
  })

  test.each(jsonBodies)('%s reads no body that is too large, compressed or no JSON', async (name) => {
    const large = JSON.stringify({ x: 'x'.repeat(300_000) })
    expectRefused(await send(name, large), 413)
    const bomb = gzipSync(Buffer.alloc(20_000_000))
    for (const encoding of ['gzip', 'deflate', 'br', 'zstd', 'gzip, identity', 'GZIP'])
      expectRefused(await send(name, bomb.subarray(0, 20_000), { 'content-encoding': encoding }), 415)
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/jsonp',
    ])
      expectRefused(await send(name, '{}', { 'content-type': type }), 415)
    for (const body of ['{', '{"a":1}{', 'nul', '\u0000', '{"a":1,}', '[1e'])
      expect((await send(name, body)).status).toBe(400)
  })
})

describe('R19 queries', () => {
  test.each(withQuery)('%s refuses what it does not know, long texts and crowds', async (name) => {
    const { required } = fieldsOf(takes(name).querystring)
    for (const query of ['nobody=1', '__proto__[isAdmin]=1', 'constructor=1', 'toString=x'])
      expectRefused(await send(name, '', {}, `?${query}`), 400, [query.split('=')[0] ?? '', ...required])
    for (const query of [
      Array.from({ length: 1500 }, (_, n) => `a${n}=1`).join('&'),
      `x=${'x'.repeat(12_000)}`,
      '%ff=%fe',
      'a=%',
    ]) {
      const answer = await send(name, '', {}, `?${query}`)
      expect([answer.status, answer.ms < maxMs]).toEqual([400, true])
    }
  })

  test.each(withQuery)('%s refuses each of its fields twice, too long, and as another kind', async (name) => {
    for (const field of fieldsOf(takes(name).querystring).all)
      for (const value of [
        'x'.repeat(10_000),
        `1&${field}=2`,
        '1e999',
        '-1',
        '%00',
        '../../etc/passwd',
        '[object Object]',
        'NaN',
      ]) {
        const answer = await send(name, '', {}, `?${field}=${value}`)
        // Some of these are good values of some fields: what counts is that nothing breaks.
        expect(answer.status === 500 || answer.ms >= maxMs).toBe(false)
        if (value.startsWith('xxx')) expect(answer.status).toBe(400)
      }
  })
})
