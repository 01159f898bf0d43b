/** An even and the following odd UDP port, for RTP and RTCP (RFC 3550 §11). */
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'

export interface UdpPair {
  readonly rtp: Socket
  readonly rtcp: Socket
  readonly port: number
  close(): void
}

async function bound(port: number): Promise<Socket | undefined> {
  const socket = createSocket({ type: 'udp4', sendBufferSize: 1024 * 1024 })
  socket.bind(port, '127.0.0.1')
  try {
    await once(socket, 'listening')
  } catch {
    return undefined // The neighbour of a free port need not be free: the caller tries another pair.
  }
  socket.on('error', () => undefined) // The receiver is gone: its TCP connection says so.
  return socket
}

export async function openUdpPair(): Promise<UdpPair> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const rtp = await bound(0)
    const port = rtp?.address().port ?? 1
    const rtcp = port % 2 === 0 ? await bound(port + 1) : undefined
    if (rtp && rtcp) {
      return {
        rtp,
        rtcp,
        port,
        close: () => {
          rtp.close()
          rtcp.close()
        },
      }
    }
    rtp?.close()
  }
  throw new Error('no free pair of UDP ports')
}
