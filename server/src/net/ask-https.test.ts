import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { makeCertificate } from '../../../test/support/made-certificate.ts'
import { askHttps } from './ask-https.ts'

const policy = { purpose: 'acme', allowLoopback: true } as const
let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

async function listen(answer: ConstructorParameters<typeof Server>[1], names = ['service.example']) {
  const { cert, key } = await makeCertificate({ names })
  const opened = createServer({ cert, key }, answer)
  server = opened
  await new Promise<void>((resolve) => opened.listen(0, '127.0.0.1', resolve))
  const { port } = opened.address() as AddressInfo
  const lookup = async () => ['127.0.0.1']
  return (url = `https://service.example:${port}/a?b=c`, signal = AbortSignal.timeout(10_000)) =>
    askHttps(
      { method: 'POST', url, headers: { 'content-type': 'x/y' }, body: 'ö', signal },
      { policy, ca: cert, lookup },
    )
}

describe('R15 asking a service', () => {
  test('sends what was given and hands back the answer', async () => {
    const ask = await listen((request, reply) => {
      let body = ''
      request.on('data', (chunk: Buffer) => {
        body += chunk.toString()
      })
      request.on('end', () =>
        reply
          .writeHead(201, { 'x-a': 'b' })
          .end(`${request.method} ${request.url} ${request.headers.host?.split(':')[0]} ${body}`),
      )
    })
    expect(await ask()).toMatchObject({ status: 201, headers: { 'x-a': 'b' }, body: 'POST /a?b=c service.example ö' })
  })

  test('follows no redirect', async () => {
    const ask = await listen((_, reply) => reply.writeHead(302, { location: 'https://169.254.169.254/' }).end())
    expect((await ask()).status).toBe(302)
  })

  test('refuses a server that proves another name', async () => {
    const ask = await listen((_, reply) => reply.end(), ['other.example'])
    await expect(ask()).rejects.toThrow(/cannot be asked \(Hostname\/IP does not match/)
  })

  test('takes no more than 256 kB, and hears no more when nobody waits', async () => {
    const long = await listen((_, reply) => reply.end('x'.repeat(300_000)))
    await expect(long()).rejects.toThrow(/sends too much/)
    server?.close()
    const silent = await listen(() => {})
    await expect(silent(undefined, AbortSignal.timeout(200))).rejects.toThrow(/timeout/i)
  })

  test('refuses a half answer', async () => {
    const ask = await listen((request, reply) => {
      reply.writeHead(200, { 'content-length': '100' }).write('half')
      setImmediate(() => request.socket.destroy())
    })
    await expect(ask()).rejects.toThrow(/cannot be asked/)
  })

  test.each(['http://service.example/', 'https://anna:secret@service.example/', 'ftp://service.example/'])(
    'refuses %s before it resolves anything',
    async (url) => {
      const lookup = () => Promise.reject(new Error('asked'))
      const asked = askHttps({ method: 'GET', url, headers: {}, signal: AbortSignal.timeout(1000) }, { policy, lookup })
      await expect(asked).rejects.toThrow(/must be asked over https/)
    },
  )
})
