/** The drawn yard of the simulated cameras as packets of a sub stream: somebody walks through from second 4 to 12 of 16. */
import type { Packet, VideoFormat } from '../../server/src/lib/packet.ts'
import { type ClipFrame, openClip } from '../cameras/clip.ts'
import type { VideoSpec } from '../cameras/encode.ts'

export const yard: VideoSpec = {
  codec: 'h264',
  width: 640,
  height: 360,
  fps: 10,
  seconds: 16,
  variant: 1,
  gopFrames: 20,
  kbitPerS: 500,
}
export const walkFromMs = 4_000
export const walkUntilMs = 12_000

/** `loops` times the clip from `startMs` on. */
export async function watchedPackets(change: Partial<VideoSpec> = {}, loops = 1, startMs = 0): Promise<Packet[]> {
  const spec = { ...yard, ...change }
  const clip = await openClip(spec)
  const format: VideoFormat = {
    kind: 'video',
    codec: spec.codec,
    width: spec.width,
    height: spec.height,
    codecString: '',
    parameterSets: clip.parameterSets,
  }
  return Array.from({ length: loops }, () => clip.frames)
    .flat()
    .map((frame, index) => ({
      format,
      isKey: frame.isKey,
      pts: (index * 90_000) / spec.fps,
      timescale: 90_000,
      run: 0,
      captureMs: startMs + (index * 1000) / spec.fps,
      data: toData(frame, spec.codec),
    }))
}

function toData({ units }: ClipFrame, codec: VideoSpec['codec']): Buffer {
  if (codec === 'mjpeg') return Buffer.concat(units)
  return Buffer.concat(
    units.flatMap((unit) => {
      const length = Buffer.alloc(4)
      length.writeUInt32BE(unit.length)
      return [length, unit]
    }),
  )
}
