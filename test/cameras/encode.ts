/** Encodes a drawn scene with the FFmpeg inside node-av. Out: whole pictures as Annex-B (or JPEG). Test support: the product never encodes here. */
import {
  AV_LOG_ERROR,
  AV_PICTURE_TYPE_NONE,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUVJ420P,
  AV_PKT_FLAG_KEY,
  FF_ENCODER_LIBX264,
  FF_ENCODER_LIBX265,
  FF_ENCODER_MJPEG,
} from 'node-av/constants'
import { Codec, CodecContext, Dictionary, FFmpegError, Frame, Log, Packet, Rational } from 'node-av/lib'
import { createScene, type SceneSpec } from './scene.ts'

export interface VideoSpec extends SceneSpec {
  readonly codec: 'h264' | 'hevc' | 'mjpeg'
  readonly gopFrames: number
  readonly kbitPerS: number
  /** x264 only: a bitrate that follows the scene at this quality, up to `kbitPerS`, as cameras set to VBR have it. */
  readonly crf?: number
}

export interface EncodedPicture {
  readonly isKey: boolean
  readonly data: Buffer
}

const encoders = { h264: FF_ENCODER_LIBX264, hevc: FF_ENCODER_LIBX265, mjpeg: FF_ENCODER_MJPEG }

function codecOptions({ codec, gopFrames, kbitPerS, crf }: VideoSpec): Record<string, string | number> {
  if (codec === 'mjpeg') return { huffman: 'default' } // RFC 2435 carries no Huffman tables.
  const rate = { g: gopFrames, bf: 0, maxrate: kbitPerS * 1100, bufsize: kbitPerS * 1000 }
  if (codec === 'hevc') {
    const params = [
      `keyint=${gopFrames}:min-keyint=${gopFrames}:scenecut=0:open-gop=0:bframes=0:repeat-headers=1`,
      'log-level=none:pools=2:frame-threads=1',
    ]
    return { ...rate, preset: 'ultrafast', 'x265-params': params.join(':') }
  }
  return {
    ...rate,
    ...(crf === undefined ? {} : { crf }),
    preset: 'superfast',
    profile: 'high',
    keyint_min: gopFrames,
    sc_threshold: 0,
    'x264-params': 'bframes=0',
  }
}

/** All pictures of the scene's loop, in order; every GOP is closed, so the last may be followed by the first. */
export async function encodeScene(spec: VideoSpec): Promise<EncodedPicture[]> {
  Log.setLevel(AV_LOG_ERROR) // Encoders are chatty.
  const scene = createScene(spec)
  const encoder = Codec.findEncoderByName(encoders[spec.codec])
  if (!encoder) throw new Error(`this FFmpeg has no ${encoders[spec.codec]}`)
  const format = spec.codec === 'mjpeg' ? AV_PIX_FMT_YUVJ420P : AV_PIX_FMT_YUV420P
  const timeBase = new Rational(1, spec.fps)
  const context = new CodecContext()
  context.allocContext3(encoder)
  context.width = spec.width
  context.height = spec.height
  context.pixelFormat = format
  context.timeBase = timeBase
  context.framerate = new Rational(spec.fps, 1)
  if (spec.crf === undefined) context.bitRate = BigInt(spec.kbitPerS * 1000)
  context.threadCount = spec.codec === 'mjpeg' ? 1 : 2
  const options = Dictionary.fromObject(codecOptions(spec))
  FFmpegError.throwIfError(await context.open2(encoder, options), 'open encoder')

  const pictures: EncodedPicture[] = []
  const packet = new Packet()
  packet.alloc()
  const drain = async () => {
    while ((await context.receivePacket(packet)) >= 0) {
      if (packet.data) pictures.push({ isKey: (packet.flags & AV_PKT_FLAG_KEY) !== 0, data: Buffer.from(packet.data) })
      packet.unref()
    }
  }
  const pixels = Buffer.alloc(scene.sizeBytes)
  for (let index = 0; index < scene.frames; index++) {
    scene.draw(index, pixels)
    const frame = Frame.fromVideoBuffer(pixels, { format, width: spec.width, height: spec.height, timeBase })
    frame.pts = BigInt(index)
    frame.pictType = AV_PICTURE_TYPE_NONE
    FFmpegError.throwIfError(await context.sendFrame(frame), 'encode')
    frame.free()
    await drain()
  }
  await context.sendFrame(null)
  await drain()
  packet.free()
  options.free()
  context.freeContext()
  return pictures
}
