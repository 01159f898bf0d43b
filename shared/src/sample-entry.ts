/**
 * How each codec describes itself inside an MP4 (the entry of 'stsd'): avc1/avcC, hvc1/hvcC (ISO 14496-15), JPEG as
 * mp4v with object type 6C (players know it better than 'jpeg'), AAC as mp4a/esds (14496-14), Opus as Opus/dOps, FLAC as fLaC/dfLa.
 * In: parameter sets from a camera, any bytes. Out: a box; nonsense in them gives a box that decoders refuse.
 */
import { BitReader } from './bit-reader.ts'
import { box, u8, u16, u32, zeros } from './mp4-box.ts'

/** Fits server/src/lib/packet.ts VideoFormat. */
export interface VideoTrack {
  readonly codec: 'h264' | 'hevc' | 'mjpeg'
  readonly width: number
  readonly height: number
  /** NAL units without start code or length. */
  readonly parameterSets: readonly Uint8Array[]
}
/** Fits AudioFormat where the codec is one that MP4 takes. */
export interface AudioTrack {
  readonly codec: 'aac' | 'opus' | 'flac'
  readonly sampleRate: number
  readonly channels: number
  /** aac: AudioSpecificConfig; flac: STREAMINFO. */
  readonly config: Uint8Array
}

const jpegObjectType = 0x6c
const aacObjectType = 0x40

export function videoEntry(track: VideoTrack): Uint8Array {
  if (track.codec === 'h264') return visual('avc1', track, avcC(track.parameterSets))
  if (track.codec === 'hevc') return visual('hvc1', track, hvcC(track.parameterSets))
  return visual('mp4v', track, esds(jpegObjectType, 0x11, zeros(0)))
}

export function audioEntry(track: AudioTrack): Uint8Array {
  const rate = track.codec === 'opus' ? 48_000 : track.sampleRate
  const [name, inside] = audioConfig(track)
  // The 16.16 rate field cannot hold 88.2 and 96 kHz; decoders read the codec's own configuration.
  const rateField = rate < 65_536 ? u16(rate, 0) : u32(0)
  return box(name, zeros(6), u16(1), zeros(8), u16(track.channels, 16), u32(0), rateField, inside)
}

function audioConfig(track: AudioTrack): readonly [name: string, box: Uint8Array] {
  if (track.codec === 'opus')
    return ['Opus', box('dOps', u8(0, track.channels), u16(0), u32(track.sampleRate), u16(0), u8(0))]
  // STREAMINFO is metadata block 0, and the last one.
  if (track.codec === 'flac')
    return ['fLaC', box('dfLa', u32(0), u32(0x80_00_00_00 + track.config.length), track.config)]
  return ['mp4a', esds(aacObjectType, 0x15, track.config)]
}

function visual(name: string, track: VideoTrack, config: Uint8Array): Uint8Array {
  const resolution = u32(0x48_00_00, 0x48_00_00, 0)
  const tail = [u16(1), zeros(32), u16(24, 0xffff)]
  return box(name, zeros(6), u16(1), zeros(16), u16(track.width, track.height), resolution, ...tail, config)
}

/** Descriptors with one-byte lengths would do; four bytes are what every muxer writes. */
function esds(objectType: number, streamType: number, config: Uint8Array): Uint8Array {
  const descriptor = (tag: number, ...parts: Uint8Array[]) => {
    const length = parts.reduce((sum, part) => sum + part.length, 0)
    return [u8(tag, 0x80, 0x80, 0x80 | ((length >> 7) & 127), length & 127), ...parts]
  }
  const specific = config.length > 0 ? descriptor(5, config) : []
  const decoder = descriptor(4, u8(objectType, streamType, 0, 0, 0), u32(0, 0), ...specific)
  return box('esds', u32(0), ...descriptor(3, u16(1), u8(0), ...decoder, ...descriptor(6, u8(2))))
}

function avcC(sets: readonly Uint8Array[]): Uint8Array {
  const sps = sets.filter((set) => ((set[0] ?? 0) & 31) === 7).slice(0, 31)
  const pps = sets.filter((set) => ((set[0] ?? 0) & 31) === 8).slice(0, 255)
  const [, profile = 0, compatibility = 0, level = 0] = sps[0] ?? []
  const lists = [u8(0xe0 | sps.length), ...sps.flatMap(sized), u8(pps.length), ...pps.flatMap(sized)]
  return box('avcC', u8(1, profile, compatibility, level, 0xff), ...lists, ...highProfileFields(sps[0], profile))
}

function highProfileFields(sps: Uint8Array | undefined, profile: number): Uint8Array[] {
  if (!sps || ![100, 110, 122, 144].includes(profile)) return []
  const bits = new BitReader(sps, 4)
  bits.exp() // seq_parameter_set_id
  const chroma = bits.exp()
  if (chroma === 3) bits.skip(1)
  const luma8 = bits.exp()
  const chroma8 = bits.exp()
  return [u8(0xfc | (chroma & 3), 0xf8 | (luma8 & 7), 0xf8 | (chroma8 & 7), 0)]
}

function hvcC(sets: readonly Uint8Array[]): Uint8Array {
  const typeOf = (set: Uint8Array) => ((set[0] ?? 0) >> 1) & 63
  const sps = sets.find((set) => typeOf(set) === 33) ?? zeros(0)
  const { profile, layers, nested, chroma, luma8, chroma8 } = readHevcSps(sps)
  const arrays = [32, 33, 34].flatMap((type) => {
    const units = sets.filter((set) => typeOf(set) === type)
    return units.length > 0 ? [u8(0x80 | type), u16(units.length), ...units.flatMap(sized)] : []
  })
  const count = [32, 33, 34].filter((type) => sets.some((set) => typeOf(set) === type)).length
  const formats = [u16(0xf0_00), u8(0xfc, 0xfc | (chroma & 3), 0xf8 | (luma8 & 7), 0xf8 | (chroma8 & 7)), u16(0)]
  return box('hvcC', u8(1), profile, ...formats, u8(((layers & 7) << 3) | (nested << 2) | 3, count), ...arrays)
}

function readHevcSps(sps: Uint8Array) {
  const bits = new BitReader(sps, 2)
  bits.skip(4) // sps_video_parameter_set_id
  const subLayers = bits.read(3)
  const nested = bits.read(1)
  const profile = u8(...Array.from({ length: 12 }, () => bits.read(8))) // general profile, tier, constraints, level
  skipSubLayers(bits, subLayers)
  bits.exp() // sps_seq_parameter_set_id
  const chroma = bits.exp()
  if (chroma === 3) bits.skip(1)
  bits.exp() // width and height, in coded samples
  bits.exp()
  if (bits.read(1)) for (let edge = 0; edge < 4; edge++) bits.exp() // conformance window
  return { profile, layers: subLayers + 1, nested, chroma, luma8: bits.exp(), chroma8: bits.exp() }
}

/** H.265 7.3.3: the rest of profile_tier_level. */
function skipSubLayers(bits: BitReader, subLayers: number): void {
  const present = Array.from({ length: subLayers }, () => [bits.read(1), bits.read(1)] as const)
  if (subLayers > 0) bits.skip(2 * (8 - subLayers))
  for (const [profile, level] of present) bits.skip((profile ? 88 : 0) + (level ? 8 : 0))
}

const sized = (set: Uint8Array): Uint8Array[] => [u16(set.length & 0xffff), set]
