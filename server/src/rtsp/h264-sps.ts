/** What a sequence parameter set says about an H.264 picture (ITU-T H.264 7.3.2.1.1). */
import { BitReader } from './bit-reader.ts'

export interface PictureFacts {
  /** seq_parameter_set_id. */
  readonly id: number
  readonly width: number
  readonly height: number
  /** RFC 6381. */
  readonly codecString: string
}

const maxSide = 16_384
const profilesWithChroma = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135])

/** undefined when the set is damaged or makes no sense. `sps` with its header byte. */
export function readH264Sps(sps: Uint8Array): PictureFacts | undefined {
  const reader = BitReader.ofNal(sps.subarray(1, 512))
  const profile = reader.bits(8)
  const constraintsAndLevel = reader.bits(16)
  const id = reader.unsigned()
  let chromaFormat = 1
  if (profilesWithChroma.has(profile)) {
    chromaFormat = reader.unsigned()
    if (chromaFormat === 3 && reader.flag()) chromaFormat = 0 // separate_colour_plane: cropped like monochrome.
    reader.unsigned() // bit_depth_luma
    reader.unsigned() // bit_depth_chroma
    reader.skip(1) // qpprime_y_zero_transform_bypass
    if (reader.flag()) skipScalingLists(reader, chromaFormat === 3 ? 12 : 8)
  }
  reader.unsigned() // log2_max_frame_num
  skipPictureOrder(reader)
  reader.unsigned() // max_num_ref_frames
  reader.skip(1) // gaps_in_frame_num_value_allowed
  const widthInBlocks = reader.unsigned() + 1
  const heightInUnits = reader.unsigned() + 1
  const framesOnly = reader.flag() ? 1 : 0
  if (!framesOnly) reader.skip(1) // mb_adaptive_frame_field
  reader.skip(1) // direct_8x8_inference
  const [left, right, top, bottom] = reader.flag()
    ? [reader.unsigned(), reader.unsigned(), reader.unsigned(), reader.unsigned()]
    : [0, 0, 0, 0]
  const cropX = chromaFormat === 1 || chromaFormat === 2 ? 2 : 1
  const cropY = (chromaFormat === 1 ? 2 : 1) * (2 - framesOnly)
  const width = widthInBlocks * 16 - (left + right) * cropX
  const height = (2 - framesOnly) * heightInUnits * 16 - (top + bottom) * cropY
  if (reader.isExhausted || width < 16 || height < 16 || width > maxSide || height > maxSide) return undefined
  const hex = profile.toString(16).padStart(2, '0') + constraintsAndLevel.toString(16).padStart(4, '0')
  return { id, width, height, codecString: `avc1.${hex}` }
}

function skipPictureOrder(reader: BitReader): void {
  const type = reader.unsigned()
  if (type === 0) reader.unsigned() // log2_max_pic_order_cnt_lsb
  if (type !== 1) return
  reader.skip(1)
  reader.signed()
  reader.signed()
  const cycle = Math.min(reader.unsigned(), 255)
  for (let i = 0; i < cycle; i++) reader.signed()
}

function skipScalingLists(reader: BitReader, count: number): void {
  for (let list = 0; list < count; list++) {
    if (!reader.flag()) continue
    let last = 8
    let next = 8
    for (let i = 0; i < (list < 6 ? 16 : 64); i++) {
      if (next !== 0) next = (last + reader.signed() + 256) % 256
      last = next === 0 ? last : next
    }
  }
}
