/** Bits and Exp-Golomb numbers; behind the end come zeros. Not for the per-packet path. */
export class BitReader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** Reads a NAL unit's payload: emulation prevention bytes (the 3 in 00 00 03) are taken out. */
  static ofNal(payload: Uint8Array): BitReader {
    let zeros = 0
    return new BitReader(
      payload.filter((byte) => {
        const isPrevention = zeros >= 2 && byte === 3
        zeros = byte === 0 ? zeros + 1 : 0
        return !isPrevention
      }),
    )
  }

  /** True when more was read than was there: the values are not to be trusted. */
  get isExhausted(): boolean {
    return this.#at > this.#bytes.length * 8
  }

  /** At most 32 bits. */
  bits(count: number): number {
    let value = 0
    for (let i = 0; i < count; i++) value = value * 2 + this.#bit()
    return value
  }

  flag(): boolean {
    return this.#bit() === 1
  }

  skip(count: number): void {
    this.#at += count
  }

  /** ue(v), at most 32 leading zeros. */
  unsigned(): number {
    let zeros = 0
    while (zeros < 32 && this.#bit() === 0) zeros++
    return 2 ** zeros - 1 + this.bits(zeros)
  }

  /** se(v). */
  signed(): number {
    const value = this.unsigned()
    return value % 2 === 1 ? (value + 1) / 2 : -value / 2
  }

  #bit(): number {
    const bit = ((this.#bytes[this.#at >> 3] ?? 0) >> (7 - (this.#at & 7))) & 1
    this.#at++
    return bit
  }
}
