/** R16: what a camera sends as bytes, fuzzed: RTP and RTCP packets, parameter sets, and a whole connection's stream. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fuzzRuns, mutatedBytes, survives } from '../../../test/support/fuzz.ts'
import { ManualClock } from '../lib/clock.ts'
import type { Packet } from '../lib/packet.ts'
import { arrivalClock } from './capture-clock.ts'
import { chooseTracks } from './choose-tracks.ts'
import { readH264Sps } from './h264-sps.ts'
import { readH265Sps } from './h265-sps.ts'
import { ParameterSets } from './parameter-sets.ts'
import { readSenderReport } from './rtcp.ts'
import { RtpTrack } from './rtp-track.ts'
import { parseSdp } from './sdp.ts'
import { WireReader } from './wire-reader.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
const base64 = (text: string) => Buffer.from(text, 'base64')
const avcSets = [base64('Z2QAKKzZQHgCJ+XARAAAAwAEAAADAMg8YMZY'), base64('aOvjyyLA')]
const hevcSets = [
  base64('QAEMAf//AWAAAAMAkAAAAwAAAwB4lZgJ'),
  base64('QgEBAWAAAAMAkAAAAwAAAwB4oAPAgBDllmVpJMrwFoCAAAADAIAAAAyE'),
  base64('RAHBcrRiQA=='),
]
const report = hex('80c80006 00000001 e9000000 80000000 00001000 00000001 00000002')
const rtpHead = '80e00001 00001000 00000001'
const packets = [
  hex(`${rtpHead} 65888400`),
  hex(`${rtpHead} 7c858884 0011`),
  hex(`${rtpHead} 7c458884`),
  Buffer.concat([hex(`${rtpHead} 18 0018`), avcSets[0] ?? Buffer.alloc(0)]),
  hex('90e00002 00002000 00000001 bede0001 10203040 6588'),
  hex('82e00003 00003000 00000001 00000002 00000003 6588'),
  report,
]
const formats = [
  'm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 sprop-parameter-sets=Z2QAKKzZQHgCJ+XARAAAAwAEAAADAMg8YMZY,aOvjyyLA',
  'm=video 0 RTP/AVP 96\r\na=rtpmap:96 H265/90000',
  'm=video 0 RTP/AVP 96\r\na=rtpmap:96 H265/90000\r\na=fmtp:96 sprop-max-don-diff=1',
  'm=video 0 RTP/AVP 96\r\na=rtpmap:96 JPEG/90000\r\na=framesize:96 16384-16384',
]

/** A track of a format, with all that came out of it. */
function trackOf(format: string) {
  const out: Packet[] = []
  const [chosen] = chooseTracks(parseSdp(`v=0\r\n${format}\r\n`), false)
  if (!chosen) throw new Error('one video is offered')
  const clock = new ManualClock()
  const track = new RtpTrack({
    ...chosen,
    firstRun: 0,
    captureClock: arrivalClock(clock),
    onPacket: (packet) => out.push(packet),
  })
  return { out, track }
}

test('R16 any packets of a track end in pictures or an AppError, and none of them is empty or too large', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...formats),
      fc.array(fc.tuple(mutatedBytes(...packets), fc.boolean()), { maxLength: 30 }),
      (format, given) => {
        const { out, track } = trackOf(format)
        survives(() => {
          for (const [n, [bytes, isReport]] of given.entries()) {
            // In the middle of a buffer, as the wire reader hands them on: nothing before or behind may be read as theirs.
            const buffer = Buffer.concat([Buffer.alloc(7, 0xff), bytes, Buffer.alloc(9, 0xff)])
            if (isReport) track.onRtcp(buffer, 7, 7 + bytes.length, n)
            else track.onRtp(buffer, 7, 7 + bytes.length, n)
          }
        })
        for (const { data, format: told, captureMs, pts } of out) {
          expect(data.length).toBeGreaterThan(0)
          expect(data.length).toBeLessThan(8 * 1024 * 1024 + 4096)
          expect([Number.isFinite(captureMs), Number.isSafeInteger(pts), pts >= 0]).toEqual([true, true, true])
          if (told.kind === 'video') expect(Math.max(told.width, told.height)).toBeLessThanOrEqual(16_384)
        }
      },
    ),
    fuzzRuns(4000),
  )
})

test('R16 parameter sets are read to sizes that make sense, or not at all', () => {
  fc.assert(
    fc.property(
      mutatedBytes(...avcSets, ...hevcSets),
      fc.array(mutatedBytes(...avcSets, ...hevcSets), { maxLength: 8 }),
      (one, more) => {
        for (const read of [readH264Sps, readH265Sps])
          survives(() => {
            const facts = read(one)
            if (!facts) return
            expect([facts.width >= 8, facts.height >= 8, facts.width <= 16_384, facts.height <= 16_384]).not.toContain(
              false,
            )
            expect(facts.codecString).toMatch(/^[\w.]{4,60}$/)
          })
        for (const codec of ['h264', 'hevc'] as const)
          survives(() => {
            const sets = new ParameterSets(codec)
            for (const set of more) {
              sets.add(set, 0, set.length)
              sets.endPicture()
            }
            sets.addBase64(more.map((set) => set.toString('base64')))
            expect(sets.format?.parameterSets.length ?? 0).toBeLessThanOrEqual(32)
          })
      },
    ),
    fuzzRuns(4000),
  )
})

test('R16 reports tell a time or nothing', () => {
  fc.assert(
    fc.property(mutatedBytes(report, Buffer.concat([report, report])), (bytes) => {
      const found = readSenderReport(bytes, 0, bytes.length)
      if (found)
        expect([Number.isFinite(found.ntpMs), found.ntpMs > -3e12, found.ntpMs < 1e13]).toEqual([true, true, true])
    }),
    fuzzRuns(3000),
  )
})

test('R16 a connection’s bytes, cut anywhere, come out the same or end in the same AppError', () => {
  const answer = Buffer.from('RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 5\r\n\r\nhello')
  const frame = (bytes: Buffer) => Buffer.concat([Buffer.from([0x24, 0, 0, bytes.length]), bytes])
  const good = Buffer.concat([
    answer,
    ...packets.map(frame),
    Buffer.from('OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n'),
    frame(report),
  ])
  const read = (bytes: Buffer, cuts: readonly number[]) => {
    const story: string[] = []
    const reader = new WireReader({
      onFrame: (channel, buffer, start, end) => {
        story.push(`${channel}:${buffer.toString('hex', start, end)}`)
        return channel < 2
      },
      onMessage: (message) => story.push(`${message.status} ${message.body}`),
      knowsChannel: (channel) => channel < 2,
    })
    const places = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
    try {
      let from = 0
      for (const to of places) {
        bytes.copy(reader.space(), 0, from, to)
        reader.take(to - from)
        from = to
      }
    } catch (error) {
      expect(error).toMatchObject({ name: 'AppError' })
      story.push('refused')
    }
    return story
  }
  fc.assert(
    fc.property(mutatedBytes(good), fc.array(fc.nat(), { maxLength: 6 }), (bytes, cuts) => {
      const [whole, cut] = [read(bytes, []), read(bytes, cuts)]
      // What is refused may be refused sooner or later; what comes out before that is the same.
      const both = Math.min(whole.length, cut.length)
      const common = (story: string[]) => story.slice(0, both).filter((line) => line !== 'refused')
      if (!whole.includes('refused') && !cut.includes('refused')) expect(cut).toEqual(whole)
      else expect(common(cut).slice(0, both - 1)).toEqual(common(whole).slice(0, both - 1))
    }),
    fuzzRuns(3000),
  )
})
