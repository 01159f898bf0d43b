/** RTP payloads that are one audio frame each: G.711 (RFC 3551) and Opus (RFC 7587). */
import type { AudioFormat } from '../lib/packet.ts'
import type { Depacketizer, OnUnit } from './depacketizer.ts'
import { UnitBuffer } from './unit-buffer.ts'

export function depacketizeFrames(format: AudioFormat, onUnit: OnUnit): Depacketizer {
  const unit = new UnitBuffer(16 * 1024)
  return {
    push(bytes, start, end, _isMarked, rtpTime) {
      if (start >= end) return // Silence suppression sends empty packets.
      unit.append(bytes, start, end)
      onUnit(unit.take(), rtpTime, true, format)
    },
    lost: () => {},
    format,
    damaged: 0,
    early: 0,
  }
}
