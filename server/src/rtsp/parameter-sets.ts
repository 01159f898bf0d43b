/**
 * The parameter sets of one H.264 or H.265 stream, from the description and from the stream itself, and the video format
 * that follows from them. A set that repeats what is known costs a comparison; a change makes a new format object, but
 * only when the picture that brought it is complete, since SPS and PPS come one after the other.
 * Limits: 32 sets of 4 kB.
 */
import type { VideoFormat } from '../lib/packet.ts'
import { BitReader } from './bit-reader.ts'
import { readH264Sps } from './h264-sps.ts'
import { readH265Sps } from './h265-sps.ts'

interface KnownSet {
  readonly type: number
  readonly bytes: Buffer
  /** The picture in which it came last. */
  lastSeen: number
}

const codecs = {
  h264: { types: [7, 8], spsType: 7, headerBytes: 1, typeOf: (header: number) => header & 31, readSps: readH264Sps },
  hevc: {
    types: [32, 33, 34],
    spsType: 33,
    headerBytes: 2,
    typeOf: (header: number) => (header >> 1) & 63,
    readSps: readH265Sps,
  },
} as const

const maxSets = 32
const maxSetBytes = 4096

export class ParameterSets {
  readonly #codec: 'h264' | 'hevc'
  /** By type and id. */
  readonly #sets = new Map<string, KnownSet>()
  #picture = 0
  #isChanged = false
  #format: VideoFormat | undefined

  constructor(codec: 'h264' | 'hevc') {
    this.#codec = codec
  }

  /** Takes a set, a NAL unit in `bytes` from `start` to `end`; damaged ones are passed over. */
  add(bytes: Buffer, start: number, end: number): void {
    for (const known of this.#sets.values()) {
      if (known.bytes.length !== end - start || known.bytes.compare(bytes, start, end) !== 0) continue
      known.lastSeen = this.#picture
      return
    }
    this.#addNew(Buffer.from(bytes.subarray(start, end)))
  }

  /** From the description: sets in base64. */
  addBase64(texts: readonly string[]): void {
    for (const text of texts.slice(0, maxSets)) {
      const bytes = Buffer.from(text.slice(0, 2 * maxSetBytes), 'base64')
      if (bytes.length > 2) this.add(bytes, 0, bytes.length)
    }
    this.endPicture()
  }

  /** The picture is complete: sets that came with it count from now on. */
  endPicture(): void {
    this.#picture++
    if (!this.#isChanged) return
    this.#isChanged = false
    this.#forgetReplaced()
    this.#format = this.#makeFormat() ?? this.#format
  }

  /** undefined until a set of each type is known. */
  get format(): VideoFormat | undefined {
    return this.#format
  }

  #addNew(bytes: Buffer): void {
    const { typeOf, headerBytes, spsType, readSps } = codecs[this.#codec]
    const type = typeOf(bytes[0] ?? 0)
    if (bytes.length <= headerBytes || bytes.length > maxSetBytes) return
    const reader = BitReader.ofNal(bytes.subarray(headerBytes, headerBytes + 8))
    // A video parameter set begins with its id in 4 bits, a picture parameter set with ue(v).
    const id = type === spsType ? readSps(bytes)?.id : type === 32 ? reader.bits(4) : reader.unsigned()
    if (id === undefined) return
    const key = `${type}/${id}`
    if (!this.#sets.has(key) && this.#sets.size >= maxSets) return
    this.#sets.set(key, { type, bytes, lastSeen: this.#picture })
    this.#isChanged = true
  }

  /** A picture that brings a whole new collection with another SPS ends what was known before. */
  #forgetReplaced(): void {
    const { types, spsType } = codecs[this.#codec]
    const last = this.#picture - 1
    const current = [...this.#sets.values()].filter((set) => set.lastSeen === last)
    const isWhole = types.every((type) => current.some((set) => set.type === type))
    if (!isWhole || !current.some((set) => set.type === spsType)) return
    for (const [key, set] of this.#sets) if (set.lastSeen !== last) this.#sets.delete(key)
  }

  #makeFormat(): VideoFormat | undefined {
    const { types, spsType, readSps } = codecs[this.#codec]
    const ordered = types.map((type) => [...this.#sets.values()].filter((set) => set.type === type))
    const sps = [...this.#sets.values()].find((set) => set.type === spsType)
    const facts = sps && readSps(sps.bytes)
    if (!facts || ordered.some((sets) => sets.length === 0)) return undefined
    const { width, height, codecString } = facts
    const parameterSets = ordered.flat().map((set) => set.bytes)
    return { kind: 'video', codec: this.#codec, width, height, codecString, parameterSets }
  }
}
