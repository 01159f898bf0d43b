/**
 * Frames in, a JPEG of the last one out: snapshots, the picture of a probe, JPEG live.
 * One after the other and in slices, so that watching goes on meanwhile. What does not fit into the queue is refused.
 */
import { setImmediate } from 'node:timers/promises'
import type { VideoCodec } from '../lib/packet.ts'
import { Decoder } from '../media/decoder.ts'
import type { Still } from '../media/still.ts'
import type { PictureTools } from './motion-watch.ts'

export interface StillFrames {
  readonly codec: VideoCodec
  /** The first one a key frame. */
  readonly units: readonly Buffer[]
  readonly maxWidth: number
  /** Runs native code on these bytes, so that a crash is known to be theirs. */
  readonly guard?: (work: () => void) => void
}

const quality = 82
const maxWaiting = 16
/** Frames decoded before others get their turn: 13 ms of 1080p. */
const slice = 4

export class StillDecoder {
  readonly #tools: PictureTools
  #waiting = 0
  #last: Promise<unknown> = Promise.resolve()

  constructor(tools: PictureTools) {
    this.#tools = tools
  }

  /** Undefined where nothing could be decoded or too many wait. Never rejects. */
  async decode(frames: StillFrames): Promise<Uint8Array | undefined> {
    if (this.#waiting >= maxWaiting) return undefined
    this.#waiting++
    const jpeg = this.#last.then(() => decodeStill(this.#tools, frames)).catch(() => undefined)
    this.#last = jpeg
    try {
      return await jpeg
    } finally {
      this.#waiting--
    }
  }
}

async function decodeStill(tools: PictureTools, frames: StillFrames) {
  const { codec, units, maxWidth, guard = (work) => work() } = frames
  const decoder = await Decoder.open(codec)
  let still: Still | undefined
  try {
    for (const [index, unit] of units.entries()) {
      if (index % slice === 0) await setImmediate()
      guard(() =>
        decoder.decode(unit, index, (picture) => {
          // Only the last one is wanted; a damaged one leaves the picture before it.
          if (index < units.length - 3) return
          still?.free()
          still = tools.stills.keep(picture, maxWidth)
        }),
      )
    }
    return still && (await tools.jpeg.encode(still, quality))
  } finally {
    still?.free()
    decoder.close()
  }
}
