/** A packet with defaults, for tests of what packets pass through. */
import type { AudioFormat, Packet, VideoFormat } from '../../server/src/lib/packet.ts'

export const h264Format: VideoFormat = {
  kind: 'video',
  codec: 'h264',
  width: 640,
  height: 360,
  codecString: 'avc1.640016',
  parameterSets: [],
}
export const aacFormat: AudioFormat = {
  kind: 'audio',
  codec: 'aac',
  sampleRate: 16_000,
  channels: 1,
  config: Buffer.from('1408', 'hex'),
}

/** A P frame of ten bytes, at time 0 of run 0, unless told otherwise. */
export function packet(change: Partial<Packet> & { readonly bytes?: number } = {}): Packet {
  const { bytes = 10, ...rest } = change
  return {
    format: h264Format,
    isKey: false,
    pts: 0,
    timescale: 90_000,
    run: 0,
    captureMs: 0,
    data: Buffer.alloc(bytes),
    ...rest,
  }
}
