import type { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { interleaved, rtpPacket, senderReport } from '../../../test/support/rtp-maker.ts'
import { goodCamera, rtspAnswer, type Script, ScriptedRtspServer } from '../../../test/support/scripted-rtsp-server.ts'
import { type Clock, ManualClock, systemClock } from '../lib/clock.ts'
import type { Packet } from '../lib/packet.ts'
import { cameraConnect } from '../net/connect.ts'
import { arrivalClock } from './capture-clock.ts'
import { openRtsp, type RtspOptions } from './open-rtsp.ts'
import { probeRtsp } from './probe-rtsp.ts'
import { splitAddress } from './rtsp-address.ts'

const sdp = [
  'v=0',
  'a=control:*',
  'm=video 0 RTP/AVP 96',
  'a=rtpmap:96 H264/90000',
  'a=fmtp:96 packetization-mode=1;sprop-parameter-sets=Z2QAKKzZQHgCJ+XARAAAAwAEAAADAMg8YMZY,aOvjyyLA',
  'a=control:trackID=0',
  'm=audio 0 RTP/AVP 8',
  'a=control:trackID=1',
  '',
].join('\r\n')
const picture = (sequence: number, type = 5) => {
  const payload = Buffer.concat([Buffer.from([0x60 | type, 0x88]), Buffer.alloc(1000, sequence)])
  return interleaved(0, rtpPacket({ sequence, time: sequence * 3600, payload, isMarked: true }))
}

const open: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

async function serve(script: Script, onConnect?: (socket: Socket) => void): Promise<ScriptedRtspServer> {
  const server = await ScriptedRtspServer.open(script, onConnect)
  open.push(server)
  return server
}

function options(server: ScriptedRtspServer, more: Partial<RtspOptions> = {}) {
  const packets: Packet[] = []
  const clock: Clock = more.clock ?? systemClock
  return {
    address: splitAddress(`rtsp://127.0.0.1:${server.port}/stream`),
    transport: 'tcp',
    withAudio: true,
    connect: cameraConnect({ purpose: 'camera', allowLoopback: true }),
    clock,
    captureClock: arrivalClock(clock),
    signal: new AbortController().signal,
    onPacket: (packet: Packet) => void packets.push(packet),
    packets,
    ...more,
  } as const
}

async function play(server: ScriptedRtspServer, more: Partial<RtspOptions> = {}) {
  const asked = options(server, more)
  const session = await openRtsp(asked)
  open.push(session)
  return { session, packets: asked.packets }
}

/** Seconds pass one by one, with time in between for what they wake. */
async function passSeconds(clock: ManualClock, seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i++) {
    clock.advance(1000)
    for (let k = 0; k < 5; k++) await turn()
  }
}

describe('opening a stream', () => {
  test('describes, sets up, plays, gives packets and says goodbye', async () => {
    const server = await serve(goodCamera(sdp, (socket) => socket.write(Buffer.concat([picture(1), picture(2, 1)]))))
    const { session, packets } = await play(server)
    await vi.waitFor(() => expect(packets).toHaveLength(2))
    expect(packets.map(({ isKey, pts, data }) => [isKey, pts, data.length])).toEqual([
      [true, 0, 1006],
      [false, 3600, 1006],
    ])
    expect(session.facts()).toMatchObject({ transport: 'tcp', rtpLost: 0, nextRun: 1 })
    expect(session.tracks.map(({ kind, format }) => [kind, format?.codec])).toEqual([
      ['video', 'h264'],
      ['audio', 'pcm_alaw'],
    ])
    await session.close()
    expect(await session.ended).toBeUndefined()
    expect(server.methods.filter((method) => method !== 'OPTIONS')).toEqual([
      'DESCRIBE',
      'SETUP',
      'SETUP',
      'PLAY',
      'TEARDOWN',
    ])
    expect(server.requests.filter(({ method }) => method === 'SETUP').map(({ uri }) => uri.split('/').at(-1))).toEqual([
      'trackID=0',
      'trackID=1',
    ])
  })

  test('reads a stream that comes byte by byte, with garbage and questions in between', async () => {
    const question = Buffer.from('OPTIONS * RTSP/1.0\r\nCSeq: 77\r\n\r\n')
    const bytes = Buffer.concat([picture(1), question, picture(2), Buffer.from('??$\x09?R?'), picture(3)])
    const good = goodCamera(sdp)
    const server = await serve((request, socket) => {
      if (request.method === 'OPTIONS') setImmediate(drip, socket) // The last question: no answer falls in between.
      return good(request, socket)
    })
    const drip = async (socket: Socket) => {
      socket.setNoDelay(true)
      for (let i = 0; i < bytes.length; i += 7) {
        socket.write(bytes.subarray(i, i + 7))
        await turn()
      }
    }
    const { packets } = await play(server)
    await vi.waitFor(() => expect(packets).toHaveLength(3))
    expect(packets.map(({ data }) => data[500])).toEqual([1, 2, 3])
    await vi.waitFor(() =>
      expect(server.requests.some(({ text }) => text.includes('501') && text.includes('77'))).toBe(true),
    )
  })

  test('reads in batches when told to, and at once again', async () => {
    const server = await serve(goodCamera(sdp))
    const { session, packets } = await play(server)
    session.setReadEvery(50)
    for (let i = 1; i <= 20; i++) {
      server.sockets[0]?.write(picture(i))
      await turn()
    }
    await vi.waitFor(() => expect(packets).toHaveLength(20))
    expect(session.facts().reads).toBeLessThan(15)
    session.setReadEvery(0)
    server.sockets[0]?.write(picture(21))
    await vi.waitFor(() => expect(packets).toHaveLength(21))
  })

  test('keeps the session alive: asks at once what the camera knows, then at half its time-out', async () => {
    const clock = new ManualClock()
    const server = await serve(goodCamera(sdp))
    await play(server, { clock, stallMs: 1e6 })
    await vi.waitFor(() => expect(server.methods).toContain('OPTIONS'))
    await vi.waitFor(async () => {
      await passSeconds(clock, 30)
      expect(server.methods).toContain('GET_PARAMETER')
    })
    expect(server.requests.at(-1)?.headers.get('session')).toBe('12345678')
  })

  test('a picture missing for 10 s is a stall, even when reports go on', async () => {
    const clock = new ManualClock()
    const server = await serve(goodCamera(sdp, (socket) => socket.write(picture(1))))
    const { session, packets } = await play(server, { clock })
    await vi.waitFor(() => expect(packets).toHaveLength(1))
    let ended: unknown
    void session.ended.then((reason) => {
      ended = reason
    })
    await passSeconds(clock, 8)
    server.sockets[0]?.write(interleaved(1, senderReport(Date.UTC(2026, 0, 1), 3600)))
    await vi.waitFor(() => expect(session.facts().senderReports).toBe(1))
    expect(ended).toBeUndefined()
    await passSeconds(clock, 5)
    expect(await session.ended).toMatchObject({ code: 'camera_stalled' })
  })

  test('ends when the camera hangs up', async () => {
    const server = await serve(goodCamera(sdp, (socket) => socket.destroy()))
    const { session } = await play(server)
    expect(await session.ended).toMatchObject({ code: 'camera_unreachable' })
  })

  test('a receiver that throws ends its own session and nothing else', async () => {
    const bug = new Error('bug')
    const server = await serve(goodCamera(sdp, (socket) => socket.write(picture(1))))
    const { session } = await play(server, {
      onPacket: () => {
        throw bug
      },
    })
    expect(await session.ended).toMatchObject({ code: 'internal', cause: bug })
  })

  test('the signal ends the attempt with its reason, and later the session', async () => {
    const silent = await serve(() => undefined)
    const stop = new AbortController()
    const attempt = openRtsp(options(silent, { signal: stop.signal }))
    await vi.waitFor(() => expect(silent.requests).toHaveLength(1))
    stop.abort(new Error('enough'))
    await expect(attempt).rejects.toThrow('enough')

    const second = new AbortController()
    const server = await serve(goodCamera(sdp))
    const { session } = await play(server, { signal: second.signal })
    second.abort()
    expect(await session.ended).toBeUndefined()
    expect(server.methods).toContain('TEARDOWN')
  })
})

describe('probing', () => {
  test('gives the formats and the first key frame, and hangs up', async () => {
    const server = await serve(goodCamera(sdp, (socket) => socket.write(Buffer.concat([picture(1, 1), picture(2)]))))
    const probe = await probeRtsp(options(server))
    expect(probe).toMatchObject({ video: { width: 1920, codec: 'h264' }, audio: { codec: 'pcm_alaw' } })
    expect(probe.firstKey.isKey).toBe(true)
    expect(server.methods).toContain('TEARDOWN')
  })

  test('calls a camera without key frames stalled', async () => {
    const clock = new ManualClock()
    const server = await serve(goodCamera(sdp, (socket) => socket.write(picture(1, 1))))
    const probing = expect(probeRtsp(options(server, { clock }))).rejects.toMatchObject({ code: 'camera_stalled' })
    await vi.waitFor(() => expect(server.methods).toContain('PLAY'))
    await passSeconds(clock, 11)
    await probing
  })
})

describe('R16 what is no camera, or a bad one', () => {
  const refused = (server: ScriptedRtspServer, more: Partial<RtspOptions> = {}) => openRtsp(options(server, more))

  test.each([
    [401, 'camera_unauthorized'],
    [403, 'camera_unauthorized'],
    [404, 'camera_path_not_found'],
    [454, 'camera_path_not_found'],
    [453, 'camera_unreachable'],
    [500, 'camera_unreachable'],
    [400, 'camera_unsupported'],
    [301, 'camera_unsupported'],
  ])('status %i is %s', async (status, code) => {
    const server = await serve(() => rtspAnswer(status))
    await expect(refused(server)).rejects.toMatchObject({ name: 'AppError', code })
  })

  test.each([
    ['a web server', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['an SSH server', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['random bytes', Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex')],
    ['an endless line', `RTSP/1.0 200 ${'a'.repeat(20_000)}`],
    ['endless headers', `RTSP/1.0 200 OK\r\n${'X: y\r\n'.repeat(200)}\r\n`],
    ['endless empty lines', '\r\n'.repeat(40_000)],
  ])('%s is camera_not_rtsp', async (_name, bytes) => {
    const server = await serve(
      () => undefined,
      (socket) => socket.write(bytes),
    )
    await expect(refused(server)).rejects.toMatchObject({ name: 'AppError', code: 'camera_not_rtsp' })
  })

  test.each([
    ['a body without end', rtspAnswer(200, { 'Content-Length': '999999' })],
    ['a body with a nonsense length', rtspAnswer(200, { 'Content-Length': '-1' })],
    ['a description without video', rtspAnswer(200, {}, 'v=0\r\nm=audio 0 RTP/AVP 8\r\n')],
    ['a web page', rtspAnswer(200, {}, '<html></html>')],
  ])('%s is camera_unsupported', async (_name, answer) => {
    const server = await serve(() => answer)
    await expect(refused(server)).rejects.toMatchObject({ code: 'camera_unsupported' })
  })

  test('endless frames that nobody asked for are camera_unsupported', async () => {
    const frames = Buffer.concat(Array.from({ length: 100 }, () => interleaved(9, Buffer.alloc(60_000))))
    const server = await serve((_request, socket) => void socket.write(frames))
    await expect(refused(server)).rejects.toMatchObject({ code: 'camera_unsupported' })
  })

  test('a silent server is camera_unreachable after 10 s', async () => {
    const clock = new ManualClock()
    const server = await serve(() => undefined)
    const failed = expect(refused(server, { clock })).rejects.toMatchObject({ code: 'camera_unreachable' })
    await vi.waitFor(() => expect(server.requests).toHaveLength(1))
    await passSeconds(clock, 11)
    await failed
  })

  test('a flood is read at 16 MB a second and ends as camera_unsupported', async () => {
    const clock = new ManualClock()
    const chunk = Buffer.concat(Array.from({ length: 60 }, () => interleaved(1, Buffer.alloc(60_000))))
    const flood = (socket: Socket): void => {
      while (!socket.destroyed && socket.write(chunk));
      socket.once('drain', () => flood(socket))
    }
    const server = await serve(goodCamera(sdp, flood))
    const { session } = await play(server, { clock, stallMs: 1e6 })
    const budget = 16 * 1024 * 1024
    await vi.waitFor(() => expect(session.facts().bytes).toBeGreaterThan(budget))
    for (let k = 0; k < 50; k++) await turn()
    expect(session.facts().bytes).toBeLessThan(budget + 300_000)
    await vi.waitFor(async () => {
      await passSeconds(clock, 1)
      expect(await Promise.race([session.ended, turn('flowing')])).toMatchObject({ code: 'camera_unsupported' })
    }, 60_000)
  })

  test('nothing that the camera or the user chose can end a line of a request', async () => {
    const good = goodCamera(sdp)
    const server = await serve((request, socket) =>
      request.method === 'DESCRIBE'
        ? rtspAnswer(200, { 'Content-Base': 'rtsp://127.0.0.1/\rInjected: 1' }, sdp)
        : good(request, socket),
    )
    await expect(refused(server)).rejects.toMatchObject({ name: 'AppError' })
    const address = { ...splitAddress(`rtsp://127.0.0.1:${server.port}/`), path: '/a\r\nInjected: 2' }
    await expect(refused(server, { address })).rejects.toMatchObject({ name: 'AppError' })
    expect(server.requests.every(({ text }) => !/^Injected/m.test(text))).toBe(true)
  })

  test('a camera that puts two streams on one channel is refused', async () => {
    const good = goodCamera(sdp)
    const server = await serve((request, socket) =>
      request.method === 'SETUP'
        ? rtspAnswer(200, { Session: '1', Transport: 'RTP/AVP/TCP;interleaved=0-1' })
        : good(request, socket),
    )
    await expect(refused(server)).rejects.toMatchObject({ code: 'camera_unsupported' })
  })
})
