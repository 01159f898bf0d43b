import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { Packet } from '../../server/src/lib/packet.ts'
import { encodeAac, encodeClip, hasFfmpeg } from '../../test/support/encoded-clip.ts'
import { audioTrackId, fragmentHead, initSegment, type Sample, videoTrackId } from './fmp4.ts'
import { audioEntry, videoEntry } from './sample-entry.ts'

const folder = mkdtempSync(join(tmpdir(), 'vedette-fmp4-'))
afterAll(() => rmSync(folder, { recursive: true }))

const sample = (packet: Packet, offsetTicks: number): Sample => ({
  sizeBytes: packet.data.length,
  durationTicks: packet.format.kind === 'video' ? 3600 : 1024,
  isKey: packet.isKey,
  offsetTicks,
})

function probe(bytes: Buffer) {
  const file = join(folder, 'probe.mp4')
  writeFileSync(file, bytes)
  const entries =
    'stream=codec_name,codec_tag_string,width,height,sample_rate,profile:format=duration:packet=pts,flags,stream_index'
  const text = execFileSync('ffprobe', ['-v', 'error', '-show_entries', entries, '-of', 'json', file], {
    encoding: 'utf8',
  })
  const decoding = execFileSync('ffmpeg', ['-v', 'error', '-i', file, '-f', 'null', '-'], {
    encoding: 'utf8',
    stdio: 'pipe',
  })
  return { ...JSON.parse(text), decoding }
}

function file(video: readonly Packet[], audio: readonly Packet[] = []): Buffer {
  const videoFormat = video[0]?.format
  const audioFormat = audio[0]?.format
  if (videoFormat?.kind !== 'video') throw new Error('no video')
  const sound =
    audioFormat?.kind === 'audio' && audioFormat.codec === 'aac'
      ? { ...audioFormat, codec: audioFormat.codec }
      : undefined
  const init = initSegment({ video: videoFormat, audio: sound })
  const tracks = [{ trackId: videoTrackId, decodeTicks: 0, samples: video.map((p, i) => sample(p, p.pts - i * 3600)) }]
  if (sound) tracks.push({ trackId: audioTrackId, decodeTicks: 0, samples: audio.map((p) => sample(p, 0)) })
  return Buffer.concat([init, fragmentHead(1, tracks), ...video.map((p) => p.data), ...audio.map((p) => p.data)])
}

describe.skipIf(!hasFfmpeg)('files that other programs play', () => {
  test.each([
    ['h264', 'avc1'],
    ['hevc', 'hvc1'],
    ['mjpeg', 'mp4v'],
  ] as const)('%s plays as %s, every frame with its time', (codec, tag) => {
    const clip = encodeClip({ codec, seconds: 2 })
    const { streams, packets, format, decoding } = probe(file(clip))
    expect(streams).toMatchObject([{ codec_name: codec, codec_tag_string: tag, width: 320, height: 180 }])
    expect(packets.map((p: { pts: number }) => p.pts)).toEqual(clip.map((p) => p.pts))
    expect(packets.map((p: { flags: string }) => p.flags.startsWith('K'))).toEqual(clip.map((p) => p.isKey))
    expect(Number(format.duration)).toBeCloseTo(2, 2)
    expect(decoding).toBe('')
  })

  test('B frames keep their presentation times', () => {
    const clip = encodeClip({ codec: 'h264', seconds: 2, bFrames: 2 })
    const inDecodeOrder = clip.map((p) => p.pts)
    expect(inDecodeOrder).not.toEqual(inDecodeOrder.toSorted((a, b) => a - b))
    const { packets, decoding } = probe(file(clip))
    // FFmpeg moves all times by the deepest reordering where offsets are negative; what counts is their distance.
    const shift = packets[0].pts
    expect(packets.map((p: { pts: number }) => p.pts - shift)).toEqual(inDecodeOrder)
    expect(decoding).toBe('')
  })

  test('sound lies beside the picture', () => {
    const { streams, format, decoding } = probe(file(encodeClip({ codec: 'h264', seconds: 2 }), encodeAac(2)))
    expect(streams).toMatchObject([{ codec_name: 'h264' }, { codec_name: 'aac', sample_rate: '16000', profile: 'LC' }])
    expect(Number(format.duration)).toBeCloseTo(2, 0)
    expect(decoding).toBe('')
  })
})

test('the decode time of a fragment has 64 bits', () => {
  const day = 90_000 * 86_400
  const head = fragmentHead(7, [
    { trackId: 1, decodeTicks: day, samples: [{ sizeBytes: 1, durationTicks: 1, isKey: true, offsetTicks: 0 }] },
  ])
  const view = new DataView(head.buffer)
  expect(day).toBeGreaterThan(2 ** 32)
  expect(view.getBigUint64(8 + 16 + 8 + 16 + 12)).toBe(BigInt(day))
})

test('the codec configuration follows the parameter sets', () => {
  const sps = Uint8Array.from([0x67, 0x64, 0x00, 0x28, 0xac, 0x2b, 0x40])
  const pps = Uint8Array.from([0x68, 0xee, 0x3c, 0x80])
  const entry = videoEntry({ codec: 'h264', width: 1920, height: 1080, parameterSets: [sps, pps] })
  const avcC = Buffer.from(entry.subarray(86 + 8)).toString('hex')
  // High profile: 4:2:0, 8 bit, no extensions at the end.
  expect(avcC).toBe('01640028ffe1000767640028ac2b4001000468ee3c80fdf8f800')
})

test('parameter sets that are nonsense still give a box', () => {
  const sets = [Uint8Array.of(), Uint8Array.of(0x67), new Uint8Array(600).fill(0x42)]
  for (const codec of ['h264', 'hevc', 'mjpeg'] as const)
    expect(videoEntry({ codec, width: 0, height: 0, parameterSets: sets }).length).toBeGreaterThan(86)
})

test('Opus counts in 48 kHz whatever was captured', () => {
  const entry = Buffer.from(audioEntry({ codec: 'opus', sampleRate: 16_000, channels: 1, config: Uint8Array.of() }))
  expect(entry.toString('latin1', 4, 8)).toBe('Opus')
  expect(entry.readUInt16BE(32)).toBe(48_000)
})
