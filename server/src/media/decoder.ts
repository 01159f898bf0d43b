/**
 * One stream's video decoder: access units in, pictures out, in the same call.
 *
 * In:        Annex-B (H.264, H.265; see annexB in lib/packet.ts) or JPEGs, starting at a key frame.
 * Not here:  which packets are worth decoding (vision/wake-gate.ts).
 * Invariant: garbage never throws; it is counted and the next key frame starts anew.
 *
 * Calls are synchronous on purpose: node-av's asynchronous ones hold a libuv thread each and cost more than a sub
 * stream's frame takes to decode (0.5 ms); the process around them has nothing else to answer meanwhile.
 */
import {
  AV_CODEC_FLAG_LOW_DELAY,
  AV_CODEC_ID_H264,
  AV_CODEC_ID_HEVC,
  AV_CODEC_ID_MJPEG,
  type AVCodecID,
} from 'node-av/constants'
import { Codec, CodecContext, Dictionary, Frame, Packet } from 'node-av/lib'
import { AppError } from '../lib/app-error.ts'
import type { VideoCodec } from '../lib/packet.ts'
import './ffmpeg-log.ts'
import { type Picture, pictureOf } from './picture.ts'

const codecIds: Record<VideoCodec, AVCodecID> = {
  h264: AV_CODEC_ID_H264,
  hevc: AV_CODEC_ID_HEVC,
  mjpeg: AV_CODEC_ID_MJPEG,
}

/** 8K. A forged parameter set could otherwise ask for gigabytes. */
const maxPixels = 7680 * 4320

export interface DecoderOptions {
  /** Saves about a tenth of the time; pictures show blocks that grow until the next key frame. */
  readonly skipLoopFilter?: boolean
  /** Non-key packets are accepted and give no picture. */
  readonly keysOnly?: boolean
}

export class Decoder {
  readonly #context: CodecContext
  readonly #packet = new Packet()
  readonly #frame = new Frame()
  #closed = false
  /** Pictures that came out. */
  decoded = 0
  /** Access units that FFmpeg refused. */
  refused = 0

  private constructor(context: CodecContext) {
    this.#context = context
    this.#packet.alloc()
    this.#frame.alloc()
  }

  static async open(codec: VideoCodec, options: DecoderOptions = {}): Promise<Decoder> {
    const native = Codec.findDecoder(codecIds[codec])
    if (!native) throw new AppError('vision_unavailable', `This FFmpeg cannot decode ${codec}.`)
    const context = new CodecContext()
    context.allocContext3(native)
    // More threads would hold frames back and add memory per camera; the cameras are the parallel work.
    context.threadCount = 1
    context.setFlags(AV_CODEC_FLAG_LOW_DELAY)
    using settings = Dictionary.fromObject({
      max_pixels: maxPixels,
      ...(options.skipLoopFilter ? { skip_loop_filter: 'all' } : {}),
      ...(options.keysOnly ? { skip_frame: 'nokey' } : {}),
    })
    // open2Sync frees its options twice (node-av 6.1).
    const code = await context.open2(native, settings)
    if (code < 0) {
      context.freeContext()
      throw new AppError('vision_unavailable', `FFmpeg did not open its ${codec} decoder (${code}).`)
    }
    return new Decoder(context)
  }

  /**
   * Decodes one access unit. Pictures that are ready are handed out before it returns: with cameras, which send no
   * B frames, exactly the one that was put in. False where FFmpeg refused the bytes.
   */
  decode(accessUnit: Buffer, captureMs: number, onPicture: (picture: Picture) => void): boolean {
    if (this.#closed || accessUnit.length === 0) return false
    this.#packet.data = accessUnit
    this.#packet.pts = BigInt(Math.round(captureMs * 1000))
    const sent = this.#context.sendPacketSync(this.#packet)
    this.#packet.unref()
    if (sent < 0) this.refused++
    this.#receive(onPicture)
    return sent >= 0
  }

  /** Hands out what is held back: a stream with B frames keeps pictures. Nothing can be decoded after it but a key frame behind reset(). */
  finish(onPicture: (picture: Picture) => void): void {
    if (this.#closed) return
    this.#context.sendPacketSync(null)
    this.#receive(onPicture)
  }

  #receive(onPicture: (picture: Picture) => void): void {
    while (this.#context.receiveFrameSync(this.#frame) >= 0) {
      try {
        const picture = pictureOf(this.#frame)
        if (!picture) continue
        this.decoded++
        onPicture(picture)
      } finally {
        this.#frame.unref()
      }
    }
  }

  /** Forgets reference pictures; the next packet must be a key frame. */
  reset(): void {
    if (!this.#closed) this.#context.flushBuffers()
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#packet.free()
    this.#frame.free()
    this.#context.freeContext()
  }
}
