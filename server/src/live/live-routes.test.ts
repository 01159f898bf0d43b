/** The live WebSocket over a real socket, and JPEG polling. */
import type { AddressInfo } from 'node:net'
import { liveMetadata } from '@vedette/shared/live.ts'
import { liveClose, liveType, readLiveFrame } from '@vedette/shared/live-frame.ts'
import { afterEach, describe, expect, test, vi } from 'vitest'
import WebSocket from 'ws'
import { cameraA, cameraB } from '../../../test/support/segments.ts'
import { openTestHttp, type TestUsers } from '../../../test/support/test-http.ts'
import { systemClock } from '../lib/clock.ts'
import type { FeedHeader, LiveFormat } from './feed-message.ts'
import { LiveHub } from './live-hub.ts'
import { liveRoutes } from './live-routes.ts'
import { type LiveLimits, liveLimits } from './live-session.ts'
import { RightsWatch } from './rights-watch.ts'

/** A busy machine may need seconds. */
const soon = (check: () => void) => vi.waitFor(check, { timeout: 60_000, interval: 5 })

const format: LiveFormat = {
  kind: 'format',
  codec: 'avc1.640028',
  width: 640,
  height: 360,
  audioCodec: 'opus',
  audio: { codec: 'opus', sampleRate: 48_000, channels: 1, config: '' },
}

/** A camera that a test lets speak. */
class FakeFeed {
  isOpen = true
  readonly #onFrame: (header: FeedHeader, payload: Uint8Array) => void
  constructor(onFrame: (header: FeedHeader, payload: Uint8Array) => void) {
    this.#onFrame = onFrame
    this.#onFrame({ kind: 'format', feed: 1, format }, new Uint8Array(0))
  }
  picture(n: number, isKey = false, sizeBytes = 100) {
    const header = { kind: 'video', feed: 1, isKey, captureMs: n * 40, lost: 0 } as const
    this.#onFrame(header, Buffer.alloc(sizeBytes, n % 256))
  }
  sound() {
    this.#onFrame({ kind: 'audio', feed: 1, captureMs: 0 }, Buffer.alloc(10))
  }
}

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

async function serve(limits: Partial<LiveLimits> = {}) {
  const users: TestUsers = {
    anna: { view: [cameraA], audio: [cameraA] },
    ben: { view: [cameraA] },
    eve: { view: [cameraB] },
  }
  const { http, isAllowed, ask } = await openTestHttp({ users })
  const feeds: FakeFeed[] = []
  const hub = new LiveHub((_camera, _stream, onFrame) => {
    const feed = new FakeFeed(onFrame)
    feeds.push(feed)
    return {
      close: () => {
        feed.isOpen = false
      },
    }
  })
  const rights = new RightsWatch()
  const stopping = new AbortController()
  const newest = { captureMs: 1000, jpeg: Buffer.from('a jpeg') }
  liveRoutes(http, {
    hub,
    clock: systemClock,
    isAllowed,
    watchRight: rights.watch,
    latestJpeg: async () => ({ ...newest }),
    signal: stopping.signal,
    limits: { ...liveLimits, ...limits },
  })
  await http.listen({ host: '127.0.0.1', port: 0 })
  const { port } = http.server.address() as AddressInfo
  opened.push({
    close: async () => {
      stopping.abort()
      await http.close()
    },
  })
  return { http, ask, port, feeds, hub, rights, users, stopping, newest }
}

/** A page that watches: K1 key, P2 picture, a sound, f format, d3 dropped, c clock; and what it was closed with. */
function watch(port: number, user: string, query = '', cameraId = cameraA) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/cameras/${cameraId}/live${query}`, {
    headers: { 'x-user': user, origin: `http://127.0.0.1:${port}` },
  })
  const page = { socket, story: [] as string[], bytes: [] as Buffer[], code: 0, refused: 0 }
  socket.on('message', (data: Buffer) => {
    page.bytes.push(data)
    const frame = readLiveFrame(data)
    if (frame?.type === liveType.video) page.story.push(`${frame.isKey ? 'K' : 'P'}${frame.payload[0]}`)
    if (frame?.type === liveType.audio) page.story.push('a')
    if (frame?.type === liveType.clock) page.story.push('c')
    if (frame?.type !== liveType.metadata) return
    const metadata = liveMetadata.parse(JSON.parse(Buffer.from(frame.payload).toString()))
    page.story.push(metadata.kind === 'dropped' ? `d${metadata.frames}` : metadata.kind.charAt(0))
  })
  socket.on('close', (code) => {
    page.code = code
  })
  socket.on('unexpected-response', (_request, response) => {
    page.refused = response.statusCode ?? 0
  })
  socket.on('error', () => {})
  return page
}

describe('live WebSocket', () => {
  test('shows the format and the key frame at once, then what comes', async () => {
    const { port, feeds } = await serve()
    const first = watch(port, 'anna')
    await soon(() => expect(first.story).toEqual(['f']))
    feeds[0]?.picture(1, true)
    feeds[0]?.picture(2)
    await soon(() => expect(first.story).toEqual(['f', 'K1', 'P2']))
    const second = watch(port, 'ben')
    await soon(() => expect(second.story).toEqual(['f', 'K1', 'P2']))
    feeds[0]?.picture(3)
    await soon(() => expect(second.story.at(-1)).toBe('P3'))
    expect(feeds).toHaveLength(1)
    first.socket.close()
    second.socket.close()
    await soon(() => expect(feeds[0]?.isOpen).toBe(false))
  })

  test('R5 brings sound only to those with the audio right', async () => {
    const { port, feeds } = await serve()
    const anna = watch(port, 'anna')
    const ben = watch(port, 'ben')
    await soon(() => expect([anna.story, ben.story]).toEqual([['f'], ['f']]))
    feeds[0]?.picture(1, true)
    feeds[0]?.sound()
    feeds[0]?.picture(2)
    await soon(() => expect(anna.story).toEqual(['f', 'K1', 'a', 'P2']))
    await soon(() => expect(ben.story).toEqual(['f', 'K1', 'P2']))
    expect(ben.bytes[0]?.toString()).not.toContain('opus')
  })

  test('R5 R13 refuses before the upgrade: a foreign camera like a missing one, nobody, a foreign page', async () => {
    const { port } = await serve()
    const foreign = watch(port, 'eve')
    await soon(() => expect(foreign.refused).toBe(404))
    const nobody = watch(port, 'nobody')
    await soon(() => expect(nobody.refused).toBe(401))
    const wrong = watch(port, 'anna', '?stream=third')
    await soon(() => expect(wrong.refused).toBe(400))
    const elsewhere = new WebSocket(`ws://127.0.0.1:${port}/api/cameras/${cameraA}/live`, {
      headers: { 'x-user': 'anna', origin: 'http://evil.example' },
    })
    const status = await new Promise((resolve) => {
      elsewhere.on('unexpected-response', (_request, response) => resolve(response.statusCode))
      elsewhere.on('open', () => resolve('open'))
      elsewhere.on('error', () => {})
    })
    expect(status).toBe(403)
  })

  test('R3 closes when the session ends', async () => {
    const { port, rights } = await serve()
    const anna = watch(port, 'anna')
    const ben = watch(port, 'ben')
    await soon(() => expect([anna.story, ben.story]).toEqual([['f'], ['f']]))
    expect(rights.sessionIds.sort()).toEqual(['session of anna', 'session of ben'])
    rights.endSession('session of anna')
    await soon(() => expect(anna.code).toBe(liveClose.revoked))
    expect(ben.code).toBe(0)
    expect(rights.sessionIds).toEqual(['session of ben'])
  })

  test('R3 closes when the right to the camera is taken away', async () => {
    const { port, rights, users } = await serve()
    const ben = watch(port, 'ben')
    await soon(() => expect(ben.story).toEqual(['f']))
    const isAllowed = async (w: { caller: { userId: string }; cameraId: string }) =>
      users[w.caller.userId]?.view?.includes(w.cameraId) ?? false
    await rights.recheck(isAllowed)
    users.ben = {}
    await rights.recheck(isAllowed)
    await soon(() => expect(ben.code).toBe(liveClose.revoked))
  })

  test('R3 closes when the right to listen is taken away, and comes back without sound', async () => {
    const { port, rights, users, feeds } = await serve()
    const anna = watch(port, 'anna')
    const ben = watch(port, 'ben')
    await soon(() => expect([anna.story, ben.story]).toEqual([['f'], ['f']]))
    users.anna = { view: [cameraA] }
    await rights.recheck(async ({ caller, right }) => users[caller.userId]?.[right]?.includes(cameraA) ?? false)
    await soon(() => expect(anna.code).toBe(liveClose.goingAway))
    const again = watch(port, 'anna')
    await soon(() => expect(again.story).toEqual(['f']))
    feeds[0]?.picture(1, true)
    feeds[0]?.sound()
    feeds[0]?.picture(2)
    await soon(() => expect(again.story).toEqual(['f', 'K1', 'P2']))
    expect(ben.code).toBe(0)
  })

  test('R13 answers clock questions and closes on anything else', async () => {
    const { port } = await serve()
    const page = watch(port, 'anna')
    await soon(() => expect(page.story).toEqual(['f']))
    const question = Buffer.alloc(10)
    question[0] = liveType.clock
    page.socket.send(question)
    await soon(() => expect(page.story).toEqual(['f', 'c']))
    page.socket.send('hello')
    await soon(() => expect(page.code).toBe(liveClose.badMessage))
    const large = watch(port, 'anna')
    await soon(() => expect(large.story).toEqual(['f']))
    large.socket.send(Buffer.alloc(65))
    await soon(() => expect(large.code).toBe(liveClose.tooLarge))
  })

  test('R13 R38 closes on a flood of questions, pings or pongs, and on one message in endless parts', async () => {
    const { port } = await serve()
    const question = Buffer.alloc(10)
    question[0] = liveType.clock
    for (const flood of [
      (page: ReturnType<typeof watch>) => page.socket.send(question),
      (page: ReturnType<typeof watch>) => page.socket.ping(),
      (page: ReturnType<typeof watch>) => page.socket.pong(),
    ]) {
      const page = watch(port, 'anna')
      await soon(() => expect(page.story).toEqual(['f']))
      for (let n = 0; n < 60; n++) flood(page)
      await soon(() => expect(page.code).toBe(liveClose.badMessage))
    }
    const parts = watch(port, 'anna')
    await soon(() => expect(parts.story).toEqual(['f']))
    for (let n = 0; n < 10; n++) parts.socket.send(Buffer.alloc(20_000), { fin: false })
    await soon(() => expect(parts.code).toBe(liveClose.tooLarge))
  })

  test('R38 a page that does not read costs a bounded queue and goes on at a key frame', async () => {
    const { http, port, feeds } = await serve({ queueBytes: 2_000_000 })
    const slow = watch(port, 'anna')
    const quick = watch(port, 'ben')
    await soon(() => expect([slow.story, quick.story]).toEqual([['f'], ['f']]))
    slow.socket.pause()
    // 60 MB in groups of 20: more than the queue and the system's socket buffers hold.
    for (let n = 0; n < 600; n++) {
      feeds[0]?.picture(n, n % 20 === 0, 100_000)
      if (n % 20 === 19) await soon(() => expect(quick.story.at(-1)).toBe(`P${n % 256}`))
    }
    expect(quick.story.filter((s) => s.startsWith('d'))).toEqual([])
    for (const client of http.websocketServer.clients) expect(client.bufferedAmount).toBeLessThan(300_000)
    slow.socket.resume()
    await soon(() => {
      feeds[0]?.picture(1, true)
      expect(slow.story.at(-1)).toBe('K1')
    })
    const drops = slow.story.flatMap((s, i) => (s.startsWith('d') ? [slow.story[i + 1]] : []))
    expect(drops.length).toBeGreaterThan(0)
    for (const after of drops) expect(after).toMatch(/^K/)
  })

  test('says that it goes away when the server stops', async () => {
    const { port, stopping } = await serve()
    const page = watch(port, 'anna')
    await soon(() => expect(page.story).toEqual(['f']))
    stopping.abort()
    await soon(() => expect(page.code).toBe(liveClose.goingAway))
  })
})

describe('JPEG polling', () => {
  test('gives the newest picture with its time, and nothing twice', async () => {
    const { ask, newest } = await serve()
    const url = `/api/cameras/${cameraA}/frame.jpg`
    const first = await ask(url, 'ben')
    expect(first.headers).toMatchObject({ 'content-type': 'image/jpeg', 'x-capture-ms': '1000' })
    expect(first.headers['cache-control']).toContain('no-store')
    const again = await ask(url, 'ben', { 'if-none-match': String(first.headers.etag) })
    expect(again.statusCode).toBe(304)
    newest.captureMs = 2000
    expect((await ask(url, 'ben', { 'if-none-match': String(first.headers.etag) })).statusCode).toBe(200)
    expect((await ask(url, 'eve')).statusCode).toBe(404)
    expect((await ask(`${url}?maxWidth=1`, 'ben')).statusCode).toBe(400)
  })
})
