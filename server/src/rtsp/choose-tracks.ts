/** Which of the offered streams are taken: the first video and the first audio that can be handled. */
import { AppError } from '../lib/app-error.ts'
import type { TrackKind } from './capture-clock.ts'
import { depacketizeAac } from './depacketize-aac.ts'
import { depacketizeFrames } from './depacketize-frames.ts'
import { depacketizeH264 } from './depacketize-h264.ts'
import { depacketizeH265 } from './depacketize-h265.ts'
import { depacketizeMjpeg } from './depacketize-mjpeg.ts'
import type { Depacketizer, OnUnit } from './depacketizer.ts'
import type { Sdp, SdpTrack } from './sdp.ts'

export interface ChosenTrack {
  readonly kind: TrackKind
  readonly payloadType: number
  readonly clockRate: number
  /** As in the description; undefined where there is only one stream to control. */
  readonly control: string | undefined
  readonly makeDepacketizer: (onUnit: OnUnit) => Depacketizer
}

type Maker = (track: SdpTrack) => ((onUnit: OnUnit) => Depacketizer | undefined) | undefined

const videoMakers: Readonly<Record<string, Maker>> = {
  H264: (track) => (onUnit) => depacketizeH264(track.parameters.get('sprop-parameter-sets'), onUnit),
  H265: h265,
  HEVC: h265,
  JPEG: (track) => (onUnit) => depacketizeMjpeg(track.dimensions, onUnit),
}

const audioMakers: Readonly<Record<string, Maker>> = {
  'MPEG4-GENERIC': aac,
  PCMA: (track) => (onUnit) => depacketizeFrames(frames('pcm_alaw', track), onUnit),
  PCMU: (track) => (onUnit) => depacketizeFrames(frames('pcm_mulaw', track), onUnit),
  OPUS: (track) => (onUnit) => depacketizeFrames(frames('opus', track), onUnit),
}

/** Throws camera_unsupported when there is no video that can be handled; other audio is left out. */
export function chooseTracks(sdp: Sdp, withAudio: boolean): readonly ChosenTrack[] {
  const video = choose(sdp, 'video', videoMakers)
  if (!video) {
    const offered = sdp.tracks.filter((track) => track.kind === 'video').map((track) => track.encoding || 'unknown')
    throw new AppError(
      'camera_unsupported',
      offered.length === 0
        ? 'The camera offers no video at this address.'
        : `The camera sends ${offered.join(', ')}. Set it to H.264, H.265 or MJPEG.`,
    )
  }
  const audio = withAudio ? choose(sdp, 'audio', audioMakers) : undefined
  return audio ? [video, audio] : [video]
}

function choose(sdp: Sdp, kind: TrackKind, makers: Readonly<Record<string, Maker>>): ChosenTrack | undefined {
  for (const track of sdp.tracks) {
    const isPossible = track.kind === kind && track.clockRate >= 1000 && Object.hasOwn(makers, track.encoding)
    const make = isPossible ? makers[track.encoding]?.(track) : undefined
    if (!make?.(() => {})) continue // Tried out once: a configuration that cannot be read counts as not offered.
    const makeDepacketizer = (onUnit: OnUnit): Depacketizer => {
      const depacketizer = make(onUnit)
      if (!depacketizer) throw new Error('what could be made once can be made again')
      return depacketizer
    }
    return {
      kind,
      payloadType: track.payloadType,
      clockRate: track.clockRate,
      control: track.control,
      makeDepacketizer,
    }
  }
  return undefined
}

function h265({ parameters }: SdpTrack) {
  const sets = ['sprop-vps', 'sprop-sps', 'sprop-pps'].flatMap((name) => parameters.get(name)?.split(',') ?? [])
  const description = { parameterSets: sets, hasOrderNumbers: Number(parameters.get('sprop-max-don-diff') ?? 0) > 0 }
  return (onUnit: OnUnit) => depacketizeH265(description, onUnit)
}

function aac({ parameters, clockRate }: SdpTrack) {
  // What no camera sends and this depacketizer does not read: interleaving, time stamps and states per frame.
  const extras = ['ctsdeltalength', 'dtsdeltalength', 'streamstateindication', 'auxiliarydatasizelength']
  if (extras.some((name) => Number(parameters.get(name) ?? 0) > 0)) return undefined
  const description = {
    config: parameters.get('config') ?? '',
    clockRate,
    sizeBits: Number(parameters.get('sizelength') ?? 0),
    indexBits: Number(parameters.get('indexlength') ?? 0),
  }
  return (onUnit: OnUnit) => depacketizeAac(description, onUnit)
}

function frames(codec: 'pcm_alaw' | 'pcm_mulaw' | 'opus', { clockRate, channels }: SdpTrack) {
  const isOpus = codec === 'opus'
  return {
    kind: 'audio',
    codec,
    sampleRate: isOpus ? 48_000 : clockRate,
    channels: isOpus ? 2 : Math.min(8, Math.max(1, channels)),
    config: Buffer.alloc(0),
  } as const
}
