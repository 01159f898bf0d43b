/** Whether a name exists cannot be told by the work of an answer: by what is done for it, which no busy machine changes. */
import * as argon2 from '@node-rs/argon2'
import { beforeEach, expect, test, vi } from 'vitest'
import { openAccountServer, password } from '../../../test/support/account-server.ts'

const compared: string[] = []
vi.mock('@node-rs/argon2', async (importOriginal) => {
  const real = await importOriginal<typeof argon2>()
  const verify: typeof real.verify = (hash, ...rest) => {
    compared.push(String(hash))
    return real.verify(hash, ...rest)
  }
  return { ...real, hash: vi.fn(real.hash), verify }
})
beforeEach(() => compared.splice(0))

/** What argon2 is asked to do by a stored hash: everything but salt and result, and how long those are. */
const workOf = (stored: string) => {
  const [, kind, version, cost, salt = '', result = ''] = stored.split('$')
  return { kind, version, cost, salt: salt.length, result: result.length }
}

test('R2 a known, an unknown and a disabled name, and an e-mail address, cost the same work, from the first on', async () => {
  const { add, db, browser, clock, queries } = await openAccountServer()
  for (const name of ['anna', 'dora']) await add(name)
  await db.updateTable('user').set({ disabled: 1 }).where('username', '=', 'dora').execute()
  const typed: [string, string][] = [
    ['nobody', 'not the password at all'],
    ['anna', 'not the password at all'],
    ['dora', password],
    ['anna@example.org', 'not the password at all'],
    ['nobody@example.org', 'not the password at all'],
  ]
  await browser('10.0.9.9').logIn('the first of all: it makes the key of the audit log')
  const works: unknown[] = []
  for (const [index, [name, given]] of typed.entries()) {
    clock.advance(61_000)
    vi.mocked(argon2.hash).mockClear()
    compared.splice(0)
    queries.asked = []
    expect((await browser(`10.0.1.${index}`).logIn(name, given)).status, name).toBe(401)
    works.push({
      compared: compared.map(workOf),
      hashed: vi.mocked(argon2.hash).mock.calls.length,
      asked: queries.asked,
    })
  }
  const [first] = works
  expect(first).toMatchObject({
    compared: [{ kind: 'argon2id', version: 'v=19', cost: 'm=19456,t=2,p=1', salt: 22, result: 43 }],
    hashed: 0,
  })
  expect(works).toEqual(works.map(() => first))
})

test('R7 what was tried with an e-mail address does not tell whose it is', async () => {
  const { add, browser } = await openAccountServer()
  await add('anna')
  const guess = async (name: string, address: string) => (await browser(address).logIn(name, 'a guess of mine')).status
  for (let n = 0; n < 10; n++) expect(await guess('anna@example.org', `10.1.0.${n}`)).toBe(401)
  expect(await guess('anna@example.org', '10.1.0.10')).toBe(429)
  expect(await guess('anna', '10.1.0.11')).toBe(401)
  // Nor does it tell that there is such an address.
  for (let n = 0; n < 10; n++) expect(await guess('nobody@example.org', `10.2.0.${n}`)).toBe(401)
  expect(await guess('nobody@example.org', '10.2.0.10')).toBe(429)
})
