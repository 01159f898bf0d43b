/**
 * Previews of a camera that is not watched for motion: a key frame now and then, each with a decoder of its own, because a
 * decoder that waits for the next one keeps megabytes of a main stream's pictures. So small they need no loop filter.
 *
 * In:        key frames, as often as a preview is wanted. Not here: how often (vision-process.ts, the sender).
 */
import type { VideoCodec } from '../lib/packet.ts'
import { Decoder } from '../media/decoder.ts'
import type { Picture } from '../media/picture.ts'
import type { Still } from '../media/still.ts'
import type { WatchedPacket } from './held-packets.ts'
import type { PictureTools } from './motion-watch.ts'
import type { WatchCounts, WatchSink } from './watch-camera.ts'

export interface PreviewCameraOptions {
  readonly tools: PictureTools
  readonly sink: Pick<WatchSink, 'onPreview'>
  /** Runs native code on this camera's bytes, so that a crash is known to be its own. */
  readonly guard: (work: () => void) => void
}

const previewWidth = 320
const previewQuality = 70

export class PreviewCamera {
  readonly #cameraId: string
  readonly #o: PreviewCameraOptions
  #isBusy = false
  #closed = false
  readonly counts: WatchCounts = { received: 0, decoded: 0, judged: 0, dropped: 0, refused: 0 }

  constructor(cameraId: string, options: PreviewCameraOptions) {
    this.#cameraId = cameraId
    this.#o = options
  }

  packet(codec: VideoCodec, packet: WatchedPacket): void {
    this.counts.received++
    if (!packet.isKey || this.#closed) return
    if (this.#isBusy) this.counts.dropped++
    else void this.#preview(codec, packet)
  }

  async close(): Promise<void> {
    this.#closed = true
  }

  /** A preview that cannot be made is left out. */
  async #preview(codec: VideoCodec, { data, atMs }: WatchedPacket): Promise<void> {
    this.#isBusy = true
    const { tools, sink, guard } = this.#o
    const stills: Still[] = []
    try {
      const decoder = await Decoder.open(codec, { skipLoopFilter: true })
      const keep = (picture: Picture) => void stills.push(tools.stills.keep(picture, previewWidth))
      guard(() => {
        decoder.decode(data, atMs, keep)
        decoder.finish(keep)
      })
      decoder.close()
      const [still] = stills
      if (!still) this.counts.refused++
      else {
        this.counts.decoded++
        const jpeg = await tools.jpeg.encode(still, previewQuality)
        if (!this.#closed) sink.onPreview(this.#cameraId, Math.round(still.captureMs), jpeg)
      }
    } catch {
      this.counts.refused++
    } finally {
      for (const still of stills) still.free()
      this.#isBusy = false
    }
  }
}
