/** Takes Annex-B apart and names the NAL units that the simulated camera has to know. */

/** NAL units without start codes. */
export function splitAnnexB(bytes: Buffer): Buffer[] {
  const units: Buffer[] = []
  let start = -1
  for (let i = 0; i + 3 <= bytes.length; i++) {
    if (bytes[i] !== 0 || bytes[i + 1] !== 0 || bytes[i + 2] !== 1) continue
    if (start >= 0) units.push(trimZeros(bytes.subarray(start, i)))
    start = i + 3
    i += 2
  }
  if (start >= 0) units.push(trimZeros(bytes.subarray(start)))
  return units
}

function trimZeros(unit: Buffer): Buffer {
  let end = unit.length
  while (end > 0 && unit[end - 1] === 0) end--
  return unit.subarray(0, end)
}

export type NalCodec = 'h264' | 'hevc'

export function nalKind(codec: NalCodec, unit: Buffer): 'parameters' | 'slice' | 'other' {
  const first = unit[0] ?? 0
  if (codec === 'h264') {
    const type = first & 31
    if (type === 7 || type === 8) return 'parameters'
    return type >= 1 && type <= 5 ? 'slice' : 'other'
  }
  const type = (first >> 1) & 63
  if (type >= 32 && type <= 34) return 'parameters'
  return type < 32 ? 'slice' : 'other'
}
