/** Takes from a segment what a decoder needs for the picture of one instant: the key frame before it and all up to it. */
import type { StreamName } from '@vedette/shared/camera.ts'
import { AppError } from '../lib/app-error.ts'
import { annexB, type VideoCodec } from '../lib/packet.ts'
import { type Footage, type Fragment, fragmentStartMs, type Piece, type SegmentIndex } from './footage.ts'
import { readExactly } from './fragment-bytes.ts'
import { type VideoConfig, videoConfig, videoSamples } from './mp4-walk.ts'

/** The last unit's picture as a JPEG. Throws vision_unavailable. */
export type DecodeJpeg = (pictures: {
  readonly codec: VideoCodec
  /** Access units as Annex-B (or JPEGs), the first one a key frame with its parameter sets. */
  readonly units: readonly Buffer[]
  readonly maxWidth: number
  /** Whose they are, to be blamed for a crash. */
  readonly cameraId: string
}) => Promise<Uint8Array>

/** So much of a group of pictures is decoded (two seconds of work at 1080p); of a longer one the picture reached is shown. */
const maxUnits = 600
const maxBytes = 48 * 1024 * 1024

interface Sample {
  readonly data: Buffer
  readonly startMs: number
}

/** Throws no_footage where nothing was recorded at that instant. */
export async function unitsAt(
  footage: Footage,
  cameraId: string,
  stream: StreamName,
  atMs: number,
): Promise<{ codec: VideoCodec; units: readonly Buffer[]; captureMs: number }> {
  const [piece] = await footage.list({ cameraId, stream, startMs: atMs, endMs: atMs + 1 }, 1)
  const index = piece && (await footage.index(piece))
  if (!piece || !index) throw noFootage()
  const samples = await samplesUpTo(footage, piece, index, atMs)
  const config = await readConfig(footage, piece, index)
  const [first] = samples
  if (!first || !config) throw noFootage()
  const shown = config.codec === 'mjpeg' ? samples.slice(-1) : samples
  return {
    codec: config.codec,
    units: shown.map((sample, i) => asUnit(sample, i === 0, config)),
    captureMs: Math.round(shown.at(-1)?.startMs ?? first.startMs),
  }
}

const noFootage = () => new AppError('no_footage', 'Nothing was recorded at this instant.')

async function samplesUpTo(footage: Footage, piece: Piece, index: SegmentIndex, atMs: number): Promise<Sample[]> {
  const { fragments } = index
  const startMs = (fragment: Fragment) => fragmentStartMs(piece, index, fragment)
  const key = Math.max(
    fragments.findLastIndex((f) => f.isKey && startMs(f) <= atMs),
    0,
  )
  const samples: Sample[] = []
  await using file = await footage.openFile(piece)
  let readBytes = 0
  for (const fragment of fragments.slice(key)) {
    if (samples.length > 0 && startMs(fragment) > atMs) break
    readBytes += fragment.sizeBytes
    // What a file says of its sizes is not to be believed: the first fragment may call itself 4 GB.
    if (readBytes > maxBytes) break
    const bytes = await readExactly(file, fragment.offset, fragment.sizeBytes)
    let atTicks = 0
    for (const { offset, sizeBytes, durationTicks } of videoSamples(bytes.subarray(0, fragment.moofBytes))) {
      const sampleMs = startMs(fragment) + atTicks / 90
      if (samples.length > 0 && (sampleMs > atMs || samples.length >= maxUnits)) break
      samples.push({ data: bytes.subarray(offset, offset + sizeBytes), startMs: sampleMs })
      atTicks += durationTicks
    }
  }
  return samples
}

async function readConfig(footage: Footage, piece: Piece, index: SegmentIndex): Promise<VideoConfig | undefined> {
  await using file = await footage.openFile(piece)
  return videoConfig(await readExactly(file, 0, index.initBytes))
}

function asUnit(sample: Sample, isKey: boolean, { codec, parameterSets }: VideoConfig): Buffer {
  const format = { kind: 'video', codec, width: 0, height: 0, codecString: '', parameterSets } as const
  return annexB({ format, isKey, pts: 0, timescale: 90_000, run: 0, captureMs: sample.startMs, data: sample.data })
}
