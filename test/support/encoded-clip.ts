/**
 * Real packets for tests, without a camera: FFmpeg's program encodes its test picture, we split it into access units.
 * Undefined answers mean that the program is not installed; the caller then skips aloud (`needsFfmpeg`).
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AudioFormat, Packet, VideoFormat } from '../../server/src/lib/packet.ts'

export const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0
if (!hasFfmpeg) console.warn('tests that need the ffmpeg program are skipped: it is not installed')

export interface ClipOptions {
  readonly codec: 'h264' | 'hevc' | 'mjpeg'
  readonly seconds: number
  readonly fps?: number
  readonly gopFrames?: number
  readonly bFrames?: number
  /** Pictures that a decoder must keep. */
  readonly refFrames?: number
  readonly size?: string
  readonly bitsPerSecond?: number
  /** Capture time of the first frame. */
  readonly startMs?: number
}

const run = (args: string[]) => execFileSync('ffmpeg', ['-v', 'error', '-nostdin', ...args], { maxBuffer: 2 ** 30 })

/** A clip in decode order, as a camera would send it. */
export function encodeClip(options: ClipOptions): Packet[] {
  const {
    codec,
    seconds,
    fps = 25,
    gopFrames = fps,
    bFrames = 0,
    size = '320x180',
    startMs = 0,
    refFrames = 1,
  } = options
  const [width = 0, height = 0] = size.split('x').map(Number)
  const folder = mkdtempSync(join(tmpdir(), 'vedette-clip-'))
  try {
    const file = join(folder, 'clip.nut')
    const rate = options.bitsPerSecond ? ['-b:v', String(options.bitsPerSecond)] : []
    const x265 = `keyint=${gopFrames}:min-keyint=${gopFrames}:bframes=${bFrames}:scenecut=0:open-gop=0:aud=1:log-level=error`
    const x264 = `ref=${refFrames}:keyint=${gopFrames}:min-keyint=${gopFrames}:bframes=${bFrames}:scenecut=0:aud=1`
    const encoder = {
      h264: ['-c:v', 'libx264', '-preset', 'ultrafast', '-profile:v', 'high', '-x264-params', x264],
      hevc: ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', x265],
      mjpeg: ['-c:v', 'mjpeg', '-q:v', '5', '-pix_fmt', 'yuvj420p'],
    }[codec]
    run([
      '-f',
      'lavfi',
      '-i',
      `testsrc2=s=${size}:r=${fps}:d=${seconds}`,
      '-pix_fmt',
      'yuv420p',
      ...encoder,
      ...rate,
      file,
    ])
    const ptsList = execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', file])
      .toString()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => Math.round(Number.parseFloat(line) * 90_000))
    const headers = codec === 'mjpeg' ? [] : ['-bsf:v', 'dump_extra=freq=k']
    const raw = run([
      '-i',
      file,
      '-c',
      'copy',
      ...headers,
      ...(codec === 'mjpeg' ? ['-f', 'image2pipe'] : ['-f', codec]),
      '-',
    ])
    const nals = codec === 'mjpeg' ? [] : splitNals(raw)
    const units = codec === 'mjpeg' ? splitJpegs(raw) : splitUnits(nals, codec)
    const first = ptsList[0] ?? 0
    const sets = codec === 'mjpeg' ? [] : parameterSets(nals, codec)
    const video: VideoFormat = {
      kind: 'video',
      codec,
      width,
      height,
      codecString: codecString(codec, sets),
      parameterSets: sets,
    }
    return units.map(({ data, isKey }, i) => {
      const pts = (ptsList[i] ?? 0) - first
      return { format: video, isKey, pts, timescale: 90_000, run: 1, captureMs: startMs + pts / 90, data }
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** AAC frames of a tone, 16 kHz mono. */
export function encodeAac(seconds: number, startMs = 0): Packet[] {
  const adts = run(['-f', 'lavfi', '-i', `sine=r=16000:d=${seconds}`, '-c:a', 'aac', '-b:a', '32k', '-f', 'adts', '-'])
  const format: AudioFormat = {
    kind: 'audio',
    codec: 'aac',
    sampleRate: 16_000,
    channels: 1,
    config: Buffer.from('1408', 'hex'),
  }
  const packets: Packet[] = []
  for (let at = 0; at + 7 <= adts.length; ) {
    const size = (adts.readUInt32BE(at + 2) >> 5) & 0x1fff || adts.length
    const pts = packets.length * 1024
    const data = adts.subarray(at + 7, at + size)
    packets.push({ format, isKey: true, pts, timescale: 16_000, run: 1, captureMs: startMs + pts / 16, data })
    at += size
  }
  return packets
}

interface Unit {
  readonly data: Buffer
  readonly isKey: boolean
}

const nalTypes = {
  h264: {
    typeOf: (nal: Buffer) => (nal[0] ?? 0) & 31,
    aud: 9,
    setTypes: [7, 8],
    isSlice: (type: number) => type >= 1 && type <= 5,
    isFirstSlice: (nal: Buffer) => ((nal[1] ?? 0) & 128) !== 0,
    isKeyType: (type: number) => type === 5,
  },
  hevc: {
    typeOf: (nal: Buffer) => ((nal[0] ?? 0) >> 1) & 63,
    aud: 35,
    setTypes: [32, 33, 34],
    isSlice: (type: number) => type < 32,
    isFirstSlice: (nal: Buffer) => ((nal[2] ?? 0) & 128) !== 0,
    isKeyType: (type: number) => type >= 16 && type <= 21,
  },
}

/** The first of each kind. */
function parameterSets(nals: Buffer[], codec: 'h264' | 'hevc'): Buffer[] {
  const { typeOf, setTypes } = nalTypes[codec]
  return setTypes.flatMap((type) => nals.find((nal) => typeOf(nal) === type) ?? [])
}

function splitUnits(nals: Buffer[], codec: 'h264' | 'hevc'): Unit[] {
  const { typeOf, aud, setTypes, isSlice, isFirstSlice, isKeyType } = nalTypes[codec]
  const units: Buffer[][] = []
  let before: Buffer[] = [] // What stands in front of a picture belongs to it.
  for (const nal of nals) {
    const type = typeOf(nal)
    if (type === aud || setTypes.includes(type)) continue
    if (!isSlice(type)) before.push(nal)
    else if (isFirstSlice(nal)) {
      units.push([...before, nal])
      before = []
    } else units.at(-1)?.push(nal)
  }
  return units.map((unit) => ({
    isKey: unit.some((nal) => isKeyType(typeOf(nal))),
    data: Buffer.concat(unit.flatMap((nal) => [lengthOf(nal), nal])),
  }))
}

function lengthOf(nal: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(nal.length)
  return length
}

function splitNals(annexB: Buffer): Buffer[] {
  const nals: Buffer[] = []
  const startCode = Buffer.from([0, 0, 1])
  for (let at = annexB.indexOf(startCode); at >= 0; ) {
    const next = annexB.indexOf(startCode, at + 3)
    let end = next < 0 ? annexB.length : next
    while (end > at + 3 && annexB[end - 1] === 0) end--
    nals.push(annexB.subarray(at + 3, end))
    at = next
  }
  return nals
}

function splitJpegs(bytes: Buffer): Unit[] {
  const units: Unit[] = []
  const start = Buffer.from([0xff, 0xd8, 0xff])
  for (let at = bytes.indexOf(start); at >= 0; ) {
    const next = bytes.indexOf(start, at + 3)
    units.push({ data: bytes.subarray(at, next < 0 ? bytes.length : next), isKey: true })
    at = next
  }
  return units
}

function codecString(codec: string, sets: readonly Buffer[]): string {
  if (codec === 'mjpeg') return 'mjpeg'
  return codec === 'h264' ? `avc1.${sets[0]?.toString('hex', 1, 4)}` : 'hvc1.1.6.L60.90'
}
