/**
 * What a request is told when something breaks under it (R23): a code, a sentence of ours and the request's id. Every query of
 * every route fails in turn, with errors that hold SQL, paths and secrets, and with things that are no errors.
 */
import { errorBody } from '@vedette/shared/errors.ts'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { accessTable } from '../../test/access-table.data.ts'
import { AccessHouse } from '../../test/support/access-house.ts'
import { addressOf } from '../../test/support/route-address.ts'

const marks = ['geheim-42', 'select * from', '/srv/vedette', 'hunter2', 'at Object.', '.ts:', 'SQLITE', 'rubbish']
const rubbish: readonly (() => unknown)[] = [
  () => new Error('rubbish: select * from user where x = geheim-42 in /srv/vedette/key at Object.run (x.ts:1:2)'),
  () =>
    Object.assign(new Error('rubbish geheim-42'), {
      code: 'SQLITE_CORRUPT',
      sql: 'select * from user',
      detail: 'hunter2',
    }),
  () => Object.assign(new Error('rubbish geheim-42'), { statusCode: 400, validation: 'hunter2' }),
  () => Object.assign(new Error('rubbish'), { statusCode: 418, message: 'hunter2', stack: 'at Object. x.ts:1' }),
  () => new TypeError('rubbish', { cause: new Error('geheim-42') }),
  () => 'rubbish geheim-42',
  () => ({ code: 'not_found', message: 'rubbish geheim-42', password: 'hunter2', toJSON: () => 'hunter2' }),
  () => null,
  () => undefined,
]

type Execute = (...args: unknown[]) => Promise<unknown>
let house: AccessHouse
/** Kysely's own; every query of the house goes through it, those of transactions, too. */
let executor: { executeQuery: Execute }
let execute: Execute
beforeAll(async () => {
  house = await AccessHouse.open()
  let proto: unknown = Object.getPrototypeOf(house.db.getExecutor())
  while (proto !== null && !Object.hasOwn(Object(proto), 'executeQuery')) proto = Object.getPrototypeOf(proto)
  executor = Object(proto)
  execute = executor.executeQuery
})
afterEach(() => {
  executor.executeQuery = execute
})
afterAll(() => house[Symbol.asyncDispose]())

/** Lets `failAt` queries through and breaks the next one. Says how many came. */
function breakQuery(failAt: number, thrown: () => unknown): { readonly seen: () => number } {
  let seen = 0
  executor.executeQuery = function (this: unknown, ...args) {
    seen += 1
    return seen === failAt + 1 ? Promise.reject(thrown()) : execute.apply(this, args)
  }
  return { seen: () => seen }
}

const bodies: Record<string, object> = {
  'POST /api/login': { username: 'anna', password: 'wrong password 1' },
  'POST /api/cameras': { name: 'Yard', address: 'rtsp://10.0.0.9/main' },
  'POST /api/users': { username: 'new', password: 'correct horse battery', role: 'viewer' },
  'POST /api/groups': { name: 'New', cameras: [] },
  'POST /api/roles': { name: 'New', rights: ['view'] },
}
const routes = Object.keys(accessTable).filter((route) => !/updates$|\/live$/.test(route))

test.each(routes)('R23 %s tells a code and nothing of what broke', async (route) => {
  const [method = ''] = route.split(' ')
  const hasBody = !['GET', 'HEAD', 'DELETE'].includes(method)
  let failures = 0
  for (let query = 0, isMore = true; isMore && query < 40; query++) {
    const breaking = breakQuery(query, rubbish[query % rubbish.length] ?? (() => null))
    // An object that is not there: nothing is changed by the queries that go through.
    const answer = await house.fetch('admin', addressOf(route, method === 'DELETE' ? 'missing' : 'ofA', house), {
      method,
      headers: { range: 'bytes=0-9', ...(hasBody && { 'content-type': 'application/json' }) },
      ...(hasBody && { body: JSON.stringify(bodies[route] ?? {}) }),
    })
    const text = await answer.text()
    executor.executeQuery = execute
    isMore = breaking.seen() > query
    if (!isMore || answer.status < 400) continue
    failures += 1
    const headers = JSON.stringify([...answer.headers])
    for (const mark of marks) expect(text + headers, `query ${query}`).not.toContain(mark)
    if (method !== 'HEAD')
      expect(Object.keys(errorBody.parse(JSON.parse(text)))).toEqual(
        expect.arrayContaining(['code', 'message', 'requestId']),
      )
  }
  // At least the guard asks the database who it is.
  if (!/^(GET \/api\/setup|POST \/api\/(?:setup.*|login.*|logout))$|well-known|vedette-ca/.test(route))
    expect(failures, 'something broke').toBeGreaterThan(0)
})
