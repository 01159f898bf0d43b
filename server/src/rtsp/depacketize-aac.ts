/** RTP payloads of AAC (RFC 3640, mode AAC-hbr or AAC-lbr): several frames in a packet, or one frame over several. */
import type { AudioFormat } from '../lib/packet.ts'
import { BitReader } from './bit-reader.ts'
import { u16 } from './bytes.ts'
import type { Depacketizer, OnUnit } from './depacketizer.ts'
import { UnitBuffer } from './unit-buffer.ts'

export interface AacDescription {
  /** AudioSpecificConfig (ISO/IEC 14496-3 1.6.2.1), hexadecimal. */
  readonly config: string
  readonly clockRate: number
  readonly sizeBits: number
  readonly indexBits: number
}

const sampleRates = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350]
const maxFrameBytes = 64 * 1024

/** undefined when the configuration cannot be read. */
export function depacketizeAac(description: AacDescription, onUnit: OnUnit): Depacketizer | undefined {
  const { clockRate, sizeBits, indexBits } = description
  const facts = readConfig(description.config)
  if (!facts || sizeBits < 1 || sizeBits + indexBits > 32) return undefined
  const { format, coreRate } = facts
  const frameTicks = Math.round((facts.frameSamples * clockRate) / coreRate)
  const unit = new UnitBuffer(16 * 1024)
  let expectedBytes = 0
  let partTime = 0
  let damaged = 0

  function drop(): void {
    if (unit.length > 0) damaged++
    unit.truncate(0)
  }

  function emit(rtpTime: number): void {
    onUnit(unit.take(), rtpTime >>> 0, true, format)
  }

  /** A frame larger than a packet: each part repeats the size of the whole. */
  function pushPart(size: number, bytes: Buffer, start: number, end: number, rtpTime: number): void {
    if (unit.length > 0 && (size !== expectedBytes || rtpTime !== partTime)) drop()
    expectedBytes = size
    partTime = rtpTime
    if (unit.length + end - start > size || size > maxFrameBytes) {
      damaged++
      unit.truncate(0)
      return
    }
    unit.append(bytes, start, end)
    if (unit.length === size) emit(rtpTime)
  }

  return {
    push(bytes, start, end, _isMarked, rtpTime) {
      const headerBits = u16(bytes, start)
      const headerBytes = (headerBits + 7) >> 3
      const count = Math.floor(headerBits / (sizeBits + indexBits))
      let at = start + 2 + headerBytes
      if (end - start < 3 || count < 1 || at > end) {
        damaged++
        return
      }
      const headers = new BitReader(bytes.subarray(start + 2, at))
      for (let i = 0; i < count; i++) {
        const size = headers.bits(sizeBits)
        headers.skip(indexBits)
        const isPart = count === 1 && (size > end - at || unit.length > 0)
        if (isPart) {
          pushPart(size, bytes, at, end, rtpTime)
          return
        }
        drop()
        if (size === 0 || at + size > end) {
          damaged++
          return
        }
        unit.append(bytes, at, at + size)
        emit(rtpTime + i * frameTicks)
        at += size
      }
    },
    lost: drop,
    format,
    get damaged() {
      return damaged
    },
    early: 0,
  }
}

function readConfig(hex: string) {
  const config = /^(?:[0-9a-f]{2}){2,64}$/i.test(hex) ? Buffer.from(hex, 'hex') : undefined
  if (!config) return undefined
  const reader = new BitReader(config)
  const objectType = readObjectType(reader)
  const coreRate = readRate(reader)
  const channelConfig = reader.bits(4)
  // Spectral band replication (5, 29): the rate that is heard follows, then the core's own type.
  const hasReplication = objectType === 5 || objectType === 29
  const sampleRate = hasReplication ? readRate(reader) : coreRate
  if (hasReplication) readObjectType(reader)
  const frameSamples = reader.flag() ? 960 : 1024
  const channels = channelConfig === 7 ? 8 : channelConfig
  if (!coreRate || !sampleRate || channels < 1 || channels > 8) return undefined
  const format: AudioFormat = { kind: 'audio', codec: 'aac', sampleRate, channels, config }
  return { format, coreRate, frameSamples }
}

function readObjectType(reader: BitReader): number {
  const type = reader.bits(5)
  return type === 31 ? 32 + reader.bits(6) : type
}

function readRate(reader: BitReader): number | undefined {
  const index = reader.bits(4)
  return index === 15 ? reader.bits(24) : sampleRates[index]
}
