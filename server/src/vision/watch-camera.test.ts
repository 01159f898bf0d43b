/** One camera watched with real decoding, on the drawn yard. */
import { setImmediate } from 'node:timers/promises'
import { type MotionSettings, motionSettings } from '@vedette/shared/camera.ts'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { encodeClip, hasFfmpeg } from '../../../test/support/encoded-clip.ts'
import { walkFromMs, walkUntilMs, watchedPackets } from '../../../test/support/watched-packets.ts'
import { annexB, type Packet } from '../lib/packet.ts'
import { Decoder } from '../media/decoder.ts'
import { StillMaker } from '../media/still.ts'
import { GrayScaler } from '../media/to-gray.ts'
import { JpegEncoder } from '../media/to-jpeg.ts'
import { grayHeight, grayWidth } from './grid.ts'
import type { Observation } from './observation.ts'
import { WatchCamera } from './watch-camera.ts'

const tools = {
  gray: new GrayScaler({ width: grayWidth, height: grayHeight }),
  stills: new StillMaker(),
  jpeg: new JpegEncoder(),
}
afterAll(() => {
  for (const tool of [tools.gray, tools.stills, tools.jpeg]) tool.close()
})

function open(settings: Partial<MotionSettings> | null = {}, sleeps = true) {
  const observations: Observation[] = []
  const previews: [number, Uint8Array][] = []
  const sink = {
    onObservation: (observation: Observation) => void observations.push(observation),
    onPreview: (_: string, atMs: number, jpeg: Uint8Array) => void previews.push([atMs, jpeg]),
  }
  const motion = settings && motionSettings.parse({ quietMs: 2000, ...settings })
  const camera = new WatchCamera('yard', motion, { tools, sink, sleeps })
  /** Decoders open in the background; the first packet waits for its picture here. */
  const put = async (packets: readonly Packet[], isLate = false) => {
    for (const packet of packets) {
      const { format, isKey, captureMs } = packet
      if (format.kind !== 'video') continue
      const known = camera.counts.decoded
      camera.packet(format.codec, { isKey, atMs: captureMs, data: annexB(packet) }, isLate)
      if (known === 0 && motion) await vi.waitFor(() => expect(camera.counts.decoded).toBeGreaterThan(0))
      await setImmediate()
    }
  }
  return { camera, observations, previews, put }
}

const missing = (): never => {
  throw new Error('no packet')
}

async function sizeOf(jpeg: Uint8Array): Promise<[number, number]> {
  const decoder = await Decoder.open('mjpeg')
  const sizes: [number, number][] = []
  decoder.decode(Buffer.from(jpeg), 0, ({ width, height }) => sizes.push([width, height]))
  decoder.close()
  return sizes[0] ?? [0, 0]
}
const states = (observations: readonly Observation[]) =>
  observations.filter((o) => o.state !== 'ongoing').map((o) => o.state)

const corners: [number, number][] = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
]
const everywhere = { name: 'all', kind: 'exclude' as const, points: corners.map(([x, y]) => ({ x, y })) }

describe('watching', () => {
  test.each(['h264', 'hevc', 'mjpeg'] as const)('%s: one visit from its first to its last frame', async (codec) => {
    const [lean, full] = [open(), open({}, false)]
    const packets = await watchedPackets({ codec }, 2)
    await lean.put(packets)
    await full.put(packets)
    await lean.camera.close()
    await full.camera.close()
    expect(states(lean.observations)).toEqual(['started', 'ended', 'started', 'ended'])
    const start = (of: typeof lean) => of.observations.filter((o) => o.state === 'started').map((o) => o.startMs)
    expect(Math.abs((start(full)[0] ?? 0) - walkFromMs)).toBeLessThan(1500)
    for (const [i, startMs] of start(full).entries()) expect((start(lean)[i] ?? 0) - startMs).toBeLessThanOrEqual(500)
    const end = lean.observations.find((o) => o.state === 'ended')
    expect(Math.abs((end?.lastMs ?? 0) - walkUntilMs)).toBeLessThan(1500)
    expect(full.camera.counts.decoded).toBe(packets.length)
    expect(lean.camera.counts.decoded).toBeLessThan(packets.length)
  })

  test('asleep only key frames are decoded', async () => {
    const { camera, put, observations } = open()
    const quiet = (await watchedPackets()).slice(0, 40)
    const putLoops = async (from: number, to: number) => {
      for (let loop = from; loop < to; loop++)
        await put(quiet.map((p) => ({ ...p, captureMs: p.captureMs + loop * 4000 })))
    }
    // The counter in the yard's corner has to be known first.
    await putLoops(0, 6)
    expect(camera.asleep).toBe(true)
    const known = camera.counts.decoded
    await putLoops(6, 20)
    expect((camera.counts.decoded - known) / (14 * 40)).toBeLessThan(0.07)
    expect(observations).toEqual([])
    await camera.close()
  })

  test('a started motion brings a picture at once, a better one later', async () => {
    const { camera, put, observations } = open()
    await put(await watchedPackets())
    await camera.close()
    const pictures = observations.filter((o) => o.jpeg)
    expect(observations[0]?.state).toBe('started')
    expect(pictures[0]).toBe(observations[0])
    expect(pictures.length).toBeGreaterThan(1)
    expect(pictures.length).toBeLessThan(6)
    for (const { jpeg } of pictures) expect(await sizeOf(jpeg ?? new Uint8Array())).toEqual([640, 360])
  })

  test('a preview at most every ten seconds, also where motion is not wanted', async () => {
    for (const settings of [{}, null]) {
      const { camera, put, previews } = open(settings)
      const packets = await watchedPackets({}, 2)
      await put(packets.slice(0, 1))
      await vi.waitFor(async () => {
        await put(packets.slice(0, 1))
        expect(previews.length).toBeGreaterThan(0)
      })
      await put(packets.slice(1))
      await vi.waitFor(() => expect(previews.map(([atMs]) => atMs)).toEqual([0, 10_000, 20_000, 30_000]))
      expect(await sizeOf(previews[1]?.[1] ?? new Uint8Array())).toEqual([320, 180])
      expect(camera.counts.decoded).toBeLessThan(settings ? 321 : 7)
      await camera.close()
    }
  })

  test('excluded is excluded', async () => {
    const { camera, put, observations } = open({ zones: [everywhere] })
    await put(await watchedPackets())
    await camera.close()
    expect(observations).toEqual([])
  })
})

describe('trouble', () => {
  test('garbage in the middle costs pictures, not the watch', async () => {
    const { camera, put, observations } = open()
    const packets = await watchedPackets()
    await put(packets.slice(0, 30))
    for (let i = 0; i < 200; i++)
      camera.packet('h264', {
        isKey: i % 7 === 0,
        atMs: 3000 + i,
        data: Buffer.from(`garbage ${i}`.repeat(1 + (i % 9))),
      })
    await put(packets.slice(40))
    await camera.close()
    expect(camera.counts.refused).toBeGreaterThan(0)
    expect(states(observations)).toEqual(['started', 'ended'])
  })

  test('a machine that is too slow falls back to key frames and counts what it dropped', async () => {
    const { camera, put } = open()
    const packets = await watchedPackets()
    await put(packets.slice(0, 20))
    await put(packets.slice(20), true)
    expect(camera.counts.dropped).toBe(133)
    expect(camera.counts.decoded).toBe(20 + 7)
    await camera.close()
  })

  test.skipIf(!hasFfmpeg)(
    'a camera with B frames is decoded as a whole: its key frames alone show nothing',
    async () => {
      const { camera, put } = open({ zones: [everywhere] })
      const packets = encodeClip({ codec: 'h264', seconds: 2, fps: 10, gopFrames: 10, bFrames: 2 })
      camera.packet('h264', { isKey: true, atMs: 0, data: annexB(packets[0] ?? missing()) })
      camera.packet('h264', { isKey: false, atMs: 0, data: annexB(packets[1] ?? missing()) })
      camera.packet('h264', { isKey: false, atMs: 0, data: annexB(packets[2] ?? missing()) })
      await vi.waitFor(() => expect(camera.counts.decoded).toBeGreaterThan(0))
      for (let loop = 0; loop < 10; loop++)
        await put(packets.map((packet) => ({ ...packet, captureMs: packet.captureMs + loop * 2000 })))
      expect(camera.asleep).toBe(false)
      expect(camera.counts.decoded).toBeGreaterThan(190)
      await camera.close()
    },
  )

  test('time that goes back ends what is open and begins anew', async () => {
    const { camera, put, observations } = open()
    const packets = await watchedPackets({}, 1, 1_000_000)
    await put(packets.slice(0, 80))
    await put((await watchedPackets()).slice(0, 100))
    expect(states(observations)).toEqual(['started', 'ended', 'started'])
    expect(observations.at(-1)?.startMs).toBeLessThan(10_000)
    await camera.close()
  })

  test('another codec in the middle goes on', async () => {
    const { camera, put, observations } = open()
    await put((await watchedPackets()).slice(0, 20))
    const packets = await watchedPackets({ codec: 'hevc' }, 2, 2000)
    const known = camera.counts.decoded
    await put(packets.slice(0, 1))
    await vi.waitFor(() => expect(camera.counts.decoded).toBeGreaterThan(known))
    await put(packets.slice(1))
    await camera.close()
    expect(states(observations)).toEqual(['started', 'ended', 'started', 'ended'])
  })

  test('nothing comes after close, and close says what was open', async () => {
    const { camera, put, observations } = open()
    await put((await watchedPackets()).slice(0, 70))
    await camera.close()
    await camera.close()
    await put((await watchedPackets()).slice(70))
    expect(states(observations)).toEqual(['started', 'ended'])
  })
})
