/**
 * Fragmented MP4 (ISO 14496-12): the init segment and the head of a fragment. The samples' bytes are not copied: a
 * writer sends the head and then the samples in the order given. Track 1 is video, track 2 audio.
 * Used by the recorder (files) and by the web (MediaSource), so only Uint8Array and DataView.
 */
import { box, join, text, u8, u16, u32, zeros } from './mp4-box.ts'
import { type AudioTrack, audioEntry, type VideoTrack, videoEntry } from './sample-entry.ts'

export type { AudioTrack } from './sample-entry.ts'

export const videoTrackId = 1
export const audioTrackId = 2
/** Ticks per second of every video track. */
export const videoTimescale = 90_000
/** Ticks per second of an audio track: its sample rate (Opus always counts in 48 kHz). */
export const audioTimescale = (track: AudioTrack): number => (track.codec === 'opus' ? 48_000 : track.sampleRate)

export interface Sample {
  readonly sizeBytes: number
  readonly durationTicks: number
  readonly isKey: boolean
  /** Presentation minus decode time; not 0 only where a camera sends B frames. */
  readonly offsetTicks: number
}
export interface TrackFragment {
  readonly trackId: number
  /** Decode time of the first sample, in the track's ticks since the init segment. */
  readonly decodeTicks: number
  readonly samples: readonly Sample[]
}

/** ftyp and moov. At least one track. */
export function initSegment(tracks: {
  video?: VideoTrack | undefined
  audio?: AudioTrack | undefined
}): Uint8Array<ArrayBuffer> {
  const { video, audio } = tracks
  const traks: Uint8Array[] = []
  const extensions: Uint8Array[] = []
  if (video) {
    const media = [u32(1), zeros(8)]
    const shape = {
      id: videoTrackId,
      timescale: videoTimescale,
      handler: 'vide',
      width: video.width,
      height: video.height,
    }
    traks.push(trak({ ...shape, header: box('vmhd', ...media), entry: videoEntry(video) }))
    extensions.push(trex(videoTrackId))
  }
  if (audio) {
    const shape = { id: audioTrackId, timescale: audioTimescale(audio), handler: 'soun', width: 0, height: 0 }
    traks.push(trak({ ...shape, header: box('smhd', zeros(8)), entry: audioEntry(audio) }))
    extensions.push(trex(audioTrackId))
  }
  const mvhd = box('mvhd', u32(0, 0, 0, 1000, 0, 0x1_00_00), u16(0x01_00), zeros(10), unityMatrix, zeros(24), u32(3))
  const ftyp = box('ftyp', text('iso6'), u32(0), text('iso6iso2avc1mp41'))
  return join([ftyp, box('moov', mvhd, ...traks, box('mvex', ...extensions))])
}

const unityMatrix = u32(0x1_00_00, 0, 0, 0, 0x1_00_00, 0, 0, 0, 0x40_00_00_00)
const trex = (id: number) => box('trex', u32(0, id, 1, 0, 0, 0))

interface Trak {
  readonly id: number
  readonly timescale: number
  readonly handler: string
  readonly width: number
  readonly height: number
  readonly header: Uint8Array
  readonly entry: Uint8Array
}

function trak(track: Trak): Uint8Array {
  const isAudio = track.handler === 'soun'
  const placement = [zeros(8), u16(0, 0, isAudio ? 0x01_00 : 0, 0), unityMatrix]
  const tkhd = box('tkhd', u32(3, 0, 0, track.id, 0, 0), ...placement, u16(track.width, 0, track.height, 0))
  const mdhd = box('mdhd', u32(0, 0, 0, track.timescale, 0), u16(0x55_c4, 0)) // language: undetermined
  const hdlr = box('hdlr', u32(0, 0), text(track.handler), zeros(12), u8(0))
  const noSamples = [box('stts', u32(0, 0)), box('stsc', u32(0, 0)), box('stsz', u32(0, 0, 0)), box('stco', u32(0, 0))]
  const stbl = box('stbl', box('stsd', u32(0, 1), track.entry), ...noSamples)
  const dinf = box('dinf', box('dref', u32(0, 1), box('url ', u32(1))))
  return box('trak', tkhd, box('mdia', mdhd, hdlr, box('minf', track.header, dinf, stbl)))
}

const isSync = 0x02_00_00_00
const isNotSync = 0x01_01_00_00

/**
 * moof and the mdat's header. Behind it belong the samples' bytes: all of the first track, then all of the second.
 * Every track given must have samples. `sequence` counts from 1.
 */
export function fragmentHead(sequence: number, tracks: readonly TrackFragment[]): Uint8Array<ArrayBuffer> {
  let moofBytes = 8 + 16
  for (const track of tracks) moofBytes += 8 + 16 + 20 + 20 + track.samples.length * rowBytes(track)
  const bytes = new Uint8Array(moofBytes + 8)
  const view = new DataView(bytes.buffer)
  let at = 0
  const put = (...values: number[]) => {
    for (const value of values) {
      view.setUint32(at, value)
      at += 4
    }
  }
  put(moofBytes, name.moof)
  put(16, name.mfhd, 0, sequence)
  let dataAt = moofBytes + 8
  for (const track of tracks) {
    const offsets = hasOffsets(track)
    const trunBytes = 20 + track.samples.length * rowBytes(track)
    put(8 + 16 + 20 + trunBytes, name.traf)
    put(16, name.tfhd, 0x02_00_00, track.trackId) // default-base-is-moof
    put(20, name.tfdt, 0x01_00_00_00, Math.floor(track.decodeTicks / 2 ** 32), track.decodeTicks >>> 0)
    put(trunBytes, name.trun, offsets ? 0x01_00_0f_01 : 0x00_00_07_01, track.samples.length, dataAt)
    for (const sample of track.samples) {
      put(sample.durationTicks, sample.sizeBytes, sample.isKey ? isSync : isNotSync)
      if (offsets) put(sample.offsetTicks)
      dataAt += sample.sizeBytes
    }
  }
  put(dataAt - moofBytes, name.mdat)
  return bytes
}

const fourCc = (type: string) => new DataView(text(type).buffer).getUint32(0)
const name = {
  moof: fourCc('moof'),
  mfhd: fourCc('mfhd'),
  traf: fourCc('traf'),
  tfhd: fourCc('tfhd'),
  tfdt: fourCc('tfdt'),
  trun: fourCc('trun'),
  mdat: fourCc('mdat'),
}
const hasOffsets = (track: TrackFragment) => track.samples.some((sample) => sample.offsetTicks !== 0)
const rowBytes = (track: TrackFragment) => (hasOffsets(track) ? 16 : 12)
