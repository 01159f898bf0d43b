/** FFmpeg reads what we write, and finds every sample that the camera sent. */
import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { openAudioClip } from '../../../test/cameras/audio-clip.ts'
import { whyMissing } from '../../../test/support/foreign-program.ts'
import { encodeFlacFrame, flacStreamInfo, maxBlockSamples } from './flac-frame.ts'
import { decodeAlaw, decodeUlaw } from './g711.ts'

const ffmpegMissing = whyMissing('FFmpeg', 'ffmpeg', '-version')

/** A native FLAC file of these packets, decoded to 16-bit samples. */
function decode(packets: readonly Buffer[], codec: 'pcm_alaw' | 'pcm_mulaw', channels = 1, firstAt = 0): Int16Array {
  let at = firstAt
  const frames = packets.map((data) => {
    const frame = encodeFlacFrame(data, { codec, sampleRate: 8000, channels, at })
    at += data.length / channels
    if (!frame) throw new Error('no frame')
    return frame
  })
  const head = Buffer.concat([Buffer.from('fLaC'), Buffer.from([0x80, 0, 0, 34]), flacStreamInfo(8000, channels)])
  const input = Buffer.concat([head, ...frames])
  const args = [
    '-v',
    'error',
    '-xerror',
    '-err_detect',
    'crccheck+explode',
    '-f',
    'flac',
    '-i',
    '-',
    '-f',
    's16le',
    '-',
  ]
  const pcm = execFileSync('ffmpeg', args, { input, maxBuffer: 2 ** 26 })
  return new Int16Array(pcm.buffer, pcm.byteOffset, pcm.length / 2)
}

const expected = (packets: readonly Buffer[], table: Int16Array) =>
  Int16Array.from(Buffer.concat(packets), (byte) => table[byte] ?? 0)
const noise = (bytes: number, seed: number) => {
  let state = seed
  return Buffer.from(
    Array.from({ length: bytes }, () => {
      state = (state * 1_103_515_245 + 12_345) & 0x7fffffff
      return state >> 16
    }),
  )
}

test('each byte of G.711 is what FFmpeg takes it for', () => {
  expect([decodeAlaw[0x55], decodeAlaw[0xd5], decodeAlaw[0x2a], decodeAlaw[0xaa]]).toEqual([-8, 8, -32_256, 32_256])
  expect([decodeUlaw[0xff], decodeUlaw[0x7f], decodeUlaw[0x00], decodeUlaw[0x80]]).toEqual([0, 0, -32_124, 32_124])
})

test.skipIf(ffmpegMissing !== undefined)('every sample comes back: noise, silence, a tone, packets of any size', () => {
  const tone = Buffer.from(Array.from({ length: 1600 }, (_, i) => 0x80 + Math.round(60 * Math.sin(i / 5))))
  for (const [codec, table] of [
    ['pcm_alaw', decodeAlaw],
    ['pcm_mulaw', decodeUlaw],
  ] as const) {
    const packets = [
      noise(160, 1),
      Buffer.alloc(160, 0xd5),
      tone,
      noise(1, 2),
      noise(2, 3),
      noise(4097, 4),
      noise(320, 5),
    ]
    expect(decode(packets, codec)).toEqual(expected(packets, table))
  }
  const all = [Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)), noise(640, 9)]
  expect(decode(all, 'pcm_mulaw', 2)).toEqual(expected(all, decodeUlaw))
})

test.skipIf(ffmpegMissing !== undefined)(
  'numbers of samples of a day are written so that decoders find the frame',
  () => {
    for (const at of [0, 127, 128, 2047, 2048, 65_535, 65_536, 2 ** 21, 2 ** 26 - 1, 2 ** 26, 2 ** 31 - 160]) {
      const packets = [noise(160, 7), noise(160, 8)]
      expect(decode(packets, 'pcm_alaw', 1, at)).toEqual(expected(packets, decodeAlaw))
    }
  },
)

test('what is no sound gives no frame', () => {
  const block = { codec: 'pcm_alaw', sampleRate: 8000, channels: 1, at: 0 } as const
  expect(encodeFlacFrame(Buffer.alloc(0), block)).toBeUndefined()
  expect(encodeFlacFrame(Buffer.alloc(maxBlockSamples + 1), block)).toBeUndefined()
  expect(encodeFlacFrame(Buffer.alloc(1), { ...block, channels: 2 })).toBeUndefined()
})

test('a tone takes less than three quarters of its samples', async () => {
  const { frames } = await openAudioClip('pcm_alaw')
  const block = { codec: 'pcm_alaw', sampleRate: 8000, channels: 1, at: 0 } as const
  const bytes = frames.reduce((sum, frame) => sum + (encodeFlacFrame(frame, block)?.length ?? 0), 0)
  expect(bytes).toBeLessThan(frames.length * 320 * 2 * 0.75)
})
