/** Reads bits of a NAL unit's payload, emulation prevention bytes taken out (H.264 7.3.1). Past the end come zeros. */
export class BitReader {
  readonly #bytes: Uint8Array
  #bit = 0

  /** Skips the first `headBytes` bytes. At most 512 bytes are looked at: what we ask for comes early. */
  constructor(nal: Uint8Array, headBytes: number) {
    const out: number[] = []
    let zeroRun = 0
    for (const byte of nal.subarray(headBytes, headBytes + 512)) {
      if (zeroRun >= 2 && byte === 3) {
        zeroRun = 0
        continue
      }
      zeroRun = byte === 0 ? zeroRun + 1 : 0
      out.push(byte)
    }
    this.#bytes = Uint8Array.from(out)
  }

  /** An unsigned number of `count` bits, at most 32. */
  read(count: number): number {
    let value = 0
    for (let i = 0; i < count; i++) {
      const byte = this.#bytes[this.#bit >> 3] ?? 0
      value = value * 2 + ((byte >> (7 - (this.#bit & 7))) & 1)
      this.#bit++
    }
    return value
  }

  skip(count: number): void {
    this.#bit += count
  }

  /** ue(v), unsigned Exp-Golomb. */
  exp(): number {
    let zeroBits = 0
    while (zeroBits < 32 && this.read(1) === 0) zeroBits++
    return 2 ** zeroBits - 1 + this.read(zeroBits)
  }
}
