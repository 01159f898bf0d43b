/** What must hold for every depacketizer, whatever the network or a hostile camera does to its packets. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  h264Payloads,
  h265Aggregate,
  h265Payloads,
  lengthPrefixed,
  rtpPacket,
  stapA,
} from '../../../test/support/rtp-maker.ts'
import { AppError } from '../lib/app-error.ts'
import { ManualClock } from '../lib/clock.ts'
import { arrivalClock } from './capture-clock.ts'
import { depacketizeAac } from './depacketize-aac.ts'
import { depacketizeFrames } from './depacketize-frames.ts'
import { depacketizeH264 } from './depacketize-h264.ts'
import { depacketizeH265 } from './depacketize-h265.ts'
import { depacketizeMjpeg } from './depacketize-mjpeg.ts'
import type { Depacketizer, OnUnit } from './depacketizer.ts'
import { jpegHead, quantizationOf } from './jpeg-header.ts'
import { RtpReorder } from './rtp-reorder.ts'
import { RtpTrack } from './rtp-track.ts'

const hevcSets = [
  'QAEMAf//AWAAAAMAkAAAAwAAAwB4lZgJ',
  'QgEBAWAAAAMAkAAAAwAAAwB4oAPAgBDllmVpJMrwFoCAAAADAIAAAAyE',
  'RAHBcrRiQA==',
]
const avcSets = 'Z2QAKKzZQHgCJ+XARAAAAwAEAAADAMg8YMZY,aOvjyyLA'
const makers: Record<string, (onUnit: OnUnit) => Depacketizer> = {
  'H.264': (onUnit) => depacketizeH264(avcSets, onUnit),
  'H.265': (onUnit) => depacketizeH265({ parameterSets: hevcSets, hasOrderNumbers: false }, onUnit),
  'H.265 with order numbers': (onUnit) => depacketizeH265({ parameterSets: hevcSets, hasOrderNumbers: true }, onUnit),
  MJPEG: (onUnit) => depacketizeMjpeg(undefined, onUnit),
  AAC: (onUnit) => {
    const made = depacketizeAac({ config: '1408', clockRate: 16_000, sizeBits: 13, indexBits: 3 }, onUnit)
    if (!made) throw new Error('1408 is a good configuration')
    return made
  },
  'G.711': (onUnit) =>
    depacketizeFrames(
      { kind: 'audio', codec: 'pcm_alaw', sampleRate: 8000, channels: 1, config: Buffer.alloc(0) },
      onUnit,
    ),
}

/** A unit as its payloads and as what must come out. */
interface Sent {
  readonly payloads: readonly Buffer[]
  readonly data: Buffer
}
const sizes = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 4 })
const fill = fc.integer({ min: 0, max: 255 })

/** One to four slices, the first one marked as such; split at 50 bytes, or together in one aggregate. */
function slices(
  header: Buffer,
  payloadsOf: (nal: Buffer, max: number) => Buffer[],
  aggregate: (nals: Buffer[]) => Buffer,
) {
  return fc.record({ sizes, fill, isTogether: fc.boolean() }).map(({ sizes: bytes, fill: value, isTogether }): Sent => {
    const nals = bytes.map((count, i) =>
      Buffer.concat([header, Buffer.from([i === 0 ? 0x80 : 0]), Buffer.alloc(count, value)]),
    )
    return {
      payloads: isTogether ? [aggregate(nals)] : nals.flatMap((nal) => payloadsOf(nal, 50)),
      data: lengthPrefixed(nals),
    }
  })
}
const jpeg = fc.record({ bytes: fc.integer({ min: 1, max: 600 }), fill }).map(({ bytes, fill: value }): Sent => {
  const scan = Buffer.alloc(bytes, value)
  const head = jpegHead({ width: 64, height: 64, subsampling: 1, restartInterval: 0, quantization: quantizationOf(60) })
  const payloads = Array.from({ length: Math.ceil(bytes / 100) }, (_, i) =>
    Buffer.concat([
      Buffer.from([0, 0, (i * 100) >> 8, (i * 100) & 255, 1, 60, 8, 8]),
      scan.subarray(i * 100, i * 100 + 100),
    ]),
  )
  return { payloads, data: Buffer.concat([head, scan, Buffer.from([0xff, 0xd9])]) }
})
const aac = fc.record({ bytes: fc.integer({ min: 1, max: 600 }), fill }).map(({ bytes, fill: value }): Sent => {
  const data = Buffer.alloc(bytes, value)
  const head = Buffer.from([0, 16, bytes >> 5, (bytes << 3) & 255])
  const parts = Array.from({ length: Math.ceil(bytes / 100) }, (_, i) => data.subarray(i * 100, i * 100 + 100))
  return { payloads: parts.map((part) => Buffer.concat([head, part])), data }
})
const models: Record<string, fc.Arbitrary<Sent>> = {
  'H.264': slices(Buffer.from([0x65]), h264Payloads, stapA),
  'H.265': slices(Buffer.from([19 << 1, 1]), h265Payloads, h265Aggregate),
  MJPEG: jpeg,
  AAC: aac,
}

/** What happens to a packet on its way. */
const fate = fc.constantFrom('arrives', 'arrives', 'arrives', 'arrives', 'is lost', 'is doubled', 'is overtaken')

function receiveAll(codec: string, packets: readonly Buffer[], withReorder: boolean) {
  const received: { data: Buffer; pts: number }[] = []
  const clock = new ManualClock()
  const track = new RtpTrack({
    kind: 'video',
    payloadType: 96,
    clockRate: 90_000,
    firstRun: 0,
    captureClock: arrivalClock(clock),
    onPacket: ({ data, pts }) => received.push({ data, pts }),
    makeDepacketizer: (onUnit) => makers[codec]?.(onUnit) ?? depacketizeMjpeg(undefined, onUnit),
  })
  const scratch = Buffer.alloc(70_000)
  const deliver = (packet: Buffer) => {
    packet.copy(scratch, 3)
    track.onRtp(scratch, 3, 3 + packet.length, 0)
    scratch.fill(0xee)
  }
  const order = new RtpReorder(deliver)
  for (const packet of packets) withReorder ? order.push(packet) : deliver(packet)
  return { received, track }
}

function toPackets(units: readonly Sent[], hasMarkers: boolean): Buffer[] {
  let sequence = 65_500
  return units.flatMap(({ payloads }, unit) =>
    payloads.map((payload, i) =>
      rtpPacket({
        sequence: sequence++,
        time: unit * 3600,
        payload,
        isMarked: hasMarkers && i === payloads.length - 1,
      }),
    ),
  )
}

describe.each(Object.keys(models))('%s', (codec) => {
  const units = fc.array(models[codec] ?? jpeg, { minLength: 1, maxLength: 12 })

  test('every unit comes out as it went in, with markers and without', () => {
    fc.assert(
      fc.property(units, fc.boolean(), (sent, hasMarkers) => {
        const { received } = receiveAll(codec, toPackets(sent, hasMarkers), false)
        // Without markers only the next unit shows that the last one is complete; AAC says how long it is.
        const expected = hasMarkers || codec === 'AAC' ? sent : sent.slice(0, -1)
        expect(received.map(({ data }) => data.toString('hex'))).toEqual(
          expected.map(({ data }) => data.toString('hex')),
        )
      }),
    )
  })

  test('whatever is lost, doubled or overtaken, a unit that comes out is whole, and in order', () => {
    fc.assert(
      fc.property(
        units,
        fc.array(fate, { minLength: 1, maxLength: 60 }),
        fc.boolean(),
        fc.boolean(),
        (sent, fates, hasMarkers, withReorder) => {
          const packets = toPackets(sent, hasMarkers)
          const arriving: Buffer[] = []
          let isWhole = true
          for (const [i, packet] of packets.entries()) {
            const what = fates[i % fates.length]
            if (what !== 'arrives') isWhole = false
            if (what === 'is overtaken' && arriving.length > 0) arriving.splice(-1, 0, packet)
            else if (what !== 'is lost') arriving.push(packet)
            if (what === 'is doubled') arriving.push(packet)
          }
          const { received } = receiveAll(codec, arriving, withReorder)
          const originals = sent.map(({ data }) => data.toString('hex'))
          for (const { data } of received) expect(originals).toContain(data.toString('hex'))
          expect(received.map(({ pts }) => pts)).toEqual(received.map(({ pts }) => pts).sort((a, b) => a - b))
          if (isWhole) expect(received.length).toBeGreaterThanOrEqual(sent.length - 1)
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe.each(Object.keys(makers))('%s', (codec) => {
  test('random and cut payloads never end in anything but silence, a unit or an AppError', () => {
    const payload = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      // A plausible first byte takes the reader further in.
      fc
        .tuple(fc.constantFrom(24, 28, 0x7c, 0x65, 96, 98, 38, 0, 1), fc.uint8Array({ maxLength: 60 }))
        .map(([first, rest]) => Uint8Array.from([first, ...rest])),
    )
    const packet = fc.record({
      payload,
      isMarked: fc.boolean(),
      step: fc.constantFrom(0, 0, 1, 3600),
      isLost: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 40 }), (packets) => {
        let bytes = 0
        const depacketizer = makers[codec]?.((data) => {
          bytes += data.length
        })
        let time = 0
        try {
          for (const one of packets) {
            if (one.isLost) depacketizer?.lost()
            const wire = Buffer.concat([Buffer.alloc(12), Buffer.from(one.payload)])
            time += one.step
            depacketizer?.push(wire, 12, wire.length, one.isMarked, time)
          }
        } catch (error) {
          expect(error).toBeInstanceOf(AppError)
        }
        expect(bytes).toBeLessThan(40 * 1200)
      }),
      { numRuns: 400 },
    )
  })
})
