/**
 * The note inside every picture: an SEI message (user data unregistered) with
 * `VEDETTE <camera> <stream> <frame number, 10 digits> <unix µs when sent, 16 digits>`.
 * Recordings are checked frame by frame with it, and latency is measured.
 */
import type { NalCodec } from './nal-units.ts'

export interface Stamp {
  readonly camera: string
  readonly stream: string
  /** Counts the camera's frames since it was switched on, skipped ones too. */
  readonly frame: number
  readonly sentUs: number
}

/** No zero byte in it, nor in the text: the SEI needs no emulation prevention. */
const uuid = Buffer.from('7664747465737443616d657261534549', 'hex')
const text = /VEDETTE (\S+) (\S+) (\d{10}) (\d{16})/

/** The SEI as a NAL unit; written anew per frame by `setStamp`. */
export function stampUnit(codec: NalCodec, camera: string, stream: string): Buffer {
  const words = Buffer.from(`VEDETTE ${camera} ${stream} ${'0'.repeat(10)} ${'0'.repeat(16)}`, 'ascii')
  const payload = Buffer.concat([uuid, words])
  if (payload.length > 254 || words.includes(0)) throw new Error('camera or stream name unfit for a stamp')
  const head = codec === 'h264' ? [6] : [39 << 1, 1]
  return Buffer.concat([Buffer.from([...head, 5, payload.length]), payload, Buffer.from([0x80])])
}

/** Writes number and time into bytes that end with a stamp unit. */
export function setStamp(bytes: Buffer, frame: number, sentUs: number): void {
  const at = bytes.length - 28
  bytes.write(String(frame).padStart(10, '0'), at, 'ascii')
  bytes.write(String(sentUs).padStart(16, '0'), at + 11, 'ascii')
}

/** Finds the stamp of an access unit, whatever the framing around its NAL units. */
export function readStamp(accessUnit: Buffer): Stamp | undefined {
  const at = accessUnit.indexOf(uuid)
  if (at < 0) return undefined
  const found = text.exec(accessUnit.toString('latin1', at + uuid.length, at + 300))
  if (!found) return undefined
  const [, camera = '', stream = '', frame = '', sentUs = ''] = found
  return { camera, stream, frame: Number(frame), sentUs: Number(sentUs) }
}

/** Unix microseconds now; the wall clock's milliseconds, refined by the monotonic clock while the two agree. */
export function unixUs(): number {
  const fineMs = performance.timeOrigin + performance.now()
  const coarseMs = Date.now()
  return Math.round((Math.abs(fineMs - coarseMs) < 2 ? fineMs : coarseMs) * 1000)
}
