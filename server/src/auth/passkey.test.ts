/** Passkeys over HTTP, with an authenticator in software. */
import { expect, test, vi } from 'vitest'
import { openAccountServer, password } from '../../../test/support/account-server.ts'
import { androidStatement } from '../../../test/support/android-statement.ts'
import { SoftPasskey } from '../../../test/support/soft-passkey.ts'

const origin = 'http://vedette.example'

async function withPasskey() {
  const server = await openAccountServer()
  await server.add('anna')
  const page = server.browser()
  await page.logIn('anna')
  const key = new SoftPasskey(origin, 'vedette.example')
  const options = await page.post('/api/me/passkeys/options', { password })
  const credential = key.create(options.body.publicKey.challenge)
  const made = await page.post('/api/me/passkeys', { name: 'Phone', credential })
  /** A sign-in that waits for the passkey, and the challenge it was given. */
  const half = async () => {
    server.clock.advance(61_000)
    const other = server.browser()
    const first = await other.logIn('anna')
    const asked = await other.post('/api/login/passkey')
    return { other, first, challenge: String(asked.body.publicKey.challenge) }
  }
  return { ...server, page, key, made, credential, half }
}

test('R4 a passkey opens a sign-in after the password', async () => {
  const { made, page, key, half } = await withPasskey()
  expect(made).toMatchObject({ status: 200, body: { recoveryCodes: expect.any(Array) } })
  const { other, first, challenge } = await half()
  expect(first).toMatchObject({ status: 202, body: { secondFactor: ['passkey', 'recovery'] } })
  expect((await other.prove({ method: 'passkey', credential: key.get(challenge) })).status).toBe(200)
  expect((await page.get('/api/me/second-factor')).body.passkeys).toMatchObject([
    { name: 'Phone', host: 'vedette.example' },
  ])
})

test('R4 each challenge is answered once, by the key that it knows, from our own page', async () => {
  const { key, half, page, credential } = await withPasskey()
  const { other, challenge } = await half()
  const answer = key.get(challenge)
  const foreign = new SoftPasskey(origin, 'vedette.example').get(challenge)
  expect((await other.prove({ method: 'passkey', credential: foreign })).status).toBe(403)
  // The challenge is gone with the first answer, whatever that was.
  expect((await other.prove({ method: 'passkey', credential: answer })).status).toBe(403)
  const again = await half()
  const stolen = Object.assign(key.get(again.challenge), { response: answer.response })
  expect((await again.other.prove({ method: 'passkey', credential: stolen })).status).toBe(403)
  expect((await page.post('/api/me/passkeys', { name: 'Twice', credential })).status).toBe(400)
})

test('R4 a passkey that was made for another page is refused', async () => {
  const { page } = await withPasskey()
  const options = await page.post('/api/me/passkeys/options', { password })
  const evil = new SoftPasskey('https://evil.example', 'evil.example').create(options.body.publicKey.challenge)
  expect((await page.post('/api/me/passkeys', { name: 'Evil', credential: evil })).status).toBe(400)
})

test('R15 a passkey that brings certificates has nobody asked about them', async () => {
  const { page } = await withPasskey()
  const fetched = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('nobody is to be asked'))
  const options = await page.post('/api/me/passkeys/options', { password })
  const phone = new SoftPasskey(origin, 'vedette.example')
  const credential = await phone.createWith(
    options.body.publicKey.challenge,
    androidStatement('http://169.254.169.254/'),
  )
  const { status } = await page.post('/api/me/passkeys', { name: 'Evil', credential })
  const asked = fetched.mock.calls.map(([url]) => String(url))
  fetched.mockRestore()
  expect({ asked, status }).toEqual({ asked: [], status: 400 })
})

test('R4 a copied authenticator, whose counter goes back, is refused', async () => {
  const { key, half } = await withPasskey()
  for (const [counter, status] of [
    [5, 200],
    [2, 403],
  ] as const) {
    const { other, challenge } = await half()
    key.counter = counter
    expect((await other.prove({ method: 'passkey', credential: key.get(challenge) })).status).toBe(status)
  }
})

test('passkeys are not offered on a bare IP address', async () => {
  const { add, browser } = await openAccountServer()
  await add('anna')
  const page = browser()
  await page.logIn('anna')
  const answer = await page.post('/api/me/passkeys/options', { password }, { host: '127.0.0.1:8080' })
  expect(answer.body).toMatchObject({ code: 'conflict', message: expect.stringContaining('host name') })
})

test('R4 removing the last one gives up the recovery codes, too', async () => {
  const { page } = await withPasskey()
  const [{ id }] = (await page.get('/api/me/second-factor')).body.passkeys
  expect((await page.post(`/api/me/passkeys/${id}/remove`, { password: 'wrong wrong wrong' })).status).toBe(403)
  expect((await page.post(`/api/me/passkeys/${id}/remove`, { password })).status).toBe(200)
  expect((await page.get('/api/me/second-factor')).body).toMatchObject({ passkeys: [], recoveryCodes: 0 })
})
