/** RTP payloads of JPEG (RFC 2435): the head is rebuilt, with tables sent along or computed, and restart markers. */
import type { VideoFormat } from '../lib/packet.ts'
import { u16 } from './bytes.ts'
import type { Depacketizer, OnUnit } from './depacketizer.ts'
import { jpegHead, quantizationOf } from './jpeg-header.ts'
import { UnitBuffer } from './unit-buffer.ts'

type Quantization = readonly [Buffer, Buffer]
interface Payload {
  readonly subsampling: 0 | 1
  readonly quality: number
  readonly width: number
  readonly height: number
  readonly restartInterval: number
  /** Where the tables, or else the picture's bytes, begin. */
  readonly at: number
}

/** `dimensions` from the description are for pictures wider or higher than the payload's 2040 pixels. */
export function depacketizeMjpeg(
  dimensions: { readonly width: number; readonly height: number } | undefined,
  onUnit: OnUnit,
): Depacketizer {
  const unit = new UnitBuffer(256 * 1024)
  /** By quality: computed ones, and those that a camera sends once and refers to later. */
  const known = new Map<number, Quantization>()
  let format: VideoFormat | undefined
  let head: { readonly key: string; readonly tables: Quantization; readonly bytes: Buffer } | undefined
  let headBytes = 0
  let unitTime = 0
  let isDamaged = false
  let damaged = 0

  function drop(): void {
    if (unit.length > 0 || isDamaged) damaged++
    unit.truncate(0)
    isDamaged = false
  }

  function readPayload(bytes: Buffer, start: number, end: number): Payload | undefined {
    const type = bytes[start + 4] ?? 0
    const hasRestarts = type >= 64 && type < 128
    const width = (bytes[start + 6] ?? 0) * 8 || (dimensions?.width ?? 0)
    const height = (bytes[start + 7] ?? 0) * 8 || (dimensions?.height ?? 0)
    const at = start + (hasRestarts ? 12 : 8)
    if (at > end || (type & ~64) > 1 || width < 8 || height < 8 || width > 16_384 || height > 16_384) return undefined
    const subsampling = (type & 1) === 0 ? 0 : 1
    const restartInterval = hasRestarts ? u16(bytes, start + 8) : 0
    return { subsampling, quality: bytes[start + 5] ?? 0, width, height, restartInterval, at }
  }

  /** The tables of a picture's first packet and where its bytes begin. */
  function readTables(payload: Payload, bytes: Buffer, end: number): { tables: Quantization; at: number } | undefined {
    const { quality, at } = payload
    if (quality < 128) {
      const tables = known.get(quality) ?? (quality >= 1 && quality <= 99 ? quantizationOf(quality) : undefined)
      if (tables) known.set(quality, tables)
      return tables && { tables, at }
    }
    const length = u16(bytes, at + 2)
    const from = at + 4
    if (from + length > end) return undefined
    if (length > 0) {
      const precision = bytes[at + 1] ?? 0
      const lumaBytes = precision & 1 ? 128 : 64
      const bothBytes = lumaBytes + (precision & 2 ? 128 : 64)
      if (length < lumaBytes) return undefined
      const luma = Buffer.from(bytes.subarray(from, from + lumaBytes))
      const chroma = length < bothBytes ? luma : Buffer.from(bytes.subarray(from + lumaBytes, from + bothBytes))
      const before = known.get(quality)
      if (!before?.[0].equals(luma) || !before[1].equals(chroma)) known.set(quality, [luma, chroma])
    }
    const tables = known.get(quality)
    return tables && { tables, at: from + length }
  }

  function begin(payload: Payload, bytes: Buffer, end: number): number | undefined {
    const found = readTables(payload, bytes, end)
    if (!found) return undefined
    const { width, height, subsampling, restartInterval } = payload
    const key = `${width}/${height}/${subsampling}/${restartInterval}`
    if (head?.key !== key || head.tables !== found.tables) {
      const quantization = found.tables
      const newBytes = jpegHead({ width, height, subsampling, restartInterval, quantization })
      head = { key, tables: quantization, bytes: newBytes }
    }
    if (format?.width !== width || format.height !== height) {
      format = { kind: 'video', codec: 'mjpeg', width, height, codecString: 'mjpeg', parameterSets: [] }
    }
    unit.append(head.bytes, 0, head.bytes.length)
    headBytes = head.bytes.length
    return found.at
  }

  function finish(): void {
    if (isDamaged || !format || unit.length === 0) {
      drop()
      return
    }
    const isEnded = unit.byteAt(unit.length - 2) === 0xff && unit.byteAt(unit.length - 1) === 0xd9
    if (!isEnded) {
      unit.appendByte(0xff)
      unit.appendByte(0xd9)
    }
    onUnit(unit.take(), unitTime, true, format)
  }

  return {
    push(bytes, start, end, isMarked, rtpTime) {
      if (rtpTime !== unitTime && (unit.length > 0 || isDamaged)) finish()
      unitTime = rtpTime
      const offset = (bytes[start + 1] ?? 0) * 65_536 + u16(bytes, start + 2)
      const payload = readPayload(bytes, start, end)
      if (payload && offset === 0 && !isDamaged && unit.length === 0) {
        const from = begin(payload, bytes, end)
        if (from === undefined) isDamaged = true
        else unit.append(bytes, from, end)
      } else if (payload && !isDamaged && unit.length > 0 && offset === unit.length - headBytes) {
        unit.append(bytes, payload.at, end)
      } else isDamaged = true
      if (isMarked) finish()
    },
    lost: () => {
      if (unit.length > 0) isDamaged = true
    },
    get format() {
      return format
    },
    get damaged() {
      return damaged
    },
    early: 0,
  }
}
