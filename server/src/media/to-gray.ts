/**
 * Pictures as small gray images, for motion: luma of one size whatever the camera's size and shape.
 * Only the luma plane is read, straight from FFmpeg's memory. Measured for 640×360 to 320×180: swscale 0.045 ms, the same
 * average in TypeScript 0.13 ms, by way of frame.toBuffer 0.18 ms.
 */
import { AV_PIX_FMT_GRAY8, type AVPixelFormat, SWS_AREA } from 'node-av/constants'
import { SoftwareScaleContext } from 'node-av/lib'
import { AppError } from '../lib/app-error.ts'
import './ffmpeg-log.ts'
import { lumaFormat, type Picture } from './picture.ts'

export interface GraySize {
  readonly width: number
  readonly height: number
}

/** Scalers kept open; one per size and format among a machine's cameras. */
const maxScalers = 16

/** Serves all cameras of a process: keeps a scaler for each size it meets. */
export class GrayScaler {
  readonly #scalers = new Map<string, SoftwareScaleContext>()
  readonly #size: GraySize

  constructor(size: GraySize) {
    this.#size = size
  }

  /** Fills `gray` (one byte a pixel). */
  toGray(picture: Picture, gray: Buffer): void {
    const { frame, width, height } = picture
    const luma = frame.data?.[0]
    const stride = frame.linesize[0]
    if (!luma || !stride || stride <= 0)
      throw new AppError('vision_unavailable', 'A decoded picture has no luma plane.')
    // Of a large picture every second, third … row is enough (0.35 -> 0.1 ms for 1080p): at least two per row of gray remain.
    const step = Math.max(1, Math.floor(height / (2 * this.#size.height)))
    const rows = Math.floor(height / step)
    this.#scaler(width, rows, lumaFormat(picture)).scaleSync(
      [luma],
      [stride * step],
      0,
      rows,
      [gray],
      [this.#size.width],
    )
  }

  #scaler(width: number, rows: number, format: AVPixelFormat): SoftwareScaleContext {
    const key = `${width}x${rows} ${format}`
    const known = this.#scalers.get(key)
    if (known) return known
    if (this.#scalers.size >= maxScalers) this.close()
    const scaler = new SoftwareScaleContext()
    scaler.getContext(width, rows, format, this.#size.width, this.#size.height, AV_PIX_FMT_GRAY8, SWS_AREA)
    this.#scalers.set(key, scaler)
    return scaler
  }

  close(): void {
    for (const scaler of this.#scalers.values()) scaler.freeContext()
    this.#scalers.clear()
  }
}
