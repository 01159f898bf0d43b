/** What viewers are told about a stream before its frames: the names that browsers know. */
import type { AudioCodec, AudioFormat, VideoFormat } from '../lib/packet.ts'
import type { LiveFormat } from './feed-message.ts'

/** Names of the WebCodecs registry (w3.org/TR/webcodecs-codec-registry). */
const audioNames: Record<AudioCodec, (config: Buffer) => string> = {
  // The first five bits of an AudioSpecificConfig are the object type: 2 = AAC-LC.
  aac: (config) => `mp4a.40.${(config[0] ?? 0x10) >> 3}`,
  pcm_alaw: () => 'alaw',
  pcm_mulaw: () => 'ulaw',
  opus: () => 'opus',
}

export function describeFormat(video: VideoFormat, audio: AudioFormat | undefined): LiveFormat {
  return {
    kind: 'format',
    codec: video.codecString,
    width: video.width,
    height: video.height,
    audioCodec: audio?.codec ?? null,
    ...(audio && {
      audio: {
        codec: audioNames[audio.codec](audio.config),
        sampleRate: audio.sampleRate,
        channels: audio.channels,
        config: audio.config.toString('base64'),
      },
    }),
  }
}
