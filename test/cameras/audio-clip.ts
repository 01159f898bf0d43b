/** Two seconds of a tone, as G.711 A-law, AAC or Opus; looped. */
import {
  AV_CHANNEL_LAYOUT_MONO,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_LOG_QUIET,
  AV_SAMPLE_FMT_FLT,
  AV_SAMPLE_FMT_FLTP,
  FF_ENCODER_AAC,
  FF_ENCODER_LIBOPUS,
} from 'node-av/constants'
import { Codec, CodecContext, FFmpegError, Frame, Log, Packet, Rational } from 'node-av/lib'

export interface AudioClip {
  readonly codec: 'aac' | 'pcm_alaw' | 'opus'
  readonly sampleRate: number
  readonly samplesPerFrame: number
  /** aac: AudioSpecificConfig. */
  readonly config: Buffer
  readonly frames: readonly Buffer[]
}

const seconds = 2
const toneHz = 440

export async function openAudioClip(codec: AudioClip['codec']): Promise<AudioClip> {
  return codec === 'pcm_alaw' ? alawTone() : encodeTone(codec)
}

const tone = (sample: number, sampleRate: number) => 0.25 * Math.sin((2 * Math.PI * toneHz * sample) / sampleRate)

function alawTone(): AudioClip {
  const sampleRate = 8000
  const samplesPerFrame = 320
  const samples = Buffer.from(
    Array.from({ length: seconds * sampleRate }, (_, i) => toAlaw(Math.round(tone(i, sampleRate) * 32767))),
  )
  const frames = Array.from({ length: samples.length / samplesPerFrame }, (_, i) =>
    samples.subarray(i * samplesPerFrame, (i + 1) * samplesPerFrame),
  )
  return { codec: 'pcm_alaw', sampleRate, samplesPerFrame, config: Buffer.alloc(0), frames }
}

/** ITU-T G.711. */
function toAlaw(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0
  const magnitude = Math.min(sample >= 0 ? sample : -sample - 1, 32635)
  const exponent = magnitude < 256 ? 0 : Math.floor(Math.log2(magnitude)) - 7
  const mantissa = (magnitude >> (exponent === 0 ? 4 : exponent + 3)) & 15
  return (sign | (exponent << 4) | mantissa) ^ 0x55
}

async function encodeTone(codec: 'aac' | 'opus'): Promise<AudioClip> {
  Log.setLevel(AV_LOG_QUIET) // The encoder complains of frames that nobody fetches at the end of the loop.
  const sampleRate = codec === 'aac' ? 16_000 : 48_000
  const encoder = Codec.findEncoderByName(codec === 'aac' ? FF_ENCODER_AAC : FF_ENCODER_LIBOPUS)
  if (!encoder) throw new Error(`this FFmpeg has no encoder for ${codec}`)
  const context = new CodecContext()
  context.allocContext3(encoder)
  context.sampleRate = sampleRate
  const format = codec === 'aac' ? AV_SAMPLE_FMT_FLTP : AV_SAMPLE_FMT_FLT
  context.sampleFormat = format
  context.channelLayout = AV_CHANNEL_LAYOUT_MONO
  context.bitRate = 32_000n
  context.timeBase = new Rational(1, sampleRate)
  context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER)
  FFmpegError.throwIfError(await context.open2(encoder), `open the ${codec} encoder`)
  const samplesPerFrame = context.frameSize
  const frames: Buffer[] = []
  const packet = new Packet()
  packet.alloc()
  const pcm = Buffer.alloc(samplesPerFrame * 4)
  for (let start = 0; start < seconds * sampleRate; start += samplesPerFrame) {
    for (let i = 0; i < samplesPerFrame; i++) pcm.writeFloatLE(tone(start + i, sampleRate), i * 4)
    const frame = Frame.fromAudioBuffer(pcm, {
      nbSamples: samplesPerFrame,
      format,
      sampleRate,
      channelLayout: AV_CHANNEL_LAYOUT_MONO,
      timeBase: new Rational(1, sampleRate),
    })
    frame.pts = BigInt(start)
    FFmpegError.throwIfError(await context.sendFrame(frame), 'encode')
    frame.free()
    while ((await context.receivePacket(packet)) >= 0) {
      if (packet.data) frames.push(Buffer.from(packet.data))
      packet.unref()
    }
  }
  const config = Buffer.from(context.extraData ?? [])
  packet.free()
  context.freeContext()
  return { codec, sampleRate, samplesPerFrame, config, frames }
}
