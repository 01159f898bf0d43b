/**
 * Reads the times of the pictures out of fragmented MP4 as it streams by (ISO 14496-12 moof/traf/tfdt/trun, video track 1).
 * The player needs them to land on a frame, to step by one, and to know where on the clock a fragment lies.
 *
 * In: a segment's bytes from the beginning of some box on, cut anywhere. Bytes inside mdat are skipped, not kept.
 */
import { videoTimescale, videoTrackId } from '@vedette/shared/fmp4.ts'

/** A moof larger than this is none of ours. */
const maxMoofBytes = 4 * 1024 * 1024

export class FragmentTimes {
  /** The begin of a box that has not arrived in full. */
  #rest = new Uint8Array()
  /** Bytes of a box that nobody reads, still to come. */
  #skipBytes = 0

  /** Presentation times of the pictures in fragments that `bytes` completes: seconds of media time, ascending per fragment. */
  push(bytes: Uint8Array): number[] {
    const data = this.#rest.length > 0 ? concat(this.#rest, bytes) : bytes
    const view = new DataView(data.buffer, data.byteOffset, data.length)
    const times: number[] = []
    let at = Math.min(this.#skipBytes, data.length)
    this.#skipBytes -= at
    while (data.length - at >= 8) {
      const size = view.getUint32(at)
      const isMoof = view.getUint32(at + 4) === moof
      if (size < 8 || (isMoof && size > maxMoofBytes)) throw new Error('These are not the bytes of a recording')
      if (isMoof && data.length - at < size) break
      if (isMoof) times.push(...readMoof(view, at + 8, at + size))
      const taken = Math.min(size, data.length - at)
      this.#skipBytes = size - taken
      at += taken
    }
    this.#rest = data.slice(at)
    return times
  }
}

const fourCc = (name: string) => [...name].reduce((value, c) => value * 256 + c.charCodeAt(0), 0)
const moof = fourCc('moof')
const traf = fourCc('traf')
const tfhd = fourCc('tfhd')
const tfdt = fourCc('tfdt')
const trun = fourCc('trun')

function* boxes(view: DataView, from: number, to: number): Generator<{ type: number; at: number; end: number }> {
  for (let at = from; at + 8 <= to; ) {
    const size = view.getUint32(at)
    if (size < 8 || at + size > to) return
    yield { type: view.getUint32(at + 4), at: at + 8, end: at + size }
    at += size
  }
}

function readMoof(view: DataView, from: number, to: number): number[] {
  for (const track of boxes(view, from, to)) {
    if (track.type !== traf) continue
    const inside = [...boxes(view, track.at, track.end)]
    const header = inside.find((box) => box.type === tfhd)
    const decode = inside.find((box) => box.type === tfdt)
    if (!header || !decode || view.getUint32(header.at + 4) !== videoTrackId) continue
    const isLong = view.getUint8(decode.at) === 1
    const startTicks = isLong ? Number(view.getBigUint64(decode.at + 4)) : view.getUint32(decode.at + 4)
    const ticks = inside.filter((box) => box.type === trun).flatMap((run) => readRun(view, run.at, run.end, startTicks))
    return ticks.sort((a, b) => a - b).map((tick) => tick / videoTimescale)
  }
  return []
}

/** One trun: our files hold one per track. Rows have a duration each (fmp4.ts); a run without them is told as one picture. */
function readRun(view: DataView, at: number, end: number, startTicks: number): number[] {
  const flags = view.getUint32(at) & 0xffffff
  const count = view.getUint32(at + 4)
  const has = (flag: number) => (flags & flag) !== 0
  const rowBytes = 4 * [0x100, 0x200, 0x400, 0x800].filter(has).length
  let row = at + 8 + (has(0x1) ? 4 : 0) + (has(0x4) ? 4 : 0)
  if (!has(0x100) || row + count * rowBytes > end) return [startTicks]
  const offsetAt = 4 * [0x100, 0x200, 0x400].filter(has).length
  const ticks: number[] = []
  let decodeTicks = startTicks
  for (let i = 0; i < count; i++) {
    ticks.push(decodeTicks + (has(0x800) ? view.getInt32(row + offsetAt) : 0))
    decodeTicks += view.getUint32(row)
    row += rowBytes
  }
  return ticks
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = new Uint8Array(a.length + b.length)
  out.set(a)
  out.set(b, a.length)
  return out
}
