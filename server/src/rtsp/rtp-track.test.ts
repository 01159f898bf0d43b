import { describe, expect, test } from 'vitest'
import { rtpPacket, senderReport } from '../../../test/support/rtp-maker.ts'
import type { Packet } from '../lib/packet.ts'
import type { CaptureClock } from './capture-clock.ts'
import { depacketizeFrames } from './depacketize-frames.ts'
import { RtpReorder } from './rtp-reorder.ts'
import { RtpSequence } from './rtp-sequence.ts'
import { RtpTimeline } from './rtp-timeline.ts'
import { RtpTrack } from './rtp-track.ts'

describe('RTP time', () => {
  const timeline = (...times: number[]) => {
    const line = new RtpTimeline(90_000, 3)
    return times.map((time) => [line.next(time >>> 0), line.run])
  }

  test('begins at 0 and is unwrapped', () => {
    expect(timeline(2 ** 32 - 3600, 0, 3600)).toEqual([
      [0, 3],
      [3600, 3],
      [7200, 3],
    ])
  })

  test('runs on for days', () => {
    const line = new RtpTimeline(90_000, 0)
    for (let s = 0; s <= 200_000; s += 5) expect(line.next((s * 90_000) >>> 0)).toBe(s * 90_000)
    expect(line.run).toBe(0)
  })

  test('a jump over 10 s and a step back over 1 s begin a new run at 0', () => {
    expect(timeline(0, 900_001, 900_001 + 3600, 900_001 + 3600 - 90_001)).toEqual([
      [0, 3],
      [0, 4],
      [3600, 4],
      [0, 5],
    ])
    expect(timeline(0, 900_000)).toEqual([
      [0, 3],
      [900_000, 3],
    ])
  })

  test('a small step back is held, counted, and does not shift what follows', () => {
    const line = new RtpTimeline(90_000, 0)
    expect([0, 10_800, 3600, 7200, 21_600].map((time) => line.next(time))).toEqual([0, 10_800, 10_800, 10_800, 21_600])
    expect([line.stepsBack, line.run]).toEqual([2, 0])
  })
})

describe('RTP sequence', () => {
  test('counts what is missing, over the wrap too', () => {
    const sequence = new RtpSequence()
    expect([65_534, 65_535, 0, 3, 4].map((number) => sequence.arrive(number))).toEqual([
      'next',
      'next',
      'next',
      'after-loss',
      'next',
    ])
    expect(sequence.lost).toBe(2)
  })

  test('late and doubled packets are passed over', () => {
    const sequence = new RtpSequence()
    expect([5, 6, 6, 4, 7].map((number) => sequence.arrive(number))).toEqual(['next', 'next', 'late', 'late', 'next'])
    expect([sequence.lost, sequence.late]).toEqual([0, 2])
  })

  test('a camera that counts anew is followed, and not counted as lost', () => {
    const sequence = new RtpSequence()
    sequence.arrive(30_000)
    const arrivals = Array.from({ length: 60 }, (_, i) => sequence.arrive(i))
    expect(arrivals.slice(-5)).toEqual(Array(5).fill('next'))
    expect(sequence.lost).toBe(0)
  })
})

describe('datagrams out of order', () => {
  const datagram = (sequence: number) => rtpPacket({ sequence, time: 0, payload: Buffer.alloc(1) })
  const deliver = (...sequences: number[]) => {
    const out: number[] = []
    const order = new RtpReorder((packet) => out.push(packet.readUInt16BE(2)))
    for (const sequence of sequences) order.push(datagram(sequence))
    return out
  }

  test('are put in order', () => {
    expect(deliver(65_534, 0, 65_535, 2, 3, 1, 4)).toEqual([65_534, 65_535, 0, 1, 2, 3, 4])
  })

  test('are not waited for for ever', () => {
    const sequences = Array.from({ length: 20 }, (_, i) => i + 2)
    expect(deliver(0, ...sequences)).toEqual([0, ...sequences])
  })

  test('are handed on when they are too late', () => {
    expect(deliver(5, 6, 4, 7)).toEqual([5, 6, 4, 7])
  })
})

describe('a track', () => {
  const format = { kind: 'audio', codec: 'pcm_alaw', sampleRate: 8000, channels: 1, config: Buffer.alloc(0) } as const

  function receive() {
    const packets: Packet[] = []
    const told: string[] = []
    const captureClock: CaptureClock = {
      captureMs: (_track, pts, timescale, arrivalMs) => arrivalMs * 1000 + (pts * 1000) / timescale,
      onSenderReport: (track, ntpMs, pts) => told.push(`${track} ${ntpMs} ${pts}`),
      onNewRun: (track) => told.push(`${track} new run`),
    }
    const track = new RtpTrack({
      kind: 'audio',
      payloadType: 8,
      clockRate: 8000,
      firstRun: 2,
      captureClock,
      onPacket: (packet) => packets.push(packet),
      makeDepacketizer: (onUnit) => depacketizeFrames(format, onUnit),
    })
    let sequence = 0
    const push = (time: number, fields: { sequence?: number; ssrc?: number; payloadType?: number } = {}) => {
      const packet = rtpPacket({ sequence: sequence++, time, payload: Buffer.from('x'), payloadType: 8, ...fields })
      track.onRtp(packet, 0, packet.length, 9)
    }
    const report = (ntpMs: number, time: number) => track.onRtcp(senderReport(ntpMs, time), 0, 28, 9)
    return { packets, told, track, push, report }
  }

  test('gives packets with time, run and capture time', () => {
    const { packets, push } = receive()
    push(1000)
    push(1320)
    expect(packets.map(({ pts, run, timescale, captureMs, isKey }) => [pts, run, timescale, captureMs, isKey])).toEqual(
      [
        [0, 2, 8000, 9000, true],
        [320, 2, 8000, 9040, true],
      ],
    )
  })

  test('tells the capture clock about reports, also early ones, in pts of the run', () => {
    const { told, push, report } = receive()
    const noon = Date.UTC(2026, 10, 22, 12)
    report(noon, 1000)
    expect(told).toEqual([])
    push(1160)
    push(1320)
    report(noon + 500, 1000 + 4000)
    expect(told).toEqual([`audio ${noon} -160`, `audio ${noon + 500} 3840`])
  })

  test('a report from before a jump says nothing about the time after it', () => {
    const { told, push, report } = receive()
    push(0)
    push(8000 * 3600)
    report(5000, 0)
    expect(told).toEqual(['audio new run'])
  })

  test('reads a sender report’s clock beyond 2036 and passes over one never set', () => {
    const { told, push, report, track } = receive()
    push(0)
    report(Date.UTC(2040, 0, 1), 0)
    expect(told).toEqual([`audio ${Date.UTC(2040, 0, 1)} 0`])
    const unset = Buffer.alloc(28)
    unset.set([0x80, 200, 0, 6])
    track.onRtcp(unset, 0, 28, 9)
    expect(told).toHaveLength(1)
  })

  test('passes over what is not of this track, padding and extensions too', () => {
    const { packets, track, push } = receive()
    push(0, { payloadType: 9 })
    track.onRtp(Buffer.alloc(5), 0, 5, 9)
    track.onRtp(Buffer.alloc(40, 0xff), 0, 40, 9)
    expect([packets.length, track.counts.malformed]).toEqual([0, 3])
    const head = Buffer.from('b1080001000000000000000700000000', 'hex') // padding, extension, one contributor
    const packet = Buffer.concat([head, Buffer.from('beef000101020304', 'hex'), Buffer.from('data\0\0\x03')])
    track.onRtp(packet, 0, packet.length, 9)
    expect(packets.map(({ data }) => String(data))).toEqual(['data'])
  })

  test('reads reports that come among the packets', () => {
    const { told, track, push } = receive()
    push(0)
    track.onRtp(senderReport(5000, 80), 0, 28, 9)
    expect([told, track.counts.malformed]).toEqual([['audio 5000 80'], 0])
  })

  test('a clock that jumps all the time is an AppError', () => {
    const { push } = receive()
    const jump = () => {
      for (let i = 0; i < 30; i++) push(i * 8000 * 60)
    }
    expect(jump).toThrow(expect.objectContaining({ code: 'camera_unsupported' }))
  })

  test('another sender is not a loss', () => {
    const { packets, track, push } = receive()
    push(0, { sequence: 100 })
    push(320, { sequence: 9000, ssrc: 8 })
    expect([packets.length, track.lost]).toEqual([2, 0])
  })
})
