/**
 * A decoded picture as the rest of the program sees it. Its memory belongs to FFmpeg: a picture lives only inside the
 * callback that it was handed to, because the decoder reuses its frame. Who wants to keep one copies it (still.ts).
 */
import {
  AV_PIX_FMT_GRAY8,
  AV_PIX_FMT_GRAY10LE,
  AV_PIX_FMT_NV12,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV420P10LE,
  AV_PIX_FMT_YUV422P,
  AV_PIX_FMT_YUV444P,
  AV_PIX_FMT_YUVJ420P,
  AV_PIX_FMT_YUVJ422P,
  AV_PIX_FMT_YUVJ444P,
  type AVPixelFormat,
} from 'node-av/constants'
import type { Frame } from 'node-av/lib'

export interface Picture {
  readonly width: number
  readonly height: number
  /** When the camera saw it: UTC milliseconds, as given to Decoder.decode. */
  readonly captureMs: number
  readonly format: AVPixelFormat
  /** For media/ only: native memory, invalid after the callback. */
  readonly frame: Frame
}

/** What cameras send. All of them begin with a plane of luma alone: 8 bits a pixel, or 10 in 16. */
const pixelFormats = new Map<number, AVPixelFormat>(
  [
    AV_PIX_FMT_YUV420P,
    AV_PIX_FMT_YUVJ420P,
    AV_PIX_FMT_YUV422P,
    AV_PIX_FMT_YUVJ422P,
    AV_PIX_FMT_YUV444P,
    AV_PIX_FMT_YUVJ444P,
    AV_PIX_FMT_YUV420P10LE,
    AV_PIX_FMT_NV12,
    AV_PIX_FMT_GRAY8,
    AV_PIX_FMT_GRAY10LE,
  ].map((format) => [format, format]),
)

/** The picture in `frame`; undefined where it has none that we can read. */
export function pictureOf(frame: Frame): Picture | undefined {
  const format = pixelFormats.get(frame.format)
  const { width, height } = frame
  if (format === undefined || width < 2 || height < 2) return undefined
  return { width, height, captureMs: Number(frame.pts) / 1000, format, frame }
}

/** As what the first plane alone can be read. */
export function lumaFormat(picture: Picture): AVPixelFormat {
  const deep = picture.format === AV_PIX_FMT_YUV420P10LE || picture.format === AV_PIX_FMT_GRAY10LE
  return deep ? AV_PIX_FMT_GRAY10LE : AV_PIX_FMT_GRAY8
}
