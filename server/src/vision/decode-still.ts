/** Frames in, a JPEG of the last one out: snapshots, the picture of a probe, JPEG live. */
import type { VideoCodec } from '../lib/packet.ts'
import { Decoder } from '../media/decoder.ts'
import type { Still } from '../media/still.ts'
import type { PictureTools } from './motion-watch.ts'

const quality = 82

/** Undefined where nothing could be decoded. */
export async function decodeStill(
  tools: PictureTools,
  frames: { readonly codec: VideoCodec; readonly units: readonly Buffer[]; readonly maxWidth: number },
): Promise<Uint8Array | undefined> {
  const decoder = await Decoder.open(frames.codec)
  let still: Still | undefined
  try {
    for (const [index, unit] of frames.units.entries())
      decoder.decode(unit, index, (picture) => {
        // Only the last one is wanted; a damaged one leaves the picture before it.
        const isNearEnd = index >= frames.units.length - 3
        if (!isNearEnd) return
        still?.free()
        still = tools.stills.keep(picture, frames.maxWidth)
      })
    return still && (await tools.jpeg.encode(still, quality))
  } finally {
    still?.free()
    decoder.close()
  }
}
