/**
 * The description of a camera's streams (SDP, RFC 8866), as far as an RTSP client needs it.
 * Limits: 64 kB (rtsp-message.ts), 2000 lines, 8 tracks. Unknown lines are passed over; nothing in here throws but the
 * limits and a text that is no SDP.
 */
import { AppError } from '../lib/app-error.ts'

export interface SdpTrack {
  /** As written: video, audio, application … */
  readonly kind: string
  readonly payloadType: number
  /** Upper-case name of the encoding: H264, MPEG4-GENERIC, PCMA … */
  readonly encoding: string
  readonly clockRate: number
  readonly channels: number
  /** Format parameters by lower-case name. */
  readonly parameters: ReadonlyMap<string, string>
  readonly control: string | undefined
  /** From a=framesize or a=x-dimensions: pictures too large for the JPEG header's own fields. */
  readonly dimensions: { readonly width: number; readonly height: number } | undefined
}

export interface Sdp {
  /** The session's own control address. */
  readonly control: string | undefined
  readonly tracks: readonly SdpTrack[]
}

const maxLines = 2000
const maxTracks = 8

/** RFC 3551: payload types that need no rtpmap. */
const staticTypes: Readonly<Record<number, readonly [encoding: string, clockRate: number]>> = {
  0: ['PCMU', 8000],
  8: ['PCMA', 8000],
  26: ['JPEG', 90_000],
}

export function parseSdp(text: string): Sdp {
  const lines = text.split(/\r\n|\n|\r/, maxLines + 1)
  if (lines.length > maxLines) throw unsupported('The camera describes its streams in far too many lines.')
  if (!lines.some((line) => line.startsWith('v=') || line.startsWith('m='))) {
    throw unsupported('The camera’s description of its streams cannot be read.')
  }
  const sections: string[][] = [[]]
  for (const line of lines) {
    if (line.startsWith('m=')) sections.push([])
    sections.at(-1)?.push(line.trimEnd())
  }
  const [session = [], ...media] = sections
  if (media.length > maxTracks) throw unsupported('The camera offers more than 8 streams at one address.')
  return { control: attribute(session, 'control'), tracks: media.flatMap(readTrack) }
}

function readTrack(lines: readonly string[]): SdpTrack[] {
  const media = /^m=(\w{1,20}) \d+(?:\/\d+)? [\w/]+ (\d{1,3})\b/.exec(lines[0] ?? '')
  const payloadType = Number(media?.[2])
  if (!media || payloadType > 127) return []
  const map = /^(\d+)\s+([\w.-]{1,40})\/(\d{1,7})(?:\/(\d{1,2}))?/.exec(attribute(lines, 'rtpmap', payloadType) ?? '')
  const [encoding, clockRate] = staticTypes[payloadType] ?? ['', 0]
  const size = /(\d{1,5})[-,](\d{1,5})/.exec(
    attribute(lines, 'framesize')?.replace(/^\d+ /, '') ?? attribute(lines, 'x-dimensions') ?? '',
  )
  return [
    {
      kind: media[1] ?? '',
      payloadType,
      encoding: map?.[2]?.toUpperCase() ?? encoding,
      clockRate: Number(map?.[3] ?? clockRate),
      channels: Number(map?.[4] ?? 1),
      parameters: readParameters(attribute(lines, 'fmtp', payloadType)),
      control: attribute(lines, 'control'),
      dimensions: size ? { width: Number(size[1]), height: Number(size[2]) } : undefined,
    },
  ]
}

/** The value of the first a=name line; with a payload type only of a line for it. */
function attribute(lines: readonly string[], name: string, payloadType?: number): string | undefined {
  const start = `a=${name}:`
  for (const line of lines) {
    if (!line.startsWith(start)) continue
    const value = line.slice(start.length).trim()
    if (payloadType === undefined || Number.parseInt(value, 10) === payloadType) return value
  }
  return undefined
}

/** `96 profile-level-id=42;config=1408` to a map; a value may hold further equal signs (base64). */
function readParameters(value: string | undefined): Map<string, string> {
  const parameters = new Map<string, string>()
  for (const part of (value ?? '').replace(/^\d+\s+/, '').split(';', 64)) {
    const equals = part.indexOf('=')
    if (equals > 0) parameters.set(part.slice(0, equals).trim().toLowerCase(), part.slice(equals + 1).trim())
  }
  return parameters
}

function unsupported(message: string): AppError {
  return new AppError('camera_unsupported', message)
}
