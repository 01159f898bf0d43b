/**
 * Walks a segment file from its head box on and lists its whole fragments, as our own writer makes them
 * (docs/design/storage.md, format v1). Anything else ends the walk: the file may be open, cut, damaged or hostile.
 * In: a positioned read. Out: fragments and where they end. Not here: hashing, repairing.
 */

/** Reads `length` bytes at `offset`, fewer at the end of the file. */
export type ReadAt = (offset: number, length: number) => Promise<Buffer>

export interface Fragment {
  /** Of the moof. */
  readonly offset: number
  /** moof and mdat. */
  readonly sizeBytes: number
  readonly moofBytes: number
  /** Decode time of the first video sample, 1/90000 s from the segment's start. */
  readonly tfdt: number
  readonly durationTicks: number
  /** Presentation time of the first video sample on the same axis. */
  readonly firstPts: number
  /** The first video sample is a key frame: a decoder can start here. */
  readonly isKey: boolean
  /** Video samples. */
  readonly frames: number
  readonly hasAudio: boolean
}

export interface TrackRun {
  readonly trackId: number
  readonly tfdt: number
  readonly durationTicks: number
  readonly firstOffsetTicks: number
  readonly isKey: boolean
  /** Bytes of each sample, in order. */
  readonly sizes: readonly number[]
  /** Of the first sample, from the moof's start. */
  readonly dataOffset: number
}

const maxMoofBytes = 1024 * 1024
const maxSamples = 20_000
const maxFragments = 100_000
const readAheadBytes = 4096

/** Lists the whole fragments between `from` and `sizeBytes`; `endOffset` is the end of the last one. */
export async function scanFragments(
  read: ReadAt,
  from: number,
  sizeBytes: number,
): Promise<{ readonly fragments: readonly Fragment[]; readonly endOffset: number }> {
  const fragments: Fragment[] = []
  let offset = from
  while (fragments.length < maxFragments) {
    const fragment = await readFragment(read, offset, sizeBytes)
    if (!fragment) break
    fragments.push(fragment)
    offset += fragment.sizeBytes
  }
  return { fragments, endOffset: offset }
}

async function readFragment(read: ReadAt, offset: number, sizeBytes: number): Promise<Fragment | undefined> {
  if (sizeBytes - offset < 16) return undefined
  let bytes = await read(offset, Math.min(readAheadBytes, sizeBytes - offset))
  if (bytes.length < 16 || bytes.toString('latin1', 4, 8) !== 'moof') return undefined
  const moofBytes = bytes.readUInt32BE(0)
  if (moofBytes < 16 || moofBytes > maxMoofBytes || offset + moofBytes + 8 > sizeBytes) return undefined
  if (bytes.length < moofBytes + 8) bytes = await read(offset, moofBytes + 8)
  if (bytes.length < moofBytes + 8 || bytes.toString('latin1', moofBytes + 4, moofBytes + 8) !== 'mdat')
    return undefined
  const mdatBytes = bytes.readUInt32BE(moofBytes)
  if (mdatBytes < 8 || offset + moofBytes + mdatBytes > sizeBytes) return undefined
  const runs = parseMoof(bytes.subarray(0, moofBytes))
  const video = runs?.find((run) => run.trackId === 1)
  if (!runs || !video || !runsFillMdat(runs, moofBytes, mdatBytes)) return undefined
  return {
    offset,
    sizeBytes: moofBytes + mdatBytes,
    moofBytes,
    tfdt: video.tfdt,
    durationTicks: video.durationTicks,
    firstPts: video.tfdt + video.firstOffsetTicks,
    isKey: video.isKey,
    frames: video.sizes.length,
    hasAudio: runs.some((run) => run.trackId === 2),
  }
}

/** Our writer puts the tracks' samples one after the other and nothing else into the mdat. */
function runsFillMdat(runs: readonly TrackRun[], moofBytes: number, mdatBytes: number): boolean {
  let at = moofBytes + 8
  for (const run of runs) {
    if (run.dataOffset !== at) return false
    for (const size of run.sizes) at += size
  }
  return at === moofBytes + mdatBytes
}

/** The track runs of a whole moof box; undefined where it is not one of ours. */
export function parseMoof(moof: Buffer): readonly TrackRun[] | undefined {
  const runs: TrackRun[] = []
  let seen = ''
  for (const [type, body] of childBoxes(moof.subarray(8))) {
    seen += type
    const run = type === 'traf' ? parseTraf(body) : undefined
    if (type === 'traf' && !run) return undefined
    if (run) runs.push(run)
  }
  const ids = runs.map((run) => run.trackId).join()
  return /^mfhd(traf){1,2}$/.test(seen) && (ids === '1' || ids === '1,2') ? runs : undefined
}

function parseTraf(traf: Buffer): TrackRun | undefined {
  const boxes = childBoxes(traf)
  if (boxes.map(([type]) => type).join() !== 'tfhd,tfdt,trun') return undefined
  const [tfhd, tfdt, trun] = boxes.map(([, body]) => body)
  if (tfhd?.length !== 8 || tfhd.readUInt32BE(0) !== 0x02_00_00) return undefined
  if (tfdt?.length !== 12 || tfdt.readUInt32BE(0) !== 0x01_00_00_00) return undefined
  if (!trun || trun.length < 12) return undefined
  const time = tfdt.readBigUInt64BE(4)
  const times = parseTrun(trun)
  if (!times || time > BigInt(2 ** 52)) return undefined
  return { trackId: tfhd.readUInt32BE(4), tfdt: Number(time), ...times }
}

function parseTrun(trun: Buffer): Omit<TrackRun, 'trackId' | 'tfdt'> | undefined {
  const flags = trun.readUInt32BE(0)
  const hasOffsets = flags === 0x01_00_0f_01 // Version 1: signed composition offsets.
  if (!hasOffsets && flags !== 0x00_00_07_01) return undefined
  const samples = trun.readUInt32BE(4)
  const rowBytes = hasOffsets ? 16 : 12
  if (samples === 0 || samples > maxSamples || trun.length !== 12 + samples * rowBytes) return undefined
  const sizes: number[] = []
  let durationTicks = 0
  for (let at = 12; at < trun.length; at += rowBytes) {
    durationTicks += trun.readUInt32BE(at)
    sizes.push(trun.readUInt32BE(at + 4))
  }
  return {
    durationTicks,
    firstOffsetTicks: hasOffsets ? trun.readInt32BE(24) : 0,
    isKey: (trun.readUInt32BE(20) & 0x01_00_00) === 0, // sample_is_non_sync_sample
    sizes,
    dataOffset: trun.readInt32BE(8),
  }
}

/** The boxes that fill `bytes` exactly; none where they do not. */
function childBoxes(bytes: Buffer): (readonly [type: string, body: Buffer])[] {
  const boxes: (readonly [string, Buffer])[] = []
  let at = 0
  while (at < bytes.length) {
    const size = bytes.length - at >= 8 ? bytes.readUInt32BE(at) : 0
    if (size < 8 || at + size > bytes.length || boxes.length >= 16) return []
    boxes.push([bytes.toString('latin1', at + 4, at + 8), bytes.subarray(at + 8, at + size)])
    at += size
  }
  return boxes
}
