/**
 * What travels from a camera to disk, live viewers and vision: one access unit (a whole picture or audio frame).
 * Nobody changes a packet or its bytes: all receivers share them.
 */

/** FFmpeg's names. */
export type VideoCodec = 'h264' | 'hevc' | 'mjpeg'
export type AudioCodec = 'aac' | 'pcm_alaw' | 'pcm_mulaw' | 'opus'

/** A new object whenever anything in it changes; receivers may compare by identity. */
export interface VideoFormat {
  readonly kind: 'video'
  readonly codec: VideoCodec
  readonly width: number
  readonly height: number
  /** RFC 6381, e.g. avc1.640028, hvc1.1.6.L120.90, mjpeg. */
  readonly codecString: string
  /** NAL units without start code or length: [SPS, PPS] or [VPS, SPS, PPS], more where a camera has more; empty for mjpeg. */
  readonly parameterSets: readonly Buffer[]
}
export interface AudioFormat {
  readonly kind: 'audio'
  readonly codec: AudioCodec
  readonly sampleRate: number
  readonly channels: number
  /** aac: AudioSpecificConfig (ISO 14496-3); others: empty. */
  readonly config: Buffer
}
export type MediaFormat = VideoFormat | AudioFormat

export interface Packet {
  readonly format: MediaFormat
  /** Video: an IDR/IRAP picture or a JPEG. Audio: always true. */
  readonly isKey: boolean
  /** Presentation time in units of 1/timescale s: RTP time unwrapped, never goes back inside a run. Decode order is arrival order. */
  readonly pts: number
  readonly timescale: number
  /** Counts discontinuities (reconnect, time stamp jump); times of different runs are not related. */
  readonly run: number
  /** When the camera saw it: UTC milliseconds, fractional (docs/design/time.md). */
  readonly captureMs: number
  /** h264/hevc: NAL units, each behind a 4-byte big-endian length, parameter sets and AUDs left out; mjpeg: a JPEG; audio: one raw frame. */
  readonly data: Buffer
}

/** The same picture as Annex-B: every length becomes a start code of the same size. Key frames get their parameter sets in front. */
export function annexB(packet: Packet): Buffer {
  const format = packet.format
  if (format.kind === 'audio' || format.codec === 'mjpeg') return packet.data
  const sets = packet.isKey ? format.parameterSets : []
  const headBytes = sets.reduce((sum, set) => sum + 4 + set.length, 0)
  const out = Buffer.allocUnsafe(headBytes + packet.data.length)
  let at = 0
  for (const set of sets) {
    out.writeUInt32BE(1, at)
    at += 4 + set.copy(out, at + 4)
  }
  packet.data.copy(out, at)
  while (at + 4 <= out.length) {
    const length = out.readUInt32BE(at)
    out.writeUInt32BE(1, at)
    at += 4 + length
  }
  return out
}
