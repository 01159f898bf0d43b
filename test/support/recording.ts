/** Builders and small fakes for tests of recording. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '../../server/src/lib/clock.ts'
import type { AudioFormat, Packet, VideoFormat } from '../../server/src/lib/packet.ts'
import { RecordingVolume } from '../../server/src/record/disk-health.ts'

export const cameraId = '01JD0000000000000000000CAM'
export const volumeId = '01JD0000000000000000000V0X'
export const runId = '01JD0000000000000000000RVN'

export const videoFormat: VideoFormat = {
  kind: 'video',
  codec: 'h264',
  width: 320,
  height: 180,
  codecString: 'avc1.640028',
  parameterSets: [Buffer.from('6764000cacd941419f', 'hex'), Buffer.from('68ebe3cb22c0', 'hex')],
}
export const audioFormat: AudioFormat = {
  kind: 'audio',
  codec: 'aac',
  sampleRate: 16_000,
  channels: 1,
  config: Buffer.from('1408', 'hex'),
}

/** A well-formed sample: one NAL unit of `size` bytes behind its length. */
export function sampleBytes(size: number, fill = 0x55): Buffer {
  const data = Buffer.alloc(4 + size, fill)
  data.writeUInt32BE(size)
  return data
}

/** A frame at `atMs` since the camera started; captured at the same time of 1970 unless told. */
export function frame(atMs: number, isKey = false, more: Partial<Packet> = {}): Packet {
  const base = { format: videoFormat, isKey, pts: Math.round(atMs * 90), timescale: 90_000, run: 1, captureMs: atMs }
  return { ...base, data: sampleBytes(isKey ? 300 : 50), ...more }
}

/** Frames of a steady camera from `fromMs` on. */
export function frames(seconds: number, options: { fromMs?: number; fps?: number; gopFrames?: number } = {}): Packet[] {
  const { fromMs = 0, fps = 25, gopFrames = 25 } = options
  const count = Math.round(seconds * fps)
  return Array.from({ length: count }, (_, i) => frame(fromMs + (i * 1000) / fps, i % gopFrames === 0))
}

/** A volume on a temporary folder, marker and all. */
export function temporaryVolume(clock: Clock) {
  const path = mkdtempSync(join(tmpdir(), 'vedette-volume-'))
  writeFileSync(join(path, '.vedette-volume'), JSON.stringify({ id: volumeId }))
  const volume = new RecordingVolume({ id: volumeId, path, clock })
  return { path, volume, remove: () => rmSync(path, { recursive: true, force: true }) }
}
