import { createHash } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import {
  goodCamera,
  rtspAnswer,
  type Script,
  type ScriptedRequest,
  ScriptedRtspServer,
} from '../../../test/support/scripted-rtsp-server.ts'
import { systemClock } from '../lib/clock.ts'
import { type Connect, cameraConnect } from '../net/connect.ts'
import { arrivalClock } from './capture-clock.ts'
import { openRtsp } from './open-rtsp.ts'
import { splitAddress } from './rtsp-address.ts'

const sdp = 'v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n'
const open: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

async function serve(script: Script) {
  const server = await ScriptedRtspServer.open(script)
  open.push(server)
  return server
}

const loose = cameraConnect({ purpose: 'camera', allowLoopback: true })

async function connect(
  port: number,
  credentials: { username?: string; password?: string } = {},
  host = '127.0.0.1',
  through: Connect = loose,
) {
  const session = await openRtsp({
    address: splitAddress(`rtsp://${host}:${port}/stream`),
    ...credentials,
    transport: 'tcp',
    withAudio: true,
    connect: through,
    clock: systemClock,
    captureClock: arrivalClock(systemClock),
    signal: new AbortController().signal,
    onPacket: () => {},
  })
  open.push(session)
  return session
}

const md5 = (text: string) => createHash('md5').update(text).digest('hex')
/** Written from RFC 2617, not from our client: is the answer to this nonce right? */
function isRight({ method, uri, headers }: ScriptedRequest, nonce: string): boolean {
  const sent = headers.get('authorization') ?? ''
  const field = (name: string) => new RegExp(`\\b${name}="?([^",]*)`).exec(sent)?.[1]
  const middle = field('qop') ? `${nonce}:${field('nc')}:${field('cnonce')}:${field('qop')}` : nonce
  const expected = md5(`${md5('admin:cam:secret')}:${middle}:${md5(`${method}:${uri}`)}`)
  return field('uri') === uri && field('nonce') === nonce && field('response') === expected
}
const refusal = (nonce: string, more = '') =>
  rtspAnswer(401, { 'WWW-Authenticate': `Digest realm="cam", nonce="${nonce}"${more}` })
const good = goodCamera(sdp)

describe('credentials', () => {
  test.each(['', ', qop="auth"'])('answers a challenge once and then every request%s', async (qop) => {
    const server = await serve((request, socket) =>
      isRight(request, 'n1') ? good(request, socket) : refusal('n1', qop),
    )
    const session = await connect(server.port, { username: 'admin', password: 'secret' })
    await session.close()
    const methods = server.methods.filter((method) => method !== 'OPTIONS')
    expect(methods).toEqual(['DESCRIBE', 'DESCRIBE', 'SETUP', 'PLAY', 'TEARDOWN'])
  })

  test('tries a wrong password exactly once', async () => {
    const server = await serve(() => refusal(`n${Math.random()}`))
    const failed = connect(server.port, { username: 'admin', password: 'wrong' })
    await expect(failed).rejects.toMatchObject({ code: 'camera_unauthorized' })
    expect(server.requests.map(({ headers }) => headers.has('authorization'))).toEqual([false, true])
  })

  test('takes a new nonce when the old one is stale, but not for ever', async () => {
    let served = 0
    const server = await serve((request, socket) => {
      const nonce = `n${served}`
      if (served >= 3 && isRight(request, nonce)) return good(request, socket)
      return refusal(`n${++served}`, ', stale=true')
    })
    const session = await connect(server.port, { username: 'admin', password: 'secret' })
    await session.close()
    const endless = await serve(() => refusal(`n${++served}`, ', stale=true'))
    const failed = connect(endless.port, { username: 'admin', password: 'secret' })
    await expect(failed).rejects.toMatchObject({ code: 'camera_unauthorized' })
    expect(endless.requests.length).toBeLessThanOrEqual(4)
  })

  test('follows a camera that wants another nonce for each request', async () => {
    let current = 0
    const server = await serve((request, socket) => {
      const isFresh = isRight(request, `n${current}`)
      current++
      return isFresh ? good(request, socket) : refusal(`n${current}`)
    })
    const session = await connect(server.port, { username: 'admin', password: 'secret' })
    expect(server.methods).toContain('PLAY')
    await session.close()
  })

  test('does not fall back from Digest to Basic', async () => {
    let asked = 0
    const basic = rtspAnswer(401, { 'WWW-Authenticate': 'Basic realm="cam"' })
    const server = await serve(() => (asked++ === 0 ? refusal('n1') : basic))
    await expect(connect(server.port, { username: 'admin', password: 'secret' })).rejects.toMatchObject({
      code: 'camera_unauthorized',
    })
    expect(server.requests.some(({ text }) => text.includes('Basic '))).toBe(false)
  })

  test('has nothing to say without a user name', async () => {
    const server = await serve(() => refusal('n1'))
    await expect(connect(server.port)).rejects.toMatchObject({ code: 'camera_unauthorized' })
    expect(server.requests).toHaveLength(1)
  })
})

describe('R15 redirects', () => {
  test('are followed, with credentials only to the same host', async () => {
    const target = await serve((request, socket) => (isRight(request, 'n2') ? good(request, socket) : refusal('n2')))
    const same = await serve(() => rtspAnswer(302, { Location: `rtsp://127.0.0.1:${target.port}/other` }))
    const session = await connect(same.port, { username: 'admin', password: 'secret' })
    await session.close()
    expect(target.requests[0]?.uri).toBe(`rtsp://127.0.0.1:${target.port}/other`)

    const before = target.requests.length
    const other = await serve(() => rtspAnswer(302, { Location: `rtsp://admin:secret@127.0.0.2:${target.port}/` }))
    const elsewhere = connect(other.port, { username: 'admin', password: 'secret' })
    await expect(elsewhere).rejects.toMatchObject({ name: 'AppError' })
    expect(target.requests.slice(before).some(({ headers }) => headers.has('authorization'))).toBe(false)
  })

  test.each(['rtsp://169.254.169.254/', 'rtsp://[::ffff:169.254.169.254]/', 'rtsp://224.0.0.1/'])(
    'to %s are refused',
    async (location) => {
      const server = await serve(() => rtspAnswer(302, { Location: location }))
      await expect(connect(server.port)).rejects.toMatchObject({
        code: 'address_refused',
        message: expect.stringMatching(/^The camera sends us on/),
      })
    },
  )

  test.each(['127.0.0.1', 'localhost', '127.1', '2130706433', '[::1]', '[::ffff:127.0.0.1]', '[64:ff9b::7f00:1]'])(
    'from outside to %s, this machine, are refused',
    async (host) => {
      const inside = await serve(good)
      const outside = await serve(() => rtspAnswer(302, { Location: `rtsp://${host}:${inside.port}/` }))
      // The first connection stands for a camera of the network; what it names is judged as ever.
      let count = 0
      const policy = () => ({ purpose: 'camera', allowLoopback: ++count === 1 }) as const
      const redirected = connect(outside.port, {}, '127.0.0.1', (target) => cameraConnect(policy())(target))
      await expect(redirected).rejects.toMatchObject({
        name: 'AppError',
        code: expect.stringMatching(/refused|unreachable/),
      })
      expect([count, inside.sockets.length]).toEqual([2, 0])
    },
  )

  test.each(['http://127.0.0.1/', '/relative', 'file:///etc/passwd', 'rtsp://a/\rb'])(
    'to %j are refused',
    async (location) => {
      const server = await serve(() => rtspAnswer(302, { Location: location }))
      await expect(connect(server.port)).rejects.toMatchObject({ code: 'camera_unsupported' })
    },
  )

  test('in circles are given up after two', async () => {
    const server: ScriptedRtspServer = await serve(() =>
      rtspAnswer(302, { Location: `rtsp://127.0.0.1:${server.port}/again` }),
    )
    await expect(connect(server.port)).rejects.toMatchObject({ code: 'camera_unsupported' })
    expect(server.requests).toHaveLength(3)
  })
})
