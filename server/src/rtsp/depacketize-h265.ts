/** RTP payloads of H.265 (RFC 7798): single NAL units, aggregation packets and fragmentation units. */
import { u16 } from './bytes.ts'
import type { Depacketizer, OnUnit } from './depacketizer.ts'
import { NalAssembler, type NalRole } from './nal-assembler.ts'
import { ParameterSets } from './parameter-sets.ts'

/** ITU-T H.265 table 7-1: 0–15 slices, 16–21 IRAP slices, 32 VPS, 33 SPS, 34 PPS, 35 access unit delimiter. */
const roles: readonly NalRole[] = Array.from({ length: 48 }, (_, type) =>
  type < 16 ? 'slice' : type < 22 ? 'key' : type >= 32 && type <= 34 ? 'set' : type === 35 ? 'delimiter' : 'other',
)
const aggregation = 48
const fragmentation = 49

export interface H265Description {
  /** VPS, SPS and PPS in base64, as in the description. */
  readonly parameterSets: readonly string[]
  /** sprop-max-don-diff > 0: payloads carry decoding order numbers. They are skipped; packets come in order anyway. */
  readonly hasOrderNumbers: boolean
}

export function depacketizeH265(description: H265Description, onUnit: OnUnit): Depacketizer {
  const sets = new ParameterSets('hevc')
  sets.addBase64(description.parameterSets)
  const units = new NalAssembler(sets, roles, 2, onUnit)
  const donBytes = description.hasOrderNumbers ? 2 : 0

  /** With order numbers the first unit carries 2 bytes, each further one 1. */
  function pushAggregate(bytes: Buffer, start: number, end: number): void {
    let at = start + 2 + donBytes
    while (at + 2 < end) {
      const next = at + 2 + u16(bytes, at)
      if (next > end) units.damage()
      else units.addNal(typeOf(bytes, at + 2), bytes, at + 2, next)
      at = next + donBytes / 2
    }
  }

  function pushFragment(bytes: Buffer, start: number, end: number): void {
    const isFirst = ((bytes[start + 2] ?? 0) & 0x80) !== 0
    const from = start + 3 + (isFirst ? donBytes : 0)
    const type = (bytes[start + 2] ?? 0) & 63
    if (from >= end) units.damage()
    else if (isFirst) units.beginFragments(type, (u16(bytes, start) & 0x81ff) | (type << 9), bytes, from, end)
    else units.addFragment(bytes, from, end)
    if ((bytes[start + 2] ?? 0) & 0x40) units.endFragments()
  }

  function pushSingle(type: number, bytes: Buffer, start: number, end: number): void {
    if (donBytes === 0) units.addNal(type, bytes, start, end)
    else if (end - start <= 4) units.damage()
    else {
      // The order number stands behind the header, so header and payload have to be brought together.
      units.beginFragments(type, u16(bytes, start), bytes, start + 4, end)
      units.endFragments()
    }
  }

  return {
    push(bytes, start, end, isMarked, rtpTime) {
      units.beginPacket(rtpTime)
      const type = typeOf(bytes, start)
      if (end - start < 3 || type > fragmentation) units.damage()
      else if (type === fragmentation) pushFragment(bytes, start, end)
      else if (type === aggregation) pushAggregate(bytes, start, end)
      else pushSingle(type, bytes, start, end)
      units.endPacket(isMarked)
    },
    lost: () => units.lost(),
    get format() {
      return sets.format
    },
    get damaged() {
      return units.damaged
    },
    get early() {
      return units.early
    },
  }
}

function typeOf(bytes: Buffer, at: number): number {
  return ((bytes[at] ?? 0) >> 1) & 63
}
