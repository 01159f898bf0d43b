/** RTP payloads of H.264 (RFC 6184, packetization modes 0 and 1): single NAL units, STAP-A and FU-A. */
import { u16 } from './bytes.ts'
import type { Depacketizer, OnUnit } from './depacketizer.ts'
import { NalAssembler, type NalRole } from './nal-assembler.ts'
import { ParameterSets } from './parameter-sets.ts'

/** ITU-T H.264 table 7-1: 1–4 slices, 5 IDR slice, 7 SPS, 8 PPS, 9 access unit delimiter. */
const roles: readonly NalRole[] = Array.from({ length: 24 }, (_, type) =>
  type >= 1 && type <= 4
    ? 'slice'
    : type === 5
      ? 'key'
      : type === 7 || type === 8
        ? 'set'
        : type === 9
          ? 'delimiter'
          : 'other',
)
const stapA = 24
const fuA = 28

/** `spropParameterSets`: SPS and PPS in base64 with commas between, as in the description. */
export function depacketizeH264(spropParameterSets: string | undefined, onUnit: OnUnit): Depacketizer {
  const sets = new ParameterSets('h264')
  sets.addBase64(spropParameterSets?.split(',') ?? [])
  const units = new NalAssembler(sets, roles, 1, onUnit)

  function pushAggregate(bytes: Buffer, start: number, end: number): void {
    let at = start + 1
    while (at + 2 < end) {
      const next = at + 2 + u16(bytes, at)
      if (next > end) units.damage()
      else units.addNal((bytes[at + 2] ?? 0) & 31, bytes, at + 2, next)
      at = next
    }
  }

  function pushFragment(bytes: Buffer, start: number, end: number): void {
    const indicator = bytes[start] ?? 0
    const header = bytes[start + 1] ?? 0
    if (end - start < 3) units.damage()
    else if (header & 0x80) units.beginFragments(header & 31, (indicator & 0xe0) | (header & 31), bytes, start + 2, end)
    else units.addFragment(bytes, start + 2, end)
    if (header & 0x40) units.endFragments()
  }

  return {
    push(bytes, start, end, isMarked, rtpTime) {
      units.beginPacket(rtpTime)
      const type = (bytes[start] ?? 0) & 31
      if (start >= end || type > fuA) units.damage()
      else if (type < stapA) units.addNal(type, bytes, start, end)
      else if (type === fuA) pushFragment(bytes, start, end)
      else if (type === stapA) pushAggregate(bytes, start, end)
      else units.damage() // Interleaved modes, which no camera was asked for.
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
