/**
 * Builds the access units of H.264 and H.265 from NAL units and their fragments: each behind a 4-byte length, parameter
 * sets and delimiters taken out, SEI kept. What the two codecs share; how payloads are cut differs (depacketize-h26x.ts).
 *
 * A unit ends at the marker bit if it has a slice by then (some cameras mark parameter sets), or when the time changes.
 * Invariant: a fragmented NAL unit is written where it belongs at once; its length is patched at its end.
 */
import type { OnUnit } from './depacketizer.ts'
import type { ParameterSets } from './parameter-sets.ts'
import { UnitBuffer } from './unit-buffer.ts'

export type NalRole = 'slice' | 'key' | 'set' | 'delimiter' | 'other'

const slabBytes = 256 * 1024
const notOpen = -1

export class NalAssembler {
  readonly #sets: ParameterSets
  /** By NAL unit type. */
  readonly #roles: readonly NalRole[]
  readonly #headerBytes: number
  readonly #onUnit: OnUnit
  readonly #unit = new UnitBuffer(slabBytes)
  #rtpTime = 0
  #hasSlice = false
  #isKey = false
  #isDamaged = false
  /** Something was lost, and no slice has come since: the first one tells whether it is a picture's beginning. */
  #isFrontLost = true
  /** Where the length of the open fragmented NAL unit is, and its role. */
  #fragmentAt = notOpen
  #fragmentRole: NalRole = 'other'
  damaged = 0
  early = 0

  constructor(sets: ParameterSets, roles: readonly NalRole[], headerBytes: 1 | 2, onUnit: OnUnit) {
    this.#sets = sets
    this.#roles = roles
    this.#headerBytes = headerBytes
    this.#onUnit = onUnit
  }

  get format() {
    return this.#sets.format
  }

  /** Before the NAL units of each packet. */
  beginPacket(rtpTime: number): void {
    if (rtpTime !== this.#rtpTime && (this.#unit.length > 0 || this.#isDamaged)) this.#finish()
    this.#rtpTime = rtpTime
  }

  /** After the NAL units of each packet. */
  endPacket(isMarked: boolean): void {
    if (isMarked && (this.#hasSlice || this.#isDamaged)) this.#finish()
  }

  addNal(type: number, bytes: Buffer, start: number, end: number): void {
    if (this.#fragmentAt !== notOpen) this.damage()
    if (end - start <= this.#headerBytes) return
    const role = this.#roles[type] ?? 'other'
    if (role === 'set') this.#sets.add(bytes, start, end)
    if (role === 'set' || role === 'delimiter') return
    if (role !== 'other') this.#noteSlice(role, bytes[start + this.#headerBytes] ?? 0)
    this.#unit.appendU32(end - start)
    this.#unit.append(bytes, start, end)
  }

  /** `header` is the NAL unit's own header, put together from the payload's; 2 bytes are written high byte first. */
  beginFragments(type: number, header: number, bytes: Buffer, start: number, end: number): void {
    if (this.#fragmentAt !== notOpen) this.damage()
    const role = this.#roles[type] ?? 'other'
    if (role === 'slice' || role === 'key') this.#noteSlice(role, bytes[start] ?? 0)
    this.#fragmentAt = this.#unit.length
    this.#fragmentRole = role
    this.#unit.appendU32(0)
    if (this.#headerBytes === 2) this.#unit.appendByte(header >> 8)
    this.#unit.appendByte(header & 255)
    this.#unit.append(bytes, start, end)
  }

  addFragment(bytes: Buffer, start: number, end: number): void {
    if (this.#fragmentAt === notOpen) this.damage()
    else this.#unit.append(bytes, start, end)
  }

  endFragments(): void {
    const at = this.#fragmentAt
    if (at === notOpen) return
    this.#fragmentAt = notOpen
    if (this.#fragmentRole === 'set') {
      const set = this.#unit.view(at + 4)
      this.#sets.add(set, 0, set.length)
    }
    if (this.#fragmentRole === 'set' || this.#fragmentRole === 'delimiter') this.#unit.truncate(at)
    else this.#unit.setU32(at, this.#unit.length - at - 4)
  }

  /** The open unit cannot be trusted. */
  damage(): void {
    this.#isDamaged = true
    this.#fragmentAt = notOpen
    this.#unit.truncate(0)
  }

  lost(): void {
    if (this.#unit.length > 0) this.damage()
    this.#isFrontLost = true
  }

  /** first_mb_in_slice = 0 and first_slice_segment_in_pic_flag are both the first bit behind the header. */
  #noteSlice(role: 'slice' | 'key', firstByte: number): void {
    if (this.#isFrontLost && !this.#hasSlice && firstByte < 128) this.damage()
    this.#isFrontLost = false
    this.#hasSlice = true
    if (role === 'key') this.#isKey = true
  }

  #finish(): void {
    this.#sets.endPicture()
    const isWhole = this.#fragmentAt === notOpen && !this.#isDamaged
    const format = this.#sets.format
    if (!isWhole) this.damaged++
    else if (this.#hasSlice && !format) this.early++
    const isKey = this.#isKey
    const unit = isWhole && this.#hasSlice && format ? this.#unit.take() : undefined
    this.#unit.truncate(0)
    this.#fragmentAt = notOpen
    this.#hasSlice = false
    this.#isKey = false
    this.#isDamaged = false
    if (unit && format) this.#onUnit(unit, this.#rtpTime, isKey, format)
  }
}
