/** What a stream sends: its video clip and its tone, unit by unit (picture or audio frame), each known by its number since the camera's start. */
import type { AudioClip } from './audio-clip.ts'
import type { Clip } from './clip.ts'
import { jpegPayloads } from './jpeg-payload.ts'
import { nalPayloads, type PacketRun, runOf } from './rtp-packets.ts'
import { setStamp, stampUnit, unixUs } from './stamp.ts'

export interface Track {
  readonly payloadType: number
  readonly clockRate: number
  /** Units per second. */
  readonly rate: number
  /** Lines of its SDP section but `a=control`. */
  readonly sdp: readonly string[]
  isKey(unit: number): boolean
  /** The unit's packets; valid until the next call. */
  packets(unit: number): readonly PacketRun[]
}

export interface VideoTrackOptions {
  readonly camera: string
  readonly stream: string
  readonly packetBytes: number
  readonly parameterSets: 'sdp' | 'band' | 'both'
  /** The unit that shows the clip's first picture. */
  readonly firstUnit: number
}

export function videoTrack(clip: Clip, options: VideoTrackOptions): Track {
  const { frames, fps, codec } = clip
  const indexOf = (unit: number) => (((unit - options.firstUnit) % frames.length) + frames.length) % frames.length
  const isKey = (unit: number) => frames[indexOf(unit)]?.isKey === true
  const base = { clockRate: 90_000, rate: fps, isKey, sdp: videoSdp(clip, options.parameterSets !== 'band') }
  if (codec === 'mjpeg') {
    const pictures = frames.map(({ units: [jpeg] }) => runOf(jpeg ? jpegPayloads(jpeg, options.packetBytes) : []))
    return { ...base, payloadType: 26, packets: (unit) => pictures.slice(indexOf(unit), indexOf(unit) + 1) }
  }
  const toRun = (units: readonly Buffer[]) =>
    runOf(units.flatMap((unit) => nalPayloads(codec, unit, options.packetBytes)))
  const pictures = frames.map(({ units }) => toRun(units))
  const parameters = toRun(options.parameterSets === 'sdp' ? [] : clip.parameterSets)
  const stamp = toRun([stampUnit(codec, options.camera, options.stream)])
  return {
    ...base,
    payloadType: 96,
    packets(unit) {
      setStamp(stamp.bytes, unit, unixUs())
      const picture = pictures[indexOf(unit)]
      if (!picture) return []
      return isKey(unit) ? [parameters, stamp, picture] : [stamp, picture]
    },
  }
}

function videoSdp({ codec, parameterSets }: Clip, withSets: boolean): string[] {
  const base64 = parameterSets.map((set) => set.toString('base64'))
  if (codec === 'mjpeg') return ['m=video 0 RTP/AVP 26', 'a=rtpmap:26 JPEG/90000']
  if (codec === 'hevc') {
    const [vps, sps, pps] = base64
    const sets = withSets ? [`a=fmtp:96 sprop-vps=${vps};sprop-sps=${sps};sprop-pps=${pps}`] : []
    return ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 H265/90000', ...sets]
  }
  const profile = parameterSets[0]?.toString('hex', 1, 4) ?? '64001f'
  const sets = withSets ? `;sprop-parameter-sets=${base64.join(',')}` : ''
  const format = `a=fmtp:96 packetization-mode=1;profile-level-id=${profile}${sets}`
  return ['m=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/90000', format]
}

export function audioTrack({ codec, sampleRate, samplesPerFrame, config, frames }: AudioClip): Track {
  const isAac = codec === 'aac'
  const runs = frames.map((frame) => {
    // RFC 3640 AAC-hbr: 16 bits say that one header of 16 bits follows: 13 bits size, 3 bits index.
    const head = Buffer.from([0, 16, frame.length >> 5, (frame.length << 3) & 255])
    return runOf([isAac ? [head, frame] : [frame]])
  })
  const aacFormat = `streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3`
  return {
    payloadType: codec === 'pcm_alaw' ? 8 : 97,
    clockRate: sampleRate,
    rate: sampleRate / samplesPerFrame,
    isKey: () => true,
    sdp: isAac
      ? [
          'm=audio 0 RTP/AVP 97',
          `a=rtpmap:97 mpeg4-generic/${sampleRate}/1`,
          `a=fmtp:97 ${aacFormat};config=${config.toString('hex')}`,
        ]
      : codec === 'opus'
        ? ['m=audio 0 RTP/AVP 97', 'a=rtpmap:97 opus/48000/2']
        : ['m=audio 0 RTP/AVP 8', `a=rtpmap:8 PCMA/${sampleRate}`],
    packets: (unit) => runs.slice(unit % runs.length, (unit % runs.length) + 1),
  }
}
