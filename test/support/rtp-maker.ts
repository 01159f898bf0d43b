/** RTP packets made by hand, for tests of whatever reads them. Written from the RFCs, not from our reader. */

export interface RtpFields {
  readonly sequence: number
  readonly time: number
  readonly payload: Buffer
  readonly isMarked?: boolean
  readonly payloadType?: number
  readonly ssrc?: number
}

export function rtpPacket({
  sequence,
  time,
  payload,
  isMarked = false,
  payloadType = 96,
  ssrc = 7,
}: RtpFields): Buffer {
  const head = Buffer.alloc(12)
  head[0] = 0x80
  head[1] = (isMarked ? 0x80 : 0) | payloadType
  head.writeUInt16BE(sequence & 0xffff, 2)
  head.writeUInt32BE(time >>> 0, 4)
  head.writeUInt32BE(ssrc, 8)
  return Buffer.concat([head, payload])
}

export function interleaved(channel: number, packet: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x24, channel, packet.length >> 8, packet.length & 255]), packet])
}

/** RTCP sender report: at `ntpMs` (UTC) the RTP time was `time`. */
export function senderReport(ntpMs: number, time: number, ssrc = 7): Buffer {
  const report = Buffer.alloc(28)
  report.set([0x80, 200, 0, 6])
  report.writeUInt32BE(ssrc, 4)
  report.writeUInt32BE((Math.floor(ntpMs / 1000) + 2_208_988_800) % 2 ** 32, 8)
  report.writeUInt32BE(Math.floor(((ntpMs % 1000) / 1000) * 2 ** 32), 12)
  report.writeUInt32BE(time >>> 0, 16)
  return report
}

/** RFC 6184: one packet if it fits, FU-A otherwise. */
export function h264Payloads(nal: Buffer, maxBytes = 1400): Buffer[] {
  if (nal.length <= maxBytes) return [nal]
  const header = nal[0] ?? 0
  return fragments(nal.subarray(1), maxBytes).map((part, index, all) =>
    Buffer.concat([Buffer.from([(header & 0xe0) | 28, edges(index, all.length) | (header & 31)]), part]),
  )
}

export function stapA(nals: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from([24]), ...nals.flatMap(withSize)])
}

/** RFC 7798: one packet if it fits, FU otherwise. */
export function h265Payloads(nal: Buffer, maxBytes = 1400): Buffer[] {
  if (nal.length <= maxBytes) return [nal]
  const [first = 0, second = 0] = nal
  return fragments(nal.subarray(2), maxBytes).map((part, index, all) =>
    Buffer.concat([
      Buffer.from([(first & 0x81) | (49 << 1), second, edges(index, all.length) | ((first >> 1) & 63)]),
      part,
    ]),
  )
}

export function h265Aggregate(nals: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from([48 << 1, 1]), ...nals.flatMap(withSize)])
}

/** NAL units as an access unit has them: a 4-byte length before each. */
export function lengthPrefixed(nals: readonly Buffer[]): Buffer {
  return Buffer.concat(
    nals.flatMap((nal) => [Buffer.from([nal.length >>> 24, nal.length >> 16, nal.length >> 8, nal.length]), nal]),
  )
}

const edges = (index: number, count: number) => (index === 0 ? 0x80 : 0) | (index === count - 1 ? 0x40 : 0)
const withSize = (nal: Buffer) => [Buffer.from([nal.length >> 8, nal.length & 255]), nal]

function fragments(bytes: Buffer, maxBytes: number): Buffer[] {
  const count = Math.max(2, Math.ceil(bytes.length / maxBytes))
  const size = Math.ceil(bytes.length / count)
  return Array.from({ length: count }, (_, i) => bytes.subarray(i * size, (i + 1) * size))
}
