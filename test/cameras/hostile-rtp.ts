/** RTP for hostile cameras: packets with any field wrong that an attacker likes, and a real clip to hide it in. */
import { type Clip, openClip } from './clip.ts'
import type { VideoSpec } from './encode.ts'
import { nalPayloads } from './rtp-packets.ts'

export interface RtpFields {
  readonly sequence?: number
  readonly time?: number
  readonly marker?: boolean
  readonly payloadType?: number
  readonly ssrc?: number
  readonly channel?: number
  /** The first byte whole: version, padding, extension, count of sources. */
  readonly first?: number
}

/** A framed RTP packet. */
export function rtp(payload: Uint8Array, fields: RtpFields = {}): Buffer {
  const { sequence = 0, time = 0, marker = false, payloadType = 96, ssrc = 1, channel = 0, first = 0x80 } = fields
  const head = Buffer.alloc(12)
  head[0] = first
  head[1] = payloadType | (marker ? 0x80 : 0)
  head.writeUInt16BE(sequence & 0xffff, 2)
  head.writeUInt32BE(time >>> 0, 4)
  head.writeUInt32BE(ssrc, 8)
  return framed(channel, Buffer.concat([head, payload]))
}

/** Any bytes as a frame of a channel. */
export function framed(channel: number, bytes: Uint8Array): Buffer {
  const head = Buffer.from([0x24, channel, 0, 0])
  head.writeUInt16BE(bytes.length, 2)
  return Buffer.concat([head, bytes])
}

/** A sender report with any clock. */
export function senderReport(ntpSeconds: number, ntpFraction: number, rtpTime: number): Buffer {
  const report = Buffer.alloc(28)
  report.writeUInt32BE(0x80c80006, 0)
  report.writeUInt32BE(1, 4)
  report.writeUInt32BE(ntpSeconds >>> 0, 8)
  report.writeUInt32BE(ntpFraction >>> 0, 12)
  report.writeUInt32BE(rtpTime >>> 0, 16)
  return framed(1, report)
}

const spec: VideoSpec = {
  codec: 'h264',
  width: 320,
  height: 176,
  fps: 25,
  seconds: 4,
  variant: 0,
  gopFrames: 10,
  kbitPerS: 400,
}

/** Pictures of a real clip as RTP packets, with a clock and numbers of its own. */
export class RealPictures {
  readonly #clip: Clip
  #next = 0
  #sequence = 0

  private constructor(clip: Clip) {
    this.#clip = clip
  }

  static async open(change: Partial<VideoSpec> = {}): Promise<RealPictures> {
    return new RealPictures(await openClip({ ...spec, ...change }))
  }

  get parameterSets(): readonly Buffer[] {
    return this.#clip.parameterSets
  }

  /** A copy that counts for itself: one for each connection. */
  fresh(): RealPictures {
    return new RealPictures(this.#clip)
  }

  /** The next picture; a key frame brings its parameter sets, or `sets` instead. */
  next(time: number, sets: readonly Buffer[] = this.#clip.parameterSets): Buffer {
    const frame = this.#clip.frames[this.#next++ % this.#clip.frames.length]
    const units = frame ? [...(frame.isKey ? sets : []), ...frame.units] : []
    const payloads = units.flatMap((unit) => nalPayloads('h264', unit, 1400))
    return Buffer.concat(
      payloads.map((parts, index) =>
        rtp(Buffer.concat(parts), { sequence: this.#sequence++, time, marker: index === payloads.length - 1 }),
      ),
    )
  }

  /** Begins its loop again, at a key frame; its packets' numbers go on where those of `before` ended. */
  rewind(before: RealPictures): void {
    this.#next = 0
    this.#sequence = before.#sequence
  }
}
