/**
 * A picture that is kept: scaled to the size in which it will be shown, in memory of its own, ready for the JPEG encoder.
 * Owner frees it; `using` does.
 */
import { AV_PIX_FMT_YUVJ420P, SWS_AREA } from 'node-av/constants'
import { Frame, SoftwareScaleContext } from 'node-av/lib'
import { AppError } from '../lib/app-error.ts'
import './ffmpeg-log.ts'
import type { Picture } from './picture.ts'

export class Still {
  readonly captureMs: number
  readonly width: number
  readonly height: number
  /** For media/ only. */
  readonly frame: Frame
  #freed = false

  constructor(frame: Frame, captureMs: number) {
    this.frame = frame
    this.captureMs = captureMs
    this.width = frame.width
    this.height = frame.height
  }

  /** May be called twice. */
  free(): void {
    if (this.#freed) return
    this.#freed = true
    this.frame.free()
  }
  [Symbol.dispose](): void {
    this.free()
  }
}

/** Size within `maxWidth` with the picture's shape, even on both sides (4:2:0), never enlarged. */
export function stillSize(width: number, height: number, maxWidth: number): { width: number; height: number } {
  const even = (n: number) => Math.max(2, Math.round(n / 2) * 2)
  const target = Math.min(width, maxWidth)
  return { width: even(target), height: even((height * target) / width) }
}

/** Scalers kept open: a camera or two of each size, times previews, event pictures and snapshots. */
const maxScalers = 16

/** Serves all cameras of a process. */
export class StillMaker {
  readonly #scalers = new Map<string, SoftwareScaleContext>()

  keep(picture: Picture, maxWidth: number): Still {
    const { width, height } = stillSize(picture.width, picture.height, maxWidth)
    const frame = new Frame()
    frame.alloc()
    frame.format = AV_PIX_FMT_YUVJ420P
    frame.width = width
    frame.height = height
    const code = frame.getBuffer()
    const scaled = code < 0 ? code : this.#scaler(picture, width, height).scaleFrameSync(frame, picture.frame)
    if (scaled < 0) {
      frame.free()
      throw new AppError('vision_unavailable', `FFmpeg did not scale a picture to ${width}×${height} (${scaled}).`)
    }
    return new Still(frame, picture.captureMs)
  }

  #scaler(picture: Picture, width: number, height: number): SoftwareScaleContext {
    const key = `${picture.width}x${picture.height} ${picture.format} ${width}x${height}`
    const known = this.#scalers.get(key)
    if (known) return known
    if (this.#scalers.size >= maxScalers) this.close()
    const scaler = new SoftwareScaleContext()
    // JPEG's own full-range format: swscale then converts the range as well.
    scaler.getContext(picture.width, picture.height, picture.format, width, height, AV_PIX_FMT_YUVJ420P, SWS_AREA)
    this.#scalers.set(key, scaler)
    return scaler
  }

  close(): void {
    for (const scaler of this.#scalers.values()) scaler.freeContext()
    this.#scalers.clear()
  }
}
