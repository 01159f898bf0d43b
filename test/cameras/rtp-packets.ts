/**
 * RTP packets prepared once per clip: a run is any number of packets, contiguous and already framed for RTSP
 * (`$` channel length, RFC 2326 §10.12), with the header fields that differ per receiver still empty.
 */
import type { NalCodec } from './nal-units.ts'

export interface PacketRun {
  readonly bytes: Buffer
  /** Where each packet's `$` stands. */
  readonly starts: readonly number[]
}

/** `$`, channel, length; then the RTP header. */
export const frameBytes = 4
export const rtpHeaderBytes = 12
export const emptyRun: PacketRun = { bytes: Buffer.alloc(0), starts: [] }

/** Frames each payload; every part of a payload is copied. */
export function runOf(payloads: readonly (readonly Uint8Array[])[]): PacketRun {
  const starts: number[] = []
  const parts: Uint8Array[] = []
  let at = 0
  for (const payload of payloads) {
    const bytes = payload.reduce((sum, part) => sum + part.length, rtpHeaderBytes)
    const head = Buffer.alloc(frameBytes + rtpHeaderBytes)
    head[0] = 0x24
    head.writeUInt16BE(bytes, 2)
    head[frameBytes] = 0x80
    starts.push(at)
    parts.push(head, ...payload)
    at += frameBytes + bytes
  }
  return { bytes: Buffer.concat(parts, at), starts }
}

/** RFC 6184 (single NAL units, FU-A) and RFC 7798 (single, FU). */
export function nalPayloads(codec: NalCodec, unit: Buffer, maxBytes: number): Uint8Array[][] {
  if (unit.length <= maxBytes) return [[unit]]
  const headBytes = codec === 'h264' ? 1 : 2
  const [first = 0, second = 0] = unit
  const type = codec === 'h264' ? first & 31 : (first >> 1) & 63
  const payloads: Uint8Array[][] = []
  const room = maxBytes - headBytes - 1
  for (let at = headBytes; at < unit.length; at += room) {
    const part = unit.subarray(at, at + room)
    const ends = (at === headBytes ? 0x80 : 0) | (at + room >= unit.length ? 0x40 : 0)
    const head =
      codec === 'h264'
        ? Buffer.from([(first & 0xe0) | 28, ends | type])
        : Buffer.from([(first & 0x81) | (49 << 1), second, ends | type])
    payloads.push([head, part])
  }
  return payloads
}
