/**
 * How a camera's sound lies in a file: AAC and Opus as they were sent, G.711 as FLAC, which loses nothing and needs no encoder
 * (docs/design/storage.md "Sound").
 */
import { type AudioTrack, audioTimescale } from '@vedette/shared/fmp4.ts'
import type { AudioFormat, Packet } from '../lib/packet.ts'
import { encodeFlacFrame, flacStreamInfo } from './flac-frame.ts'

const aacFrameTicks = 1024

export function trackOf(format: AudioFormat): AudioTrack {
  const { codec, sampleRate, channels, config } = format
  if (codec === 'aac' || codec === 'opus') return { codec, sampleRate, channels, config }
  return { codec: 'flac', sampleRate, channels, config: flacStreamInfo(sampleRate, channels) }
}

/** RFC 6381. */
export function codecStringOf(format: AudioFormat): string {
  const track = trackOf(format)
  return track.codec === 'aac' ? `mp4a.40.${(track.config[0] ?? 0x10) >> 3}` : track.codec
}

export const timescaleOf = (format: AudioFormat): number => audioTimescale(trackOf(format))

/** How long a packet of the format lasts, in the track's ticks. */
export function ticksOf({ codec, channels }: AudioFormat, { data }: Packet): number {
  if (codec === 'aac') return aacFrameTicks
  return codec === 'opus' ? opusTicks(data) : Math.floor(data.length / channels)
}

/** The sample's bytes; undefined where there is no sound in the packet. `at`: ticks since the segment's start. */
export function sampleOf(
  { codec, sampleRate, channels }: AudioFormat,
  { data }: Packet,
  at: number,
): Buffer | undefined {
  if (codec === 'aac' || codec === 'opus') return data
  return encodeFlacFrame(data, { codec, sampleRate, channels, at: Math.max(0, at) })
}

/** RFC 6716 section 3.1, at 48 kHz. */
function opusTicks(data: Buffer): number {
  const first = data[0] ?? 0
  const config = first >> 3
  const frameTicks =
    config < 12
      ? ([480, 960, 1920, 2880][config & 3] ?? 960)
      : config < 16
        ? ([480, 960][config & 1] ?? 960)
        : ([120, 240, 480, 960][config & 3] ?? 960)
  const code = first & 3
  const frames = code === 0 ? 1 : code < 3 ? 2 : (data[1] ?? 1) & 63
  return frameTicks * Math.max(1, frames)
}
