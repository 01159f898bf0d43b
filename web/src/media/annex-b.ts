/** H.264 and H.265 as they come over the live socket (Annex-B) → as MP4 wants them (each unit behind its length). */

export interface AccessUnit {
  /** SPS, PPS (and VPS): they go into the init segment. */
  readonly parameterSets: readonly Uint8Array[]
  /** Everything else, each unit behind a 4-byte big-endian length. */
  readonly sample: Uint8Array<ArrayBuffer>
}

const h264Sets = new Set([7, 8])
const h265Sets = new Set([32, 33, 34])
const h264Delimiter = 9
const h265Delimiter = 35

export function readAccessUnit(annexB: Uint8Array, codec: 'h264' | 'hevc'): AccessUnit {
  const parameterSets: Uint8Array[] = []
  const units: Uint8Array[] = []
  let sizeBytes = 0
  for (const unit of splitAnnexB(annexB)) {
    const type = codec === 'h264' ? (unit[0] ?? 0) & 31 : ((unit[0] ?? 0) >> 1) & 63
    if ((codec === 'h264' ? h264Sets : h265Sets).has(type)) parameterSets.push(unit)
    else if (type !== (codec === 'h264' ? h264Delimiter : h265Delimiter)) {
      units.push(unit)
      sizeBytes += 4 + unit.length
    }
  }
  const sample = new Uint8Array(sizeBytes)
  const view = new DataView(sample.buffer)
  let at = 0
  for (const unit of units) {
    view.setUint32(at, unit.length)
    sample.set(unit, at + 4)
    at += 4 + unit.length
  }
  return { parameterSets, sample }
}

/** The units between start codes (00 00 01 or 00 00 00 01), as views of the same bytes. */
export function splitAnnexB(bytes: Uint8Array): Uint8Array[] {
  const units: Uint8Array[] = []
  let begin = -1
  let at = bytes.indexOf(1, 2)
  while (at !== -1) {
    if (bytes[at - 1] === 0 && bytes[at - 2] === 0) {
      const codeAt = at >= 3 && bytes[at - 3] === 0 ? at - 3 : at - 2
      if (begin !== -1 && codeAt > begin) units.push(bytes.subarray(begin, codeAt))
      begin = at + 1
    }
    at = bytes.indexOf(1, at + 1)
  }
  if (begin !== -1 && begin < bytes.length) units.push(bytes.subarray(begin))
  return units
}
