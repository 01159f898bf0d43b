/** Users' pictures: what is handed out is what the server made, to whom it belongs and to administrators. */
import { request } from 'node:http'
import { expect, test } from 'vitest'
import { openAccountServer } from '../../../test/support/account-server.ts'

const jpeg = Buffer.from('a large jpeg').toString('base64')

async function withPeople() {
  const server = await openAccountServer()
  const people: Record<string, ReturnType<typeof server.browser>> = {}
  const ids: Record<string, string> = {}
  for (const [index, name] of ['anna', 'ben', 'carla'].entries()) {
    ids[name] = await server.add(name, name === 'anna' ? 'admin' : 'viewer')
    const page = server.browser(`10.0.0.${index + 1}`)
    await page.logIn(name)
    people[name] = page
  }
  const as = (name: string) => people[name] ?? server.browser()
  const look = (name: string, path: string) =>
    server.http.inject({
      url: path,
      headers: { host: 'vedette.example', cookie: `vedette=${as(name).jar.get('vedette')}` },
    })
  return { ...server, as, ids, look }
}

test('a picture is made anew, has a fixed type, and another one is known by its id', async () => {
  const { as, ids, look, auditText } = await withPeople()
  const first = await as('ben').send('PUT', '/api/me/avatar', { jpeg })
  expect(first).toMatchObject({ status: 200, body: { avatarId: expect.any(String) } })
  const shown = await look('ben', `/api/me/avatar.jpg?id=${first.body.avatarId}`)
  expect(shown.headers).toMatchObject({ 'content-type': 'image/jpeg', 'x-content-type-options': 'nosniff' })
  expect(shown.body).toBe('shrunk a large jpeg')
  expect((await look('anna', `/api/users/${ids.ben}/avatar.jpg`)).body).toBe('shrunk a large jpeg')
  const second = await as('ben').send('PUT', '/api/me/avatar', { jpeg })
  expect(second.body.avatarId).not.toBe(first.body.avatarId)
  expect((await as('anna').get(`/api/users/${ids.ben}`)).body.avatarId).toBe(second.body.avatarId)
  expect(await auditText()).toContain('"avatar":"changed"')
  expect((await as('ben').send('DELETE', '/api/me/avatar')).body.avatarId).toBeNull()
  expect((await look('ben', '/api/me/avatar.jpg')).statusCode).toBe(404)
})

test('R5 a viewer sees no other’s picture, whether there is one or not', async () => {
  const { as, ids, look } = await withPeople()
  await as('ben').send('PUT', '/api/me/avatar', { jpeg })
  for (const name of ['ben', 'carla'])
    expect((await look('carla', `/api/users/${ids[name]}/avatar.jpg`)).statusCode).toBe(403)
  expect((await look('carla', '/api/me/avatar.jpg')).statusCode).toBe(404)
})

test('R19 more than 5 MB, and what is no base64, is refused before it is looked at', async () => {
  const { as } = await withPeople()
  const large = Buffer.alloc(5_100_000, 1).toString('base64')
  expect((await as('ben').send('PUT', '/api/me/avatar', { jpeg: large })).status).toBe(413)
  for (const wrong of ['data:image/jpeg;base64,AAAA', 'not base64!', ''])
    expect((await as('ben').send('PUT', '/api/me/avatar', { jpeg: wrong })).status).toBe(400)
})

test('R38 one picture of a user comes in at a time, and the next is refused unread', async () => {
  const { as, http } = await withPeople()
  const port = Number(new URL(await http.listen({ port: 0 })).port)
  const cookie = `vedette=${as('ben').jar.get('vedette')}`
  const headers = { host: 'vedette.example', cookie, 'content-type': 'application/json', 'content-length': 6_000_000 }
  const begin = () =>
    request({ port, method: 'PUT', path: '/api/me/avatar', headers, agent: false }).on('error', () => {})
  const slow = begin()
  slow.write('{"jpeg":"AAAA')
  const statusOf = () =>
    new Promise<number>((resolve) => {
      const other = begin().on('response', (answer) => {
        resolve(answer.statusCode ?? 0)
        other.destroy()
      })
      other.flushHeaders()
      other.write('{"jpeg":"AAAA')
    })
  expect(await Promise.race([statusOf(), statusOf()])).toBe(429)
  slow.destroy()
  await http.close()
})

test('R38 ten in ten minutes, then others wait', async () => {
  const { as, clock } = await withPeople()
  const statuses = []
  for (let n = 0; n < 11; n++) statuses.push((await as('ben').send('PUT', '/api/me/avatar', { jpeg })).status)
  expect(statuses).toEqual([...Array(10).fill(200), 429])
  expect((await as('carla').send('PUT', '/api/me/avatar', { jpeg })).status).toBe(200)
  clock.advance(600_001)
  expect((await as('ben').send('PUT', '/api/me/avatar', { jpeg })).status).toBe(200)
})
