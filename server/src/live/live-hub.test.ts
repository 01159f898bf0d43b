import { PassThrough } from 'node:stream'
import type { LiveMetadata } from '@vedette/shared/live.ts'
import { describe, expect, test, vi } from 'vitest'
import { PacketBus } from '../ingest/packet-bus.ts'
import { ManualClock } from '../lib/clock.ts'
import { writePipeMessage } from '../lib/message-pipe.ts'
import type { AudioFormat, Packet, VideoFormat } from '../lib/packet.ts'
import type { FeedHeader, FeedRequest } from './feed-message.ts'
import { FeedPipe } from './feed-pipe.ts'
import { type FeedSource, LiveFeeds } from './live-feed.ts'
import { LiveHub, type LiveViewer } from './live-hub.ts'
import type { LiveUnit } from './live-unit.ts'

/** A busy machine may need seconds. */
const soon = (check: () => void) => vi.waitFor(check, { timeout: 60_000, interval: 5 })

const cameraId = '01ARZ3NDEKTSV4RRFFQ69G5FAV'
const video: VideoFormat = {
  kind: 'video',
  codec: 'h264',
  width: 640,
  height: 360,
  codecString: 'avc1.640028',
  parameterSets: [Buffer.from([0x67, 1]), Buffer.from([0x68, 2])],
}
const aac: AudioFormat = {
  kind: 'audio',
  codec: 'aac',
  sampleRate: 16_000,
  channels: 1,
  config: Buffer.from([0x14, 8]),
}

/** A picture: one NAL unit behind its length, so many bytes long, with its number in the last. */
function packet(n: number, isKey = false, sizeBytes = 10, format: VideoFormat | AudioFormat = video): Packet {
  const data = Buffer.alloc(sizeBytes)
  data.writeUInt32BE(sizeBytes - 4, 0)
  data[sizeBytes - 1] = n
  return { format, isKey, pts: n * 3600, timescale: 90_000, run: 1, captureMs: n * 40, data }
}

/** Keeps what it was given as a story: f format, s state, K3 and P4 pictures, a sound, L2 two lost. */
class Viewer implements LiveViewer {
  story: string[] = []
  tell(metadata: LiveMetadata) {
    this.story.push(metadata.kind.charAt(0))
  }
  push(unit: LiveUnit) {
    this.story.push(unit.kind === 'audio' ? 'a' : `${unit.isKey ? 'K' : 'P'}${unit.bytes.at(-1)}`)
  }
  lost(frames: number) {
    this.story.push(`L${frames}`)
  }
}

/** A stream of the recorder: the real bus, as recorder-camera.ts gives it to feeds. */
class Source implements FeedSource {
  sound: AudioFormat | undefined
  readonly bus = new PacketBus(new ManualClock())
  audioFormat() {
    return this.sound
  }
  tap(take: (packet: Packet) => void) {
    return this.bus.tap(take, 'last-key')
  }
  publish(...packets: Packet[]) {
    for (const p of packets) this.bus.publish(p)
  }
}

/** Control and recorder joined as app.ts and recorder-main.ts join them. */
function join(source: Source | undefined, maxPipeBytes?: number) {
  const place = { source, requests: [] as FeedRequest[], pipe: new PassThrough() }
  const feeds = new LiveFeeds({
    pipe: place.pipe,
    findSource: () => place.source,
    ...(maxPipeBytes && { maxPipeBytes }),
  })
  const door = new FeedPipe({
    ask: (request) => {
      place.requests.push(request)
      feeds.handle(request)
    },
    onNonsense: () => {},
  })
  const hub = new LiveHub((camera, stream, onFrame, onState) => {
    onState({ kind: 'state', state: 'online', sinceMs: 0, problem: null, nextTryMs: null })
    return door.open(camera, stream, onFrame)
  })
  return { place, feeds, door, hub }
}

describe('live hub', () => {
  test('asks for one feed however many watch, and gives it up with the last', async () => {
    const source = new Source()
    const { place, door, hub } = join(source)
    door.attach(place.pipe)
    const first = new Viewer()
    const second = new Viewer()
    const leaveFirst = hub.watch(cameraId, 'main', first)
    source.publish(packet(1, true), packet(2))
    await soon(() => expect(first.story).toEqual(['s', 'f', 'K1', 'P2']))
    const leaveSecond = hub.watch(cameraId, 'main', second)
    expect(second.story, 'the second viewer starts at once, from memory').toEqual(['f', 's', 'K1', 'P2'])
    expect(source.bus.counters().receivers).toBe(1)
    leaveFirst()
    leaveFirst()
    source.publish(packet(3))
    await soon(() => expect(second.story.at(-1)).toBe('P3'))
    expect(first.story.at(-1)).toBe('P2')
    leaveSecond()
    expect(place.requests.map((r) => r.live)).toEqual(['open', 'close'])
    await soon(() => expect(source.bus.counters().receivers).toBe(0))
  })

  test('starts with the last key frame that the recorder has', async () => {
    const source = new Source()
    source.publish(packet(1, true), packet(2), packet(3, true), packet(4))
    const { place, door, hub } = join(source)
    door.attach(place.pipe)
    const viewer = new Viewer()
    hub.watch(cameraId, 'sub', viewer)
    await soon(() => expect(viewer.story).toEqual(['s', 'f', 'K3', 'P4']))
  })

  test('goes on by itself when the recorder was away or the camera was built again', async () => {
    const { place, feeds, door, hub } = join(undefined)
    const viewer = new Viewer()
    hub.watch(cameraId, 'main', viewer)
    door.attach(place.pipe)
    place.source = new Source()
    place.source.publish(packet(1, true))
    feeds.sourceChanged(cameraId)
    await soon(() => expect(viewer.story).toEqual(['s', 'f', 'K1']))
    expect(place.requests.map((r) => r.live)).toEqual(['open', 'open'])
  })

  test('keeps only the key frame of a group that outgrows its bound', () => {
    let give: (header: FeedHeader, payload: Uint8Array) => void = () => {}
    const hub = new LiveHub((_camera, _stream, onFrame) => {
      give = onFrame
      return { close: () => {} }
    })
    const frame = (n: number, isKey = false) =>
      give({ kind: 'video', feed: 1, isKey, captureMs: 0, lost: 0 }, Buffer.from([n]))
    const early = new Viewer()
    hub.watch(cameraId, 'main', early)
    frame(1, true)
    for (let i = 0; i < 1000; i++) frame(2)
    const late = new Viewer()
    hub.watch(cameraId, 'main', late)
    expect(late.story).toEqual(['K1', 'L0'])
    frame(3, true)
    expect(late.story.at(-1)).toBe('K3')
    expect(early.story.length).toBe(1002)
  })

  test('tells everybody who watches a camera where it moves', () => {
    const hub = new LiveHub(() => ({ close: () => {} }))
    const viewer = new Viewer()
    hub.watch(cameraId, 'sub', viewer)
    hub.tell(cameraId, { kind: 'motion', atMs: 0, boxes: [] })
    expect(viewer.story).toEqual(['m'])
  })
})

describe('live feed', () => {
  test('drops to the next key frame while control does not read, counts, and never holds more than its bound', async () => {
    const source = new Source()
    const { place, feeds, door, hub } = join(source, 10_000)
    door.attach(place.pipe)
    const viewer = new Viewer()
    hub.watch(cameraId, 'main', viewer)
    place.pipe.pause()
    source.publish(packet(1, true, 1000))
    for (let n = 2; n <= 60; n++) source.publish(packet(n, false, 1000))
    expect(feeds.dropped).toBeGreaterThan(20)
    expect(place.pipe.writableLength + place.pipe.readableLength).toBeLessThan(40_000)
    place.pipe.resume()
    await soon(() => expect(place.pipe.writableLength + place.pipe.readableLength).toBe(0))
    source.publish(packet(70, false, 1000), packet(71, true, 1000), packet(72))
    await soon(() => expect(viewer.story.at(-1)).toBe('P72'))
    const resumed = viewer.story.lastIndexOf('K71')
    expect(viewer.story[resumed - 1]).toMatch(/^L\d+$/)
  })

  test('brings sound with the pictures, and announces late sound before a key frame', async () => {
    const source = new Source()
    const { place, door, hub } = join(source)
    door.attach(place.pipe)
    const viewer = new Viewer()
    hub.watch(cameraId, 'main', viewer)
    source.publish(packet(1, true))
    await soon(() => expect(viewer.story).toContain('K1'))
    source.sound = aac
    source.publish(packet(9, true, 10, aac), packet(2), packet(3, true), packet(9, true, 10, aac))
    await soon(() => expect(viewer.story).toEqual(['s', 'f', 'K1', 'P2', 'f', 'K3', 'a']))
  })

  test('does not mind a control that is gone', async () => {
    const source = new Source()
    const { place, feeds, hub } = join(source)
    hub.watch(cameraId, 'main', new Viewer())
    source.publish(packet(1, true))
    place.pipe.destroy(new Error('EPIPE'))
    source.publish(packet(2))
    await soon(() => expect(source.bus.counters().receivers).toBe(0))
    feeds.sourceChanged(cameraId)
    source.publish(packet(3, true))
    expect(place.pipe.writableLength).toBeLessThan(1000)
  })

  test('destroys a pipe that brings nonsense', async () => {
    const nonsense: unknown[] = []
    const door = new FeedPipe({ ask: () => {}, onNonsense: (error) => nonsense.push(error) })
    const pipe = new PassThrough()
    door.attach(pipe)
    writePipeMessage(pipe, { kind: 'video', feed: 'x' }, Buffer.alloc(1))
    await soon(() => expect(nonsense).toHaveLength(1))
    expect(pipe.destroyed).toBe(true)
  })
})
