/** The one thing that is read from RTCP (RFC 3550 6.4.1): the sender report's pair of camera clock and RTP time. */
import { u16, u32 } from './bytes.ts'

export interface SenderReport {
  readonly ssrc: number
  /** The camera's clock, UTC milliseconds. */
  readonly ntpMs: number
  readonly rtpTime: number
}

const senderReport = 200
/** From 1900 (NTP) to 1970. */
const epochOffsetS = 2_208_988_800

/** The first sender report of a compound packet; undefined when there is none or its clock was never set. */
export function readSenderReport(bytes: Buffer, start: number, end: number): SenderReport | undefined {
  let at = start
  while (end - at >= 8) {
    const next = at + 4 + u16(bytes, at + 2) * 4
    if ((bytes[at] ?? 0) >> 6 !== 2 || next > end) return undefined
    if (bytes[at + 1] === senderReport && next - at >= 28) {
      const seconds = u32(bytes, at + 8)
      if (seconds === 0) return undefined
      // From 2036 the seconds count from 0 again (RFC 4330 3).
      const era = seconds < epochOffsetS ? 2 ** 32 : 0
      const ntpMs = (seconds + era - epochOffsetS + u32(bytes, at + 12) / 2 ** 32) * 1000
      return { ssrc: u32(bytes, at + 4), ntpMs, rtpTime: u32(bytes, at + 16) }
    }
    at = next
  }
  return undefined
}

/** An empty receiver report: over UDP some cameras stop without one. */
export const emptyReceiverReport = Buffer.from('80c9000100000000', 'hex')
