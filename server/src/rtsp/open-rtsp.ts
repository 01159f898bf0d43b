/**
 * Opens a camera's stream: connects, follows at most two redirects, sets the tracks up and plays.
 * In:  an address without credentials, and `connect` from net/, which checks every address that a redirect leads to.
 * Out: packets through `onPacket`, from before openRtsp returns; an RtspSession.
 */
import { AppError } from '../lib/app-error.ts'
import type { Clock } from '../lib/clock.ts'
import type { AudioFormat, Packet } from '../lib/packet.ts'
import type { Connect } from '../net/connect.ts'
import type { UdpPair } from '../net/udp-pair.ts'
import type { CaptureClock } from './capture-clock.ts'
import { type ChosenTrack, chooseTracks } from './choose-tracks.ts'
import { RtpTrack } from './rtp-track.ts'
import type { RtspAddress } from './rtsp-address.ts'
import { type Description, describe, play, resolveControl } from './rtsp-handshake.ts'
import { RtspLink } from './rtsp-link.ts'
import { RtspSession } from './rtsp-session.ts'
import { setUpTracks, type Transport } from './rtsp-transport.ts'

export interface RtspOptions {
  readonly address: RtspAddress
  /** Empty or absent: none are sent. They never go to another host than the address's. */
  readonly username?: string
  readonly password?: string
  readonly transport: Transport
  /** False leaves the camera's audio alone. */
  readonly withAudio: boolean
  readonly connect: Connect
  readonly clock: Clock
  readonly captureClock: CaptureClock
  /** Ends the attempt with the signal's reason, and later the session. */
  readonly signal: AbortSignal
  /** The `run` of the first packets: larger than any of the session before (facts().nextRun). */
  readonly firstRun?: number
  /** No picture for so long ends the session as stalled. */
  readonly stallMs?: number
  /** Called for each packet, from inside the read; what it throws ends this session. */
  readonly onPacket: (packet: Packet) => void
  /** The sound that was announced and set up, before any packet. */
  readonly onOfferedAudio?: (format: AudioFormat | undefined) => void
}

const maxRedirects = 2

/**
 * Throws address_refused, bad_request (a user name that cannot be sent) and camera_*: unreachable, unauthorized,
 * path_not_found, unsupported, not_rtsp, key_changed.
 */
export async function openRtsp(options: RtspOptions): Promise<RtspSession> {
  let address = options.address
  for (let redirects = 0; ; redirects++) {
    options.signal.throwIfAborted()
    const opening = RtspLink.open({ ...options, address, credentials: credentialsFor(address, options) })
    const link = await (redirects === 0 ? opening : opening.catch(sentThere))
    const hangUp = () => link.destroy(new AppError('camera_unreachable', 'The attempt was given up.'))
    options.signal.addEventListener('abort', hangUp, { once: true })
    let session: RtspSession | undefined
    try {
      const description = await describe(link, address)
      if ('sdp' in description) {
        session = await start(link, description, options)
        return session
      }
      if (redirects === maxRedirects) throw new AppError('camera_unsupported', 'The camera sends us around in circles.')
      address = description.redirect
    } finally {
      options.signal.removeEventListener('abort', hangUp)
      if (!session) {
        hangUp()
        options.signal.throwIfAborted() // Whoever gives up hears the reason given, not its consequence.
      }
    }
  }
}

async function start(
  link: RtspLink,
  { sdp, base }: Extract<Description, { sdp: unknown }>,
  options: RtspOptions,
): Promise<RtspSession> {
  const { transport, clock } = options
  const chosen = chooseTracks(sdp, options.withAudio).map((one) => ({
    track: makeTrack(one, options),
    uri: resolveControl(base, one.control),
  }))
  const ports: UdpPair[] = []
  let isPlaying = false
  try {
    const { timeoutS } = await setUpTracks(link, chosen, { transport, clock, ports })
    options.onOfferedAudio?.(chosen.map(({ track }) => track.format).find((format) => format?.kind === 'audio'))
    const uri = resolveControl(base, sdp.control)
    await play(link, uri)
    isPlaying = true
    const tracks = chosen.map(({ track }) => track)
    const { signal, stallMs = 10_000 } = options
    return new RtspSession({ link, tracks, ports, transport, uri, timeoutS, clock, signal, stallMs })
  } finally {
    if (!isPlaying) for (const pair of ports) pair.close()
  }
}

function makeTrack(chosen: ChosenTrack, { captureClock, onPacket, firstRun = 0 }: RtspOptions): RtpTrack {
  return new RtpTrack({ ...chosen, captureClock, onPacket, firstRun })
}

/** Without this the sentence would speak of an address that nobody has typed. */
function sentThere(error: unknown): never {
  if (!(error instanceof AppError) || error.code !== 'address_refused') throw error
  throw new AppError('address_refused', `The camera sends us on to another address. ${error.message}`, { cause: error })
}

function credentialsFor(address: RtspAddress, { address: asked, username, password }: RtspOptions) {
  const isSameHost = address.host === asked.host && (address.tls || !asked.tls)
  return username && isSameHost ? { username, password: password ?? '' } : undefined
}
