/** Joins ingest's idea of a session with the RTSP client's: where to connect, under which policy, with which credentials. */
import type { OpenSession } from './ingest/camera-source.ts'
import type { Clock } from './lib/clock.ts'
import { cameraConnect } from './net/connect.ts'
import { openRtsp } from './rtsp/open-rtsp.ts'
import { splitAddress } from './rtsp/rtsp-address.ts'

export interface StreamTarget {
  readonly address: string
  readonly username: string
  readonly password: string
  readonly transport: 'tcp' | 'udp'
  /** Ask for the sound as well. */
  readonly withAudio: boolean
}

export interface EgressDeps {
  readonly clock: Clock
  readonly allowLoopback: boolean
  /** Over TLS: the key that the camera must show; null: not known yet. Asked at each connection. */
  readonly trustedKey: () => string | null
  /** The key that the camera showed, and whether the stream plays with it. */
  readonly onKey: (keySha256: string, isAccepted: boolean) => void
}

/** Each call connects anew, to checked addresses only (SECURITY.md R15). */
export function openSession(target: StreamTarget, deps: EgressDeps): OpenSession {
  const { clock, allowLoopback, trustedKey, onKey } = deps
  const { address, ...rest } = target
  return async (start, signal) => {
    const trusted = trustedKey() ?? undefined
    const connect = cameraConnect({ purpose: 'camera', allowLoopback }, trusted, (shown) => onKey(shown, false))
    const session = await openRtsp({ ...rest, ...start, address: splitAddress(address), connect, clock, signal })
    const { keySha256 } = session.facts()
    if (keySha256) onKey(keySha256, true)
    return session
  }
}
