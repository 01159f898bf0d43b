/**
 * G.711 as FLAC (RFC 9639), which MP4 takes and every browser plays: what the camera sent can be had back bit by bit.
 * A packet becomes a frame of its own, at once: nothing waits for sound. Fixed predictors and Rice codes, one partition.
 * Pure. In: samples as bytes of A-law or µ-law, interleaved. Out: a frame.
 */
import { decodeAlaw, decodeUlaw } from './g711.ts'

const bitsPerSample = 16
/** Of a packet; what is longer is no packet of a camera. */
export const maxBlockSamples = 16_384

const rateCodes: Readonly<Record<number, number>> = { 8000: 4, 16000: 5, 24000: 7, 32000: 8, 44100: 9, 48000: 10 }

/** STREAMINFO: what dfLa in an MP4 holds. */
export function flacStreamInfo(sampleRate: number, channels: number): Buffer {
  const info = Buffer.alloc(34)
  info.writeUInt16BE(16, 0)
  info.writeUInt16BE(maxBlockSamples, 2)
  // 20 bits of rate, 3 of channels, 5 of sample size, 36 of length (unknown).
  info.writeUInt32BE(((sampleRate << 12) | ((channels - 1) << 9) | ((bitsPerSample - 1) << 4)) >>> 0, 10)
  return info
}

export interface FlacBlock {
  readonly codec: 'pcm_alaw' | 'pcm_mulaw'
  readonly sampleRate: number
  readonly channels: number
  /** Number of the block's first sample in its stream. */
  readonly at: number
}

/** Undefined where there is no whole sample for each channel, or far too many. */
export function encodeFlacFrame(data: Uint8Array, block: FlacBlock): Buffer | undefined {
  const { channels, sampleRate, codec } = block
  const samples = Math.floor(data.length / channels)
  if (samples < 1 || samples > maxBlockSamples) return undefined
  const bits = new BitWriter(data.length * 2 + channels * 64 + 32)
  bits.write(0xfff9, 16) // Sync code, blocks of any size.
  bits.write(7, 4) // 16 bits of block size follow the header.
  bits.write(rateCodes[sampleRate] ?? 0, 4)
  bits.write(channels - 1, 4)
  bits.write(4, 3) // 16 bits a sample.
  bits.write(0, 1)
  writeCodedNumber(bits, block.at % 2 ** 31)
  bits.write(samples - 1, 16)
  bits.write(crc8(bits.bytes()), 8)
  const decode = codec === 'pcm_alaw' ? decodeAlaw : decodeUlaw
  // What G.711 never sets: three low bits of A-law, two of µ-law.
  const wasted = codec === 'pcm_alaw' ? 3 : 2
  for (let channel = 0; channel < channels; channel++) {
    const values = new Int32Array(samples)
    for (let i = 0; i < samples; i++) values[i] = (decode[data[i * channels + channel] ?? 0] ?? 0) >> wasted
    writeSubframe(bits, values, wasted)
  }
  bits.align()
  bits.write(crc16(bits.bytes()), 16)
  return Buffer.from(bits.bytes())
}

/** The predictor that leaves the least: none, the last value, or the line through the last two. */
function writeSubframe(bits: BitWriter, values: Int32Array, wasted: number): void {
  const width = bitsPerSample - wasted
  const { order, cost } = choosePredictor(values)
  bits.write(0, 1)
  bits.write(8 | order, 6)
  bits.write(1, 1) // Wasted bits, their number less one in unary.
  bits.write(1, wasted)
  for (let i = 0; i < order; i++) bits.write((values[i] ?? 0) & (2 ** width - 1), width)
  const parameter = Math.min(14, Math.floor(Math.log2((cost / values.length) * 1.39 + 1)))
  bits.write(0, 6) // Rice codes with four-bit parameters, one partition.
  bits.write(parameter, 4)
  for (let i = order; i < values.length; i++) {
    const value = residualAt(values, i, order)
    const folded = value < 0 ? -2 * value - 1 : 2 * value
    const [quotient, rest] = [folded >> parameter, folded & ((1 << parameter) - 1)]
    if (quotient + parameter < 24) bits.write((1 << parameter) | rest, quotient + 1 + parameter)
    else {
      bits.zeros(quotient)
      bits.write((1 << parameter) | rest, parameter + 1)
    }
  }
}

function choosePredictor(values: Int32Array): { readonly order: number; readonly cost: number } {
  const costs = [0, 0, 0]
  for (let i = 2; i < values.length; i++)
    for (let order = 0; order < 3; order++) costs[order] = (costs[order] ?? 0) + Math.abs(residualAt(values, i, order))
  const cost = values.length < 3 ? 0 : Math.min(...costs)
  return { order: values.length < 3 ? 0 : costs.indexOf(cost), cost }
}

function residualAt(values: Int32Array, i: number, order: number): number {
  const now = values[i] ?? 0
  if (order === 0) return now
  const last = values[i - 1] ?? 0
  return order === 1 ? now - last : now - 2 * last + (values[i - 2] ?? 0)
}

/** UTF-8's way of writing; FFmpeg reads 31 bits of it, which is half a day of samples at 48 kHz. */
function writeCodedNumber(bits: BitWriter, number: number): void {
  if (number < 0x80) return bits.write(number, 8)
  let more = 1
  while (number >= 2 ** (5 * more + 6)) more += 1
  const lead = (0xff << (7 - more)) & 0xff
  bits.write(lead | Math.floor(number / 2 ** (6 * more)), 8)
  for (let i = more - 1; i >= 0; i--) bits.write(0x80 | (Math.floor(number / 2 ** (6 * i)) % 64), 8)
}

class BitWriter {
  #bytes: Uint8Array
  #at = 0
  /** Bits that do not fill a byte yet: at most seven between calls. */
  #open = 0
  #openBits = 0

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity)
  }

  /** At most 24 bits. */
  write(value: number, width: number): void {
    if (this.#at + 4 > this.#bytes.length) this.#grow()
    let open = (this.#open << width) | value
    let bits = this.#openBits + width
    while (bits >= 8) {
      bits -= 8
      this.#bytes[this.#at++] = open >>> bits
      open &= (1 << bits) - 1
    }
    this.#open = open
    this.#openBits = bits
  }

  zeros(count: number): void {
    for (let left = count; left > 0; left -= 24) this.write(0, Math.min(24, left))
  }

  align(): void {
    if (this.#openBits > 0) this.write(0, 8 - this.#openBits)
  }

  /** Whole bytes so far. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#at)
  }

  /** Noise takes more bits than the samples had. */
  #grow(): void {
    const larger = new Uint8Array(this.#bytes.length * 2)
    larger.set(this.#bytes)
    this.#bytes = larger
  }
}

const crc8Table = table(8, 0x07)
const crc16Table = table(16, 0x8005)

function table(width: 8 | 16, polynomial: number): Uint16Array {
  const mask = 2 ** width - 1
  return Uint16Array.from({ length: 256 }, (_, byte) => {
    let crc = byte << (width - 8)
    for (let bit = 0; bit < 8; bit++)
      crc = crc & (1 << (width - 1)) ? ((crc << 1) ^ polynomial) & mask : (crc << 1) & mask
    return crc
  })
}

function crc8(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) crc = crc8Table[crc ^ byte] ?? 0
  return crc
}

function crc16(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) crc = ((crc << 8) & 0xffff) ^ (crc16Table[(crc >> 8) ^ byte] ?? 0)
  return crc
}
