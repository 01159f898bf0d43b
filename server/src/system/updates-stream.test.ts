/** The stream of updates over a real socket: how many one user may hold open. */
import { get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test, vi } from 'vitest'
import { openTestHttp } from '../../../test/support/test-http.ts'
import { systemRoutes } from './system-routes.ts'
import { Updates } from './updates.ts'

test('R38 one user opens only so many update streams; closed ones make room, and others have theirs', async () => {
  const { http } = await openTestHttp({ users: { anna: {}, ben: {} } })
  const updates = new Updates((status) => status)
  const readStatus = () => Promise.reject(new Error('not asked'))
  const readReport = readStatus
  systemRoutes(http, { readStatus, readReport, updates, camerasOf: async () => [] })
  await http.listen({ host: '127.0.0.1', port: 0 })
  const { port } = http.server.address() as AddressInfo
  const listen = (user: string) =>
    new Promise<IncomingMessage>((resolve, reject) =>
      get({ host: '127.0.0.1', port, path: '/api/updates', agent: false, headers: { 'x-user': user } }, resolve).on(
        'error',
        reject,
      ),
    )
  const streams: IncomingMessage[] = []
  for (let i = 0; i < 64; i++) streams.push(await listen('anna'))
  expect(streams.map((stream) => stream.statusCode)).toEqual(Array.from({ length: 64 }, () => 200))
  expect((await listen('anna')).statusCode).toBe(429)
  expect((await listen('ben')).statusCode).toBe(200)
  streams[0]?.destroy()
  await vi.waitFor(async () => expect((await listen('anna')).statusCode).toBe(200))
  updates.close()
  await http.close()
})
