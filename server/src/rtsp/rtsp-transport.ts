/** How the packets of the chosen tracks come: on channels of the RTSP connection, or as datagrams on two ports each. */
import { AppError } from '../lib/app-error.ts'
import type { Clock } from '../lib/clock.ts'
import { UdpPair } from '../net/udp-pair.ts'
import { RtpReorder } from './rtp-reorder.ts'
import type { RtpTrack } from './rtp-track.ts'
import { readPair, setup } from './rtsp-handshake.ts'
import type { RtspLink } from './rtsp-link.ts'

export type Transport = 'tcp' | 'udp'

export interface TrackToSetUp {
  readonly track: RtpTrack
  /** Its control address, complete. */
  readonly uri: string
}

/** Sets all tracks up on `link`; returns the camera's session time-out and, for UDP, the open ports. */
export async function setUpTracks(
  link: RtspLink,
  tracks: readonly TrackToSetUp[],
  options: { readonly transport: Transport; readonly clock: Clock; readonly ports: UdpPair[] },
): Promise<{ timeoutS: number }> {
  let timeoutS = 3600
  for (const [index, { track, uri }] of tracks.entries()) {
    const answer =
      options.transport === 'tcp'
        ? await setUpChannels(link, track, uri, index * 2)
        : await setUpPorts(link, track, uri, options.clock, options.ports)
    timeoutS = Math.min(timeoutS, answer.timeoutS)
  }
  return { timeoutS }
}

async function setUpChannels(link: RtspLink, track: RtpTrack, uri: string, channel: number) {
  const answer = await setup(link, uri, `RTP/AVP/TCP;unicast;interleaved=${channel}-${channel + 1}`)
  if (!answer.isInterleaved) throw new AppError('camera_unsupported', 'The camera does not send over TCP. Try UDP.')
  const [rtp, rtcp] = readPair(answer.transport.get('interleaved')) ?? [channel, channel + 1]
  const isFree =
    link.addRoute(rtp, (bytes, start, end, arrivalMs) => track.onRtp(bytes, start, end, arrivalMs)) &&
    link.addRoute(rtcp, (bytes, start, end, arrivalMs) => track.onRtcp(bytes, start, end, arrivalMs))
  if (!isFree) throw new AppError('camera_unsupported', 'The camera puts two streams on one channel.')
  return answer
}

/** The open pair goes into `ports` at once, so that it is closed whatever happens next. */
async function setUpPorts(link: RtspLink, track: RtpTrack, uri: string, clock: Clock, ports: UdpPair[]) {
  const { address, socket } = link.connection
  const order = new RtpReorder((datagram) => track.onRtp(datagram, 0, datagram.length, clock.monotonicMs()))
  const pair = await UdpPair.open({
    remote: address,
    localAddress: socket.localAddress ?? '',
    onRtp: (datagram) => link.guard(datagram.length, () => order.push(datagram)),
    onRtcp: (datagram) =>
      link.guard(datagram.length, () => track.onRtcp(datagram, 0, datagram.length, clock.monotonicMs())),
  })
  ports.push(pair)
  const answer = await setup(link, uri, `RTP/AVP;unicast;client_port=${pair.rtpPort}-${pair.rtpPort + 1}`)
  if (answer.isInterleaved) throw new AppError('camera_unsupported', 'The camera does not send over UDP. Try TCP.')
  const remote = readPair(answer.transport.get('server_port'))
  if (remote && Math.max(...remote) <= 65_535 && Math.min(...remote) > 0) pair.setRemotePorts(...remote)
  return answer
}
