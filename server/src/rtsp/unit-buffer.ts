/**
 * Where an access unit grows: bytes are copied once, from the socket's buffer to behind what is already there. Units lie
 * one after the other in a slab that is never written twice, so a finished unit may be kept by anyone for any time; it
 * keeps its slab alive. Slabs instead of a buffer per unit: 25 allocations a second less for each camera.
 * Limit: 8 MB a unit.
 */
import { AppError } from '../lib/app-error.ts'

export const maxUnitBytes = 8 * 1024 * 1024

export class UnitBuffer {
  readonly #slabBytes: number
  #slab: Buffer
  #start = 0
  #end = 0

  constructor(slabBytes: number) {
    this.#slabBytes = slabBytes
    this.#slab = Buffer.allocUnsafeSlow(slabBytes)
  }

  /** Bytes of the open unit. */
  get length(): number {
    return this.#end - this.#start
  }

  append(bytes: Buffer, from: number, to: number): void {
    const added = to - from
    if (this.#end - this.#start + added > maxUnitBytes) {
      throw new AppError('camera_unsupported', 'The camera sends single pictures of more than 8 MB.')
    }
    if (this.#end + added > this.#slab.length) this.#moveToNewSlab(added)
    bytes.copy(this.#slab, this.#end, from, to)
    this.#end += added
  }

  appendByte(byte: number): void {
    if (this.#end + 1 > this.#slab.length) this.#moveToNewSlab(1)
    this.#slab[this.#end++] = byte
  }

  appendU32(value: number): void {
    if (this.#end + 4 > this.#slab.length) this.#moveToNewSlab(4)
    this.#end = this.#slab.writeUInt32BE(value, this.#end)
  }

  /** Overwrites inside the open unit; `at` counts from its beginning. */
  setU32(at: number, value: number): void {
    this.#slab.writeUInt32BE(value, this.#start + at)
  }

  byteAt(at: number): number {
    return this.#slab[this.#start + at] ?? 0
  }

  /** A look at the open unit's bytes from `at` on; valid until the next call. */
  view(at: number): Buffer {
    return this.#slab.subarray(this.#start + at, this.#end)
  }

  /** Forgets the open unit's bytes from `length` on. */
  truncate(length: number): void {
    this.#end = this.#start + length
  }

  /** The finished unit; the next one begins behind it. */
  take(): Buffer {
    const unit = this.#slab.subarray(this.#start, this.#end)
    this.#start = this.#end
    return unit
  }

  #moveToNewSlab(added: number): void {
    const open = this.length
    const slab = Buffer.allocUnsafeSlow(Math.max(this.#slabBytes, 2 * (open + added)))
    this.#slab.copy(slab, 0, this.#start, this.#end)
    this.#slab = slab
    this.#start = 0
    this.#end = open
  }
}
