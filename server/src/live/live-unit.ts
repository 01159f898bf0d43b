/** One frame as it goes out on the WebSocket. Built once, shared by all viewers: nobody changes its bytes. */
import type { LiveMetadata } from '@vedette/shared/live.ts'
import { liveHeaderBytes, liveType, writeLiveHeader } from '@vedette/shared/live-frame.ts'

export interface LiveUnit {
  readonly kind: 'video' | 'audio'
  readonly isKey: boolean
  /** Header and payload. */
  readonly bytes: Buffer
}

/** Copies the payload, so that a unit kept in memory does not hold on to the larger chunk that it arrived in. */
export function liveUnit(kind: 'video' | 'audio', isKey: boolean, captureMs: number, payload: Uint8Array): LiveUnit {
  return { kind, isKey, bytes: frame(liveType[kind], isKey, captureMs / 1000, payload) }
}

export function metadataBytes(metadata: LiveMetadata, nowMs: number): Buffer {
  return frame(liveType.metadata, false, nowMs / 1000, Buffer.from(JSON.stringify(metadata)))
}

/** The answer to a client's clock question: our time, and theirs as they sent it. */
export function clockBytes(nowMs: number, clientS: number): Buffer {
  const echo = Buffer.alloc(8)
  echo.writeDoubleLE(clientS)
  return frame(liveType.clock, false, nowMs / 1000, echo)
}

function frame(type: number, isKey: boolean, captureS: number, payload: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(liveHeaderBytes + payload.length)
  writeLiveHeader(bytes, type, isKey, captureS)
  bytes.set(payload, liveHeaderBytes)
  return bytes
}
