/** What a sequence parameter set says about an H.265 picture (ITU-T H.265 7.3.2.2, 7.3.3). */
import { BitReader } from './bit-reader.ts'
import type { PictureFacts } from './h264-sps.ts'

const maxSide = 16_384

/** undefined when the set is damaged or makes no sense. `sps` with its two header bytes. */
export function readH265Sps(sps: Uint8Array): PictureFacts | undefined {
  const reader = BitReader.ofNal(sps.subarray(2, 512))
  reader.skip(4) // sps_video_parameter_set_id
  const subLayers = reader.bits(3)
  reader.skip(1) // sps_temporal_id_nesting
  const codecString = readProfile(reader)
  skipSubLayers(reader, subLayers)
  const id = reader.unsigned()
  const chromaFormat = reader.unsigned()
  if (chromaFormat === 3) reader.skip(1) // separate_colour_plane
  const fullWidth = reader.unsigned()
  const fullHeight = reader.unsigned()
  const [left, right, top, bottom] = reader.flag()
    ? [reader.unsigned(), reader.unsigned(), reader.unsigned(), reader.unsigned()]
    : [0, 0, 0, 0]
  const width = fullWidth - (left + right) * (chromaFormat === 1 || chromaFormat === 2 ? 2 : 1)
  const height = fullHeight - (top + bottom) * (chromaFormat === 1 ? 2 : 1)
  if (reader.isExhausted || width < 8 || height < 8 || width > maxSide || height > maxSide) return undefined
  return { id, width, height, codecString }
}

/** ISO/IEC 14496-15 annex E: profile, compatibility (bits reversed), tier and level, constraint bytes. */
function readProfile(reader: BitReader): string {
  const space = ['', 'A', 'B', 'C'][reader.bits(2)] ?? ''
  const tier = reader.flag() ? 'H' : 'L'
  const profile = reader.bits(5)
  let compatibility = 0
  for (let i = 0; i < 32; i++) compatibility += reader.bits(1) * 2 ** i
  const constraints = Array.from({ length: 6 }, () => reader.bits(8))
  while (constraints.at(-1) === 0) constraints.pop()
  const level = reader.bits(8)
  const parts = [compatibility, ...constraints].map((value) => value.toString(16).toUpperCase())
  return [`hvc1.${space}${profile}`, parts[0], `${tier}${level}`, ...parts.slice(1)].join('.')
}

function skipSubLayers(reader: BitReader, subLayers: number): void {
  const present: [boolean, boolean][] = []
  for (let i = 0; i < subLayers; i++) present.push([reader.flag(), reader.flag()])
  if (subLayers > 0) reader.skip((8 - subLayers) * 2)
  for (const [hasProfile, hasLevel] of present) reader.skip((hasProfile ? 88 : 0) + (hasLevel ? 8 : 0))
}
