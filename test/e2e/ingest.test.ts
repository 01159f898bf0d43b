/** Ingest against the simulated camera over real sockets: what a camera can do to us, and what people are told. */
import { afterEach, describe, expect, test, vi } from 'vitest'
import { CameraSource } from '../../server/src/ingest/camera-source.ts'
import type { ConnectionState } from '../../server/src/ingest/keep-connected.ts'
import { WallClock } from '../../server/src/ingest/wall-clock.ts'
import { systemClock } from '../../server/src/lib/clock.ts'
import { silentLog } from '../../server/src/lib/log.ts'
import type { Packet } from '../../server/src/lib/packet.ts'
import { cameraConnect } from '../../server/src/net/connect.ts'
import { openRtsp } from '../../server/src/rtsp/open-rtsp.ts'
import { splitAddress } from '../../server/src/rtsp/rtsp-address.ts'
import type { Transport } from '../../server/src/rtsp/rtsp-transport.ts'
import { type CameraOptions, SimulatedCamera } from '../cameras/simulated-camera.ts'
import { readStamp } from '../cameras/stamp.ts'

const connect = cameraConnect({ purpose: 'camera', allowLoopback: true })
const clip = { width: 320, height: 176, fps: 25, gopFrames: 10, seconds: 14, kbitPerS: 500 }
const soon = { timeout: 15_000, interval: 20 }

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close()
})

async function openCamera(options: CameraOptions = {}): Promise<SimulatedCamera> {
  const camera = await SimulatedCamera.open({ main: clip, sub: null, ...options })
  opened.push(camera)
  return camera
}

interface Watching {
  readonly transport?: Transport
  readonly username?: string
  readonly password?: string
}

/** A source of the camera's main stream, with all that came out of it. */
function watch(camera: SimulatedCamera, { transport = 'tcp', username = '', password = '' }: Watching = {}) {
  const states: ConnectionState[] = []
  const source = new CameraSource({
    openSession: (start, signal) =>
      openRtsp({
        ...start,
        address: splitAddress(camera.address('main')),
        username,
        password,
        transport,
        withAudio: false,
        connect,
        clock: systemClock,
        signal,
        stallMs: 2000,
      }),
    clock: systemClock,
    wall: new WallClock(systemClock),
    log: silentLog,
    onState: (state) => states.push(state),
    keepMs: 1000,
  })
  const packets: Packet[] = []
  source.bus.tap((packet) => packets.push(packet))
  source.start()
  opened.push(source)
  const state = () => states.at(-1)?.state
  return {
    source,
    states,
    packets,
    isIn: (wanted: ConnectionState['state']) => vi.waitFor(() => expect(state()).toBe(wanted), soon),
    receives: (more: number) => {
      const want = packets.length + more
      return vi.waitFor(() => expect(packets.length).toBeGreaterThanOrEqual(want), soon)
    },
  }
}

const frameNumbers = (packets: readonly Packet[]) => packets.map(({ data }) => readStamp(data)?.frame ?? Number.NaN)
/** Frames that are not the successor of the one before. */
const breaks = (packets: readonly Packet[]) => {
  const numbers = frameNumbers(packets)
  return numbers.slice(1).filter((number, i) => number !== (numbers[i] ?? 0) + 1)
}
const runs = (packets: readonly Packet[]) => [...new Set(packets.map(({ run }) => run))]
const spacings = (packets: readonly Packet[]) =>
  packets.slice(1).map(({ captureMs }, i) => captureMs - (packets[i]?.captureMs ?? 0))

describe('a healthy camera', () => {
  test.each(['tcp', 'udp'] as const)('is received whole over %s, each picture with its time', async (transport) => {
    const { source, packets, receives } = watch(await openCamera(), { transport })
    await receives(60)
    expect(breaks(packets)).toEqual([])
    expect(packets[0]?.isKey).toBe(true)
    // Alone it is 1 ms. On a busy machine single frames are stamped before they get to leave, so the middle one is judged.
    const apartMs = packets.map(({ captureMs, data }) => Math.abs(captureMs - (readStamp(data)?.sentUs ?? 0) / 1000))
    expect(apartMs.toSorted((a, b) => a - b)[apartMs.length >> 1]).toBeLessThan(100)
    expect(Math.max(...apartMs)).toBeLessThan(5000)
    expect(source.facts()).toMatchObject({ codec: 'h264', width: 320, height: 176, gopS: 0.4, packetsLost: 0 })
  })
})

test('a camera that ends idle sessions after 5 s is kept awake', async () => {
  const camera = await openCamera({ sessionTimeoutS: 5 })
  const watched = [watch(camera), watch(camera, { transport: 'udp' })]
  await Promise.all(watched.map(({ receives }) => receives(200)))
  expect(watched.map(({ states }) => states.at(-1)?.state)).toEqual(['online', 'online'])
  expect(camera.counts().connections).toBe(2)
})

describe('a camera that fails', () => {
  test('is connected again when it hung up, in a new run', async () => {
    const camera = await openCamera()
    const { packets, isIn, receives, states } = watch(camera)
    await receives(20)
    await camera.apply({ do: 'drop' })
    await isIn('unreachable')
    await isIn('online')
    await receives(20)
    expect(states.map(({ state }) => state)).toEqual(['connecting', 'online', 'unreachable', 'unreachable', 'online'])
    expect(runs(packets)).toHaveLength(2)
    expect(Math.min(...spacings(packets))).toBeGreaterThanOrEqual(0)
    expect(camera.counts()).toMatchObject({ connections: 2, connected: 1 })
  })

  test('is called stalled when it freezes, though it stays connected', async () => {
    const camera = await openCamera()
    const { isIn, receives, states } = watch(camera)
    await receives(20)
    await camera.apply({ do: 'freeze' })
    await isIn('stalled')
    expect(states.at(-1)?.problem).toMatch(/picture/)
    await camera.apply({ do: 'heal' })
    await isIn('online')
    await receives(10)
  })

  test('is unreachable while it refuses, and comes back', async () => {
    const camera = await openCamera()
    await camera.apply({ do: 'refuse' })
    const { isIn } = watch(camera)
    await isIn('unreachable')
    await camera.apply({ do: 'refuse', on: false })
    await isIn('online')
  })

  test('is asked once and then left alone when it refuses the password', async () => {
    const auth = { scheme: 'digest', username: 'admin', password: 'right' } as const
    const camera = await openCamera({ auth })
    const { isIn, states } = watch(camera, { username: 'admin', password: 'wrong' })
    await isIn('unauthorized')
    const wrong = states.at(-1)
    expect((wrong?.nextTryMs ?? 0) - (wrong?.sinceMs ?? 0)).toBeGreaterThan(299_000)
    expect(wrong?.problem).not.toContain('wrong')
    expect(camera.counts()).toMatchObject({ connections: 1, unauthorized: 2 }) // The challenge, and the one attempt.
    const right = watch(camera, { username: 'admin', password: 'right' })
    await right.isIn('online')
  })
})

describe('a camera’s clocks', () => {
  test('jump: RTP time that leaps starts a new run, and capture time goes on', async () => {
    const camera = await openCamera()
    const { packets, receives } = watch(camera)
    await receives(20)
    await camera.apply({ do: 'jump', ms: 3_600_000 })
    await receives(20)
    await camera.apply({ do: 'jump', ms: -7_200_000 })
    await receives(20)
    expect(runs(packets)).toHaveLength(3)
    expect(breaks(packets)).toEqual([])
    expect(Math.min(...spacings(packets))).toBeGreaterThanOrEqual(0)
    expect(Math.max(...spacings(packets))).toBeLessThan(500)
  })

  test('wrap: RTP time that begins again at zero is nothing', async () => {
    const camera = await openCamera()
    await camera.apply({ do: 'wrap', inMs: 800 })
    const { packets, receives } = watch(camera)
    await receives(50)
    expect(runs(packets)).toHaveLength(1)
    expect(breaks(packets)).toEqual([])
    expect(spacings(packets).every((ms) => Math.abs(ms - 40) < 60)).toBe(true)
  })

  test('lie: a camera that is a day off is reported and not believed', async () => {
    const camera = await openCamera()
    const day = 86_400_000
    await camera.apply({ do: 'clock', offsetMs: day })
    const { source, packets, receives } = watch(camera)
    await vi.waitFor(() => expect(source.clockOffsetMs).not.toBeNull(), soon)
    await receives(10)
    expect(Math.abs((source.clockOffsetMs ?? 0) - day)).toBeLessThan(1000)
    expect(Math.abs((packets.at(-1)?.captureMs ?? 0) - Date.now())).toBeLessThan(1000)
  })
})

describe('a camera that changes or loses', () => {
  test('comes back with another codec when somebody changes that', async () => {
    const camera = await openCamera()
    const { packets, receives } = watch(camera)
    await receives(10)
    await camera.apply({ do: 'switch', codec: 'hevc' })
    await vi.waitFor(() => expect(packets.at(-1)?.format.codec).toBe('hevc'), soon)
    expect(packets.find(({ format }) => format.codec === 'hevc')?.isKey).toBe(true)
  })

  test('goes on when it changes size in mid-stream', async () => {
    const camera = await openCamera()
    const { packets, receives, states } = watch(camera)
    await receives(20)
    await camera.apply({ do: 'switch', width: 160, height: 96 })
    await vi.waitFor(() => expect(packets.at(-1)?.format).toMatchObject({ width: 160, height: 96 }), soon)
    await receives(20)
    const changed = packets.find(({ format }) => format.kind === 'video' && format.width === 160)
    expect(changed?.isKey).toBe(true)
    expect(states.map(({ state }) => state)).toEqual(['connecting', 'online'])
  })

  test('stays online when packets are lost, and the loss is counted', async () => {
    const camera = await openCamera()
    const { source, receives, states } = watch(camera, { transport: 'udp' })
    await receives(5)
    await camera.apply({ do: 'lose', share: 0.1 })
    await receives(50)
    expect(source.facts()?.packetsLost).toBeGreaterThan(3)
    expect(states.at(-1)?.state).toBe('online')
  })
})

describe('R34 one bad camera among good ones', () => {
  test.each(['random', 'http', 'dollars', 'drip', 'flood', 'silent'] as const)(
    'answers garbage (%s): the others do not notice',
    async (kind) => {
      const [good, bad] = [await openCamera(), await openCamera()]
      await bad.apply({ do: 'garbage', kind })
      const healthy = watch(good)
      const sick = watch(bad)
      await healthy.isIn('online')
      await vi.waitFor(() => expect(sick.states.at(-1)?.problem).toBeTruthy(), { timeout: 20_000, interval: 50 })
      const since = healthy.packets.length
      await healthy.receives(25)
      expect(breaks(healthy.packets.slice(since))).toEqual([])
      expect(healthy.source.facts()).toMatchObject({ packetsLost: 0, framesDropped: 0 })
      expect(sick.packets).toEqual([])
    },
  )

  test('sends 50 Mbit/s: all are received whole', async () => {
    const [good, greedy] = [await openCamera(), await openCamera()]
    await greedy.apply({ do: 'inflate', mbitPerS: 50 })
    const [a, b] = [watch(good), watch(greedy)]
    await Promise.all([a.receives(75), b.receives(75)])
    expect([breaks(a.packets), breaks(b.packets)]).toEqual([[], []])
  })
})
