/**
 * The one-time code of the first set-up: 128 random bits on the console, few attempts, gone when used (access.md R1).
 * Written in groups of four without letters that look alike.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto'

const alphabet = '23456789abcdefghjkmnpqrstuvwxyz' // 31 letters: 26 of them carry 128.8 bits.
const length = 26
const maxAttempts = 10

export class SetupCode {
  #code = newCode()
  #attempts = 0
  #tell: (code: string) => void

  /** `tell` prints the code; it is called again with a new one when too many attempts were wrong. */
  constructor(tell: (code: string) => void) {
    this.#tell = tell
    tell(inGroups(this.#code))
  }

  /** Whether this is the code. Ten wrong answers make a new one. */
  matches(given: string): boolean {
    const plain = Buffer.from(given.toLowerCase().replace(/[^a-z0-9]/g, ''))
    const right = Buffer.from(this.#code)
    if (plain.length === right.length && timingSafeEqual(plain, right)) return true
    this.#attempts += 1
    if (this.#attempts >= maxAttempts) {
      this.#attempts = 0
      this.#code = newCode()
      this.#tell(inGroups(this.#code))
    }
    return false
  }
}

function newCode(): string {
  let code = ''
  while (code.length < length)
    // Bytes from 248 up would favour some letters, so they are thrown away.
    for (const byte of randomBytes(40)) if (byte < 248 && code.length < length) code += alphabet.charAt(byte % 31)
  return code
}

const inGroups = (code: string) => code.match(/.{1,4}/g)?.join('-') ?? code
