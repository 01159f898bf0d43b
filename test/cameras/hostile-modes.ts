/**
 * What hostile cameras do, by name, and what Vedette is to say of each. `before` modes fail before a stream flows,
 * `within` modes in it, at their own pace; `floods` as fast as the line allows; `plays` modes may well be recorded, they must only hurt nobody.
 */
import { randomBytes } from 'node:crypto'
import type { ErrorCode } from '@vedette/shared/errors.ts'
import type { HostileMode, Victim } from './hostile-camera.ts'
import { framed, RealPictures, rtp, senderReport } from './hostile-rtp.ts'

export interface NamedMode extends HostileMode {
  readonly name: string
  readonly when: 'before' | 'within' | 'floods' | 'plays'
  /** One of these is said. */
  readonly codes: readonly ErrorCode[]
  readonly scheme?: 'rtsps'
}

const frameTicks = 3600
const h264Sdp = (more: string) => `v=0\r\ns=x\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n${more}`
const onDescribe = (
  work: (victim: Victim, request: Parameters<Victim['behave']>[0]) => void,
): NonNullable<HostileMode['request']> => {
  return (victim, request) => {
    if (request.method !== 'DESCRIBE') return false
    work(victim, request)
    return true
  }
}
const length = (text: string) =>
  onDescribe((victim, request) => victim.answer(request, 200, { 'Content-Length': text }))
/** What a slice of a picture looks like from outside. */
const slice = Buffer.concat([Buffer.from([0x65, 0x88]), randomBytes(200)])
const malformed: readonly Buffer[] = [
  rtp(Buffer.alloc(0), { first: 0x8f }), // More sources than bytes.
  rtp(Buffer.from([1, 2, 0xff, 0xff]), { first: 0x90 }), // An extension longer than the packet.
  rtp(Buffer.from([0x65, 0xff]), { first: 0xa0 }), // More padding than packet.
  rtp(Buffer.from([0x65, 0]), { first: 0xa0 }), // Padding of nothing.
  framed(0, Buffer.from([0x80])),
  framed(0, Buffer.alloc(0)),
  rtp(Buffer.from([28])), // A fragment without its second byte.
  rtp(Buffer.from([28, 0xc5, 1])), // Start and end at once.
  rtp(Buffer.from([28, 0x45, 1]), { marker: true }), // An end without a start.
  rtp(Buffer.from([24, 0xff, 0xff, 0x65])), // An aggregate that promises more than there is.
  rtp(Buffer.from([24, 0, 0, 0, 0])), // An aggregate of nothings.
  rtp(Buffer.from([24])),
  rtp(Buffer.from([29, 0, 0])),
  rtp(Buffer.from([0x7c, 0x85])),
  rtp(slice, { payloadType: 111 }),
  framed(1, Buffer.from([0x80, 200, 0xff, 0xff])), // A report longer than all.
  framed(1, Buffer.from([0x80, 200, 0, 0])),
]

/** A sequence parameter set of baseline profile that claims this many blocks of 16 pixels a side. */
function spsOf(blocks: number): Buffer {
  const bits = (value: number) => {
    const binary = (value + 1).toString(2)
    return '0'.repeat(binary.length - 1) + binary
  }
  const fields = [
    '1',
    bits(0),
    bits(2),
    bits(1),
    '0',
    bits(blocks - 1),
    bits(blocks - 1),
    '1',
    '1',
    '0',
    '0',
    '1',
  ].join('')
  const padded = fields.padEnd(Math.ceil(fields.length / 8) * 8, '0')
  const body = padded.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? []
  return Buffer.from([0x67, 66, 0xc0, 51, ...body])
}

export async function hostileModes(): Promise<readonly NamedMode[]> {
  const clip = await RealPictures.open()
  const other = await RealPictures.open({ width: 160, height: 96 })
  /** A stream at 25 pictures a second whose time stamps come from `timeOf`. */
  const timed = (timeOf: (count: number) => number) => (victim: Victim) => {
    const pictures = clip.fresh()
    victim.every(40, (count) => victim.socket.write(pictures.next(timeOf(count))))
  }
  const unsupported = ['camera_unsupported'] as const
  const unreachable = ['camera_unreachable'] as const

  return [
    {
      name: 'a flood of headers',
      when: 'before',
      codes: ['camera_not_rtsp'],
      request: onDescribe((victim) => {
        victim.socket.write('RTSP/1.0 200 OK\r\nCSeq: 1\r\n')
        victim.pour(() => Buffer.from('X-Header: value\r\n'.repeat(1000)))
      }),
    },
    {
      name: 'a header without an end',
      when: 'before',
      codes: ['camera_not_rtsp'],
      request: onDescribe((victim) => {
        victim.socket.write('RTSP/1.0 200 OK\r\nX: ')
        victim.pour(() => Buffer.alloc(65_536, 'x'))
      }),
    },
    {
      name: 'a description without an end',
      when: 'before',
      codes: unsupported,
      request: onDescribe((victim, request) => victim.answer(request, 200, {}, `v=0\r\n${'a=x\r\n'.repeat(13_000)}`)),
    },
    {
      name: 'a thousand streams in a description',
      when: 'before',
      codes: unsupported,
      sdp: `v=0\r\n${'m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n'.repeat(1000)}`,
    },
    {
      name: 'ten thousand streams in a description',
      when: 'before',
      codes: unsupported,
      sdp: `v=0\r\n${'m=video 0 RTP/AVP 96\r\n'.repeat(10_000)}`,
    },
    { name: 'a length of terabytes', when: 'before', codes: unsupported, request: length('99999999999999') },
    { name: 'a negative length', when: 'before', codes: unsupported, request: length('-1') },
    { name: 'a length in hexadecimal', when: 'before', codes: unsupported, request: length('0x7fffffff') },
    { name: 'a length of 1e9', when: 'before', codes: unsupported, request: length('1e9') },
    {
      name: 'redirects in circles',
      when: 'before',
      codes: unsupported,
      request: onDescribe((victim, request) => victim.answer(request, 302, { Location: request.url })),
    },
    {
      name: 'a redirect to inside',
      when: 'before',
      codes: ['address_refused'],
      request: onDescribe((victim, request) => victim.answer(request, 302, { Location: 'rtsp://169.254.169.254/' })),
    },
    {
      name: 'a redirect of 8 kB',
      when: 'before',
      codes: unsupported,
      request: onDescribe((victim, request) =>
        victim.answer(request, 302, { Location: `rtsp://${'a'.repeat(8000)}/` }),
      ),
    },
    {
      name: 'challenges without an end',
      when: 'before',
      codes: ['camera_unauthorized'],
      request: (victim, request) => {
        const nonce = randomBytes(8).toString('hex')
        victim.answer(request, 401, { 'WWW-Authenticate': `Digest realm="x", nonce="${nonce}", stale=true` })
        return true
      },
    },
    {
      name: 'a challenge of 12 kB',
      when: 'before',
      codes: ['camera_unauthorized'],
      request: (victim, request) => {
        victim.answer(request, 401, { 'WWW-Authenticate': `Digest realm="${'\\"'.repeat(6000)}", nonce="n"` })
        return true
      },
    },
    {
      name: 'hanging up at once',
      when: 'before',
      codes: unreachable,
      connected: ({ socket }) => void socket.destroy(),
    },
    {
      name: 'garbage for TLS',
      when: 'before',
      codes: unreachable,
      scheme: 'rtsps',
      connected: (victim) => victim.pour(() => randomBytes(16_384)),
    },
    {
      name: 'a TLS hello without an end',
      when: 'within',
      codes: unreachable,
      scheme: 'rtsps',
      // A record that announces 16 kB and comes a byte a second.
      connected: (victim) => {
        victim.socket.write(Buffer.from([22, 3, 3, 0x40, 0, 2, 0, 0x3f, 0xfc]))
        victim.every(1000, () => victim.socket.write('x'))
      },
    },
    {
      name: 'two tracks on one channel',
      when: 'before',
      codes: unsupported,
      sdp: h264Sdp('a=control:t0\r\nm=audio 0 RTP/AVP 0\r\na=control:t1\r\n'),
      request: (victim, request) => {
        if (request.method !== 'SETUP') return false
        victim.answer(request, 200, { Session: '1', Transport: 'RTP/AVP/TCP;interleaved=0-1' })
        return true
      },
    },
    {
      name: 'hanging up in PLAY',
      when: 'before',
      codes: unreachable,
      playing: ({ socket }) => void socket.destroy(),
    },
    { name: 'no answer at all', when: 'within', codes: unreachable, request: () => true },
    {
      name: 'answers to other questions',
      when: 'within',
      codes: unreachable,
      request: (victim, request) => {
        for (const cseq of ['0', '99999999', '-1', 'x', `${request.headers.get('cseq')}0`])
          victim.answer(request, 200, { CSeq: cseq })
        return true
      },
    },
    {
      name: 'a byte at a time',
      when: 'within',
      codes: unreachable,
      request: (victim) => {
        victim.every(200, (count) => victim.socket.write('RTSP/1.0 200 OK\r\nCSeq: 1\r\n'[count] ?? 'x'))
        return true
      },
    },
    {
      name: 'frames of another channel',
      when: 'floods',
      codes: unsupported,
      playing: (victim) => victim.pour(() => rtp(randomBytes(8000), { channel: 77 })),
    },
    {
      name: 'malformed packets',
      when: 'within',
      codes: ['camera_stalled'],
      playing: (victim) => victim.every(20, () => victim.socket.write(Buffer.concat(malformed))),
    },
    {
      name: 'fragments without an end',
      when: 'floods',
      codes: unsupported,
      playing: (victim) => {
        let sequence = 0
        victim.socket.write(rtp(Buffer.from([0x7c, 0x85, 0x88]), { sequence: sequence++ }))
        const more = Buffer.concat([Buffer.from([0x7c, 0x05]), randomBytes(8000)])
        victim.pour(() => rtp(more, { sequence: sequence++ }))
      },
    },
    {
      name: 'a parameter set without an end',
      when: 'floods',
      codes: ['camera_unsupported', 'camera_stalled'],
      playing: (victim) => {
        let sequence = 0
        victim.socket.write(rtp(Buffer.from([0x7c, 0x87, 66]), { sequence: sequence++ }))
        victim.pour(() => rtp(Buffer.concat([Buffer.from([0x7c, 0x07]), randomBytes(8000)]), { sequence: sequence++ }))
      },
    },
    {
      name: 'parameter sets of 60 kB',
      when: 'within',
      codes: ['camera_stalled', 'camera_unsupported'],
      playing: (victim) => {
        const set = Buffer.concat([spsOf(20), Buffer.alloc(60_000, 0xa5)])
        victim.every(20, (count) =>
          victim.socket.write(rtp(set, { sequence: count, time: count * frameTicks, marker: true })),
        )
      },
    },
    {
      name: 'a picture of a million pixels a side',
      when: 'within',
      codes: ['camera_stalled'],
      playing: (victim) => {
        const pictures = clip.fresh()
        const sets = [spsOf(65_000), ...pictures.parameterSets.slice(1)]
        victim.every(40, (count) => victim.socket.write(pictures.next(count * frameTicks, sets)))
      },
    },
    {
      name: 'time that goes back',
      when: 'within',
      codes: unsupported,
      playing: timed((count) => 2 ** 31 - count * 180_000),
    },
    { name: 'time that jumps', when: 'within', codes: unsupported, playing: timed((count) => count * 90_000 * 3600) },
    {
      name: 'time that wraps with each picture',
      when: 'within',
      codes: unsupported,
      playing: timed((count) => count * 2 ** 31),
    },
    {
      name: 'time that is random',
      when: 'within',
      codes: unsupported,
      playing: timed(() => randomBytes(4).readUInt32BE()),
    },
    {
      name: 'another picture size with each picture',
      when: 'within',
      codes: unsupported,
      playing: (victim) => {
        let [now, next] = [clip.fresh(), other.fresh()]
        victim.every(40, (count) => {
          next.rewind(now)
          ;[now, next] = [next, now]
          victim.socket.write(now.next(count * frameTicks))
        })
      },
    },
    {
      name: 'pictures without end and size',
      when: 'floods',
      codes: unsupported,
      playing: (victim) => {
        const pictures = clip.fresh()
        let count = 0
        victim.pour(() => pictures.next(count++ * 90))
      },
    },
    {
      name: 'the smallest packets that there are',
      when: 'floods',
      codes: ['camera_unsupported', 'camera_stalled'],
      playing: (victim) => {
        const many = Buffer.concat(Array.from({ length: 2000 }, (_, n) => rtp(Buffer.from([9, 0x10]), { sequence: n })))
        victim.pour(() => many)
      },
    },
    {
      name: 'questions without an end',
      when: 'floods',
      codes: ['camera_unreachable', 'camera_stalled', 'camera_unsupported'],
      playing: (victim) => {
        victim.socket.pause() // And hears no answer.
        victim.pour(() => Buffer.from('OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n'.repeat(200)))
      },
    },
    {
      name: 'each answer fifty times',
      when: 'within',
      codes: ['camera_stalled'],
      request: (victim, request) => {
        for (let n = 0; n < 50; n++) victim.behave(request)
        return true
      },
    },
    {
      name: 'a stream of 1 Gbit/s',
      when: 'floods',
      codes: ['camera_unsupported', 'camera_stalled'],
      playing: (victim) => {
        const block = Buffer.concat(
          Array.from({ length: 8 }, (_, n) => rtp(randomBytes(16_000), { sequence: n, payloadType: 96 })),
        )
        victim.pour(() => block)
      },
    },
    {
      name: 'words after the end',
      when: 'within',
      codes: ['camera_stalled'],
      playing: (victim) => victim.socket.on('end', () => victim.pour(() => randomBytes(65_536))),
    },
    {
      name: 'a picture of 16,384 pixels a side',
      when: 'plays',
      codes: [],
      playing: (victim) => {
        const pictures = clip.fresh()
        const sets = [spsOf(1024), ...pictures.parameterSets.slice(1)]
        victim.every(40, (count) => victim.socket.write(pictures.next(count * frameTicks, sets)))
      },
    },
    {
      name: 'a JPEG bomb',
      when: 'plays',
      codes: [],
      sdp: 'v=0\r\nm=video 0 RTP/AVP 26\r\na=framesize:26 16384-16384\r\na=control:t0\r\n',
      playing: (victim) =>
        victim.every(40, (count) => {
          const payload = Buffer.concat([Buffer.from([0, 0, 0, 0, 1, 50, 0, 0]), Buffer.alloc(1000)])
          victim.socket.write(
            rtp(payload, { payloadType: 26, sequence: count, time: count * frameTicks, marker: true }),
          )
        }),
    },
    {
      name: 'a clock from anywhere',
      when: 'plays',
      codes: [],
      playing: (victim) => {
        const pictures = clip.fresh()
        const clocks = [0, 1, 0xffffffff, 0x7fffffff, 0x80000000, 2_208_988_800, 2_208_988_799]
        victim.every(40, (count) => {
          victim.socket.write(senderReport(clocks[count % clocks.length] ?? 0, 0xffffffff, count * 7_654_321))
          victim.socket.write(pictures.next(count * frameTicks))
        })
      },
    },
    { name: 'time that stands still', when: 'plays', codes: [], playing: timed(() => 1000) },
    {
      name: 'time that wraps once',
      when: 'plays',
      codes: [],
      playing: timed((count) => 2 ** 32 - 30 * frameTicks + count * frameTicks),
    },
    {
      name: 'another sender with each picture',
      when: 'plays',
      codes: [],
      playing: (victim) => {
        const pictures = clip.fresh()
        victim.every(40, (count) => {
          const bytes = pictures.next(count * frameTicks)
          for (let at = 0; at < bytes.length; at += 4 + bytes.readUInt16BE(at + 2))
            bytes.writeUInt32BE(count + 1, at + 12)
          victim.socket.write(bytes)
        })
      },
    },
    {
      name: 'random bits in good pictures',
      when: 'plays',
      codes: [],
      playing: (victim) => {
        const pictures = clip.fresh()
        victim.every(40, (count) => {
          const bytes = pictures.next(count * frameTicks)
          for (let n = 0; n < 20 && bytes.length > 60; n++)
            flip(bytes, 60 + (randomBytes(2).readUInt16BE() % (bytes.length - 60)))
          victim.socket.write(bytes)
        })
      },
    },
  ]
}

function flip(bytes: Buffer, at: number): void {
  bytes[at] = (bytes[at] ?? 0) ^ 1
}
