/**
 * Reads and changes in place the few MP4 fields that playback needs. Offsets inside fragments are those of our own
 * writer (shared/src/fmp4.ts); the fragment index has checked them before (record/scan-fragments.ts).
 */
import { audioTrackId, videoTrackId } from '@vedette/shared/fmp4.ts'
import type { VideoCodec } from '../lib/packet.ts'

interface Box {
  readonly type: string
  /** Of the box, in the buffer walked. */
  readonly offset: number
  readonly body: Buffer
}

/** Child boxes of `bytes`; stops at the first that does not fit. */
export function boxesIn(bytes: Buffer): Box[] {
  const boxes: Box[] = []
  for (let at = 0; at + 8 <= bytes.length && boxes.length < 64; ) {
    const size = bytes.readUInt32BE(at)
    if (size < 8 || at + size > bytes.length) break
    boxes.push({ type: bytes.toString('latin1', at + 4, at + 8), offset: at, body: bytes.subarray(at + 8, at + size) })
    at += size
  }
  return boxes
}

function find(bytes: Buffer | undefined, ...path: readonly string[]): Buffer | undefined {
  let found = bytes
  for (const type of path) found = found && boxesIn(found).find((box) => box.type === type)?.body
  return found
}

/** Undefined where the box is missing or too short: an init segment may come from any file. */
const u32At = (body: Buffer | undefined, offset: number) =>
  body && body.length >= offset + 4 ? body.readUInt32BE(offset) : undefined

/** tkhd version 0: version and flags, two times, then the id. */
const trackIdOf = (trak: Buffer) => u32At(find(trak, 'tkhd'), 12)

function trakOf(init: Buffer, trackId: number): Buffer | undefined {
  const moov = find(init, 'moov')
  return moov && boxesIn(moov).find((box) => box.type === 'trak' && trackIdOf(box.body) === trackId)?.body
}

/** Ticks per second of the sound; undefined where there is none. */
export function audioTicksPerS(init: Buffer): number | undefined {
  const trak = trakOf(init, audioTrackId)
  return u32At(find(trak, 'mdia', 'mdhd'), 12)
}

export interface VideoConfig {
  readonly codec: VideoCodec
  /** NAL units as in lib/packet.ts. */
  readonly parameterSets: readonly Buffer[]
}

/** How to decode the pictures behind `init` (ftyp and moov); undefined where it does not say. */
export function videoConfig(init: Buffer): VideoConfig | undefined {
  const stsd = find(trakOf(init, videoTrackId), 'mdia', 'minf', 'stbl', 'stsd')
  const entry = stsd && boxesIn(stsd.subarray(8))[0]
  if (!entry) return undefined
  const inside = entry.body.subarray(78) // The fixed fields of a visual sample entry.
  const avcC = find(inside, 'avcC')
  if (avcC) return { codec: 'h264', parameterSets: avcSets(avcC) }
  const hvcC = find(inside, 'hvcC')
  if (hvcC) return { codec: 'hevc', parameterSets: hevcSets(hvcC) }
  return { codec: 'mjpeg', parameterSets: [] }
}

/** ISO 14496-15 5.3.3.1: five fixed bytes, then counted lists of SPS and PPS. */
function avcSets(avcC: Buffer): Buffer[] {
  const sets: Buffer[] = []
  let at = 5
  for (let list = 0; list < 2; list++) {
    const count = (avcC[at++] ?? 0) & (list === 0 ? 31 : 255)
    at = takeSets(avcC, at, count, sets)
  }
  return sets
}

/** ISO 14496-15 8.3.3.1: 22 fixed bytes, then arrays of VPS, SPS and PPS. */
function hevcSets(hvcC: Buffer): Buffer[] {
  const sets: Buffer[] = []
  let at = 23
  for (let arrays = hvcC[22] ?? 0; arrays > 0 && at + 3 <= hvcC.length; arrays--)
    at = takeSets(hvcC, at + 3, hvcC.readUInt16BE(at + 1), sets)
  return sets
}

function takeSets(bytes: Buffer, from: number, count: number, sets: Buffer[]): number {
  let at = from
  for (let i = 0; i < count && at + 2 <= bytes.length; i++) {
    const end = at + 2 + bytes.readUInt16BE(at)
    if (end > bytes.length) return bytes.length
    sets.push(bytes.subarray(at + 2, end))
    at = end
  }
  return at
}

/** Makes a copy of ftyp and moov in which nothing speaks of sound; its size stays. */
export function muteInit(init: Buffer): Buffer {
  const muted = Buffer.from(init)
  const moov = find(muted, 'moov')
  for (const box of moov ? boxesIn(moov) : []) {
    if (moov && box.type === 'trak' && trackIdOf(box.body) === audioTrackId)
      moov.write('free', box.offset + 4, 'latin1')
    if (box.type !== 'mvex') continue
    for (const trex of boxesIn(box.body))
      if (u32At(trex.body, 4) === audioTrackId) box.body.write('free', trex.offset + 4, 'latin1')
  }
  return muted
}

/** A track's part of a moof: traf { tfhd(16) tfdt(20) trun }. */
interface Traf {
  readonly trackId: number
  /** Of the traf's box in the moof. */
  readonly offset: number
  /** Of tfdt's 64-bit time in the moof. */
  readonly timeAt: number
  readonly trun: Buffer
}

/** Up to the first sample's row; a shorter one is none of ours, and may come from any file. */
const trafBytes = 16 + 20 + 8 + 12

function trafsOf(moof: Buffer): Traf[] {
  return boxesIn(moof.subarray(8))
    .filter((box) => box.type === 'traf' && box.body.length >= trafBytes)
    .map((box) => ({
      trackId: box.body.readUInt32BE(12),
      offset: box.offset + 8,
      timeAt: box.offset + 8 + 8 + 16 + 12,
      trun: box.body.subarray(16 + 20 + 8),
    }))
}

/** Decode time of a track's first sample in a moof, in its own ticks. */
export function decodeTicksOf(moof: Buffer, trackId: number): number | undefined {
  const traf = trafsOf(moof).find((t) => t.trackId === trackId)
  return traf && Number(moof.readBigUInt64BE(traf.timeAt))
}

/** The video samples of a moof: where each lies (from the moof's start), how long it is shown. */
export function videoSamples(moof: Buffer): { offset: number; sizeBytes: number; durationTicks: number }[] {
  const trun = trafsOf(moof).find((t) => t.trackId === videoTrackId)?.trun
  if (!trun) return []
  const rowBytes = trun.readUInt32BE(0) & 0x08_00 ? 16 : 12
  const samples = []
  let offset = trun.readInt32BE(8)
  for (let at = 12; at + rowBytes <= trun.length; at += rowBytes) {
    const sizeBytes = trun.readUInt32BE(at + 4)
    samples.push({ offset, sizeBytes, durationTicks: trun.readUInt32BE(at) })
    offset += sizeBytes
  }
  return samples
}

/** Where a fragment goes on another time line. */
export interface Move {
  readonly sequence: number
  readonly videoTicks: number
  readonly audioTicks: number
}

/** Changes a moof in place: sequence number and decode times. */
export function moveFragment(moof: Buffer, move: Move): void {
  if (moof.length >= 24) moof.writeUInt32BE(move.sequence, 20) // moof { mfhd is always first
  for (const traf of trafsOf(moof)) {
    const ticks = BigInt(traf.trackId === audioTrackId ? move.audioTicks : move.videoTicks)
    const moved = moof.readBigUInt64BE(traf.timeAt) + ticks
    moof.writeBigUInt64BE(moved > 0n ? moved : 0n, traf.timeAt)
  }
}

/** Hides the sound in a moof; the answer is where its bytes begin, from the moof's start (they reach to the mdat's end). */
export function muteFragment(moof: Buffer): number {
  const audio = trafsOf(moof).find((t) => t.trackId === audioTrackId)
  if (!audio) return Number.POSITIVE_INFINITY
  moof.write('free', audio.offset + 4, 'latin1')
  return audio.trun.readInt32BE(8)
}
