/**
 * Two UDP sockets on neighbouring ports, the even one for RTP and the odd one for RTCP. They listen only on the local
 * address of the camera's TCP connection and hear only datagrams from the checked address and the ports it named.
 */
import { createSocket, type Socket } from 'node:dgram'
import { AppError } from '../lib/app-error.ts'
import type { CheckedAddress } from './resolve-checked.ts'

export interface UdpPairOptions {
  readonly remote: CheckedAddress
  readonly localAddress: string
  /** The datagram is a buffer of its own: it may be kept. */
  readonly onRtp: (datagram: Buffer) => void
  readonly onRtcp: (datagram: Buffer) => void
}

/** Linux caps this at net.core.rmem_max; a key frame must fit or its packets are lost. */
const receiveBytes = 4 * 1024 * 1024

export class UdpPair {
  readonly rtpPort: number
  readonly #sockets: readonly [Socket, Socket]
  readonly #remote: CheckedAddress
  #remotePorts: readonly [number, number] | undefined
  #isClosed = false
  /** Datagrams from strangers. */
  refused = 0

  private constructor(rtp: Socket, rtcp: Socket, options: UdpPairOptions) {
    this.rtpPort = rtp.address().port
    this.#sockets = [rtp, rtcp]
    this.#remote = options.remote
    for (const [index, socket] of this.#sockets.entries()) {
      const receive = index === 0 ? options.onRtp : options.onRtcp
      socket.on('error', () => this.close()) // Only silence follows: the stream counts as stalled.
      socket.on('message', (datagram, from) => {
        const port = this.#remotePorts?.[index]
        if (from.address === this.#remote.address && (port === undefined || from.port === port)) receive(datagram)
        else this.refused++
      })
    }
  }

  /** Throws camera_unreachable when no pair of ports is free. */
  static async open(options: UdpPairOptions): Promise<UdpPair> {
    for (let attempt = 0; attempt < 30; attempt++) {
      const rtp = await bind(options, 0)
      const port = rtp?.address().port ?? 0
      const rtcp = rtp && port % 2 === 0 ? await bind(options, port + 1) : undefined
      if (rtp && rtcp) return new UdpPair(rtp, rtcp, options)
      rtp?.close()
    }
    throw new AppError('camera_unreachable', 'No two UDP ports are free on this machine. Use TCP for this camera.')
  }

  /** The camera's ports, when it tells them: from now on others are strangers. Opens the way back through firewalls. */
  setRemotePorts(rtp: number, rtcp: number): void {
    this.#remotePorts = [rtp, rtcp]
    // An RTP header without payload and an empty receiver report.
    this.#send(0, Buffer.from('800000000000000000000000', 'hex'))
    this.sendRtcp(Buffer.from('80c9000100000000', 'hex'))
  }

  sendRtcp(report: Buffer): void {
    this.#send(1, report)
  }

  #send(index: 0 | 1, bytes: Buffer): void {
    const port = this.#remotePorts?.[index]
    // What happens to a report is nobody's concern; the callback keeps an error from being thrown.
    if (port && !this.#isClosed) this.#sockets[index].send(bytes, port, this.#remote.address, () => {})
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    for (const socket of this.#sockets) socket.close()
  }
}

/** undefined when the port is taken. */
function bind(options: UdpPairOptions, port: number): Promise<Socket | undefined> {
  const socket = createSocket({
    type: options.remote.family === 4 ? 'udp4' : 'udp6',
    recvBufferSize: receiveBytes,
    lookup: (host, _options, done) => done(null, host, options.remote.family),
  })
  return new Promise((resolve) => {
    socket.once('error', () => {
      socket.close()
      resolve(undefined)
    })
    socket.bind({ port, address: options.localAddress, exclusive: true }, () => resolve(socket))
  })
}
