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
}

/** Each call connects anew, to checked addresses only (SECURITY.md R15). */
export function openSession(target: StreamTarget, { clock, allowLoopback }: EgressDeps): OpenSession {
  const connect = cameraConnect({ purpose: 'camera', allowLoopback })
  const { address, ...rest } = target
  return (start, signal) => openRtsp({ ...rest, ...start, address: splitAddress(address), connect, clock, signal })
}
