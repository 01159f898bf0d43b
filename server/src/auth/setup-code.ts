/** The one-time code of the first set-up: 128 random bits on the console, few attempts, gone when used (access.md R1). */
import { timingSafeEqual } from 'node:crypto'
import { inGroups, newReadableCode, plainCode } from './readable-code.ts'

const maxAttempts = 10

export class SetupCode {
  #code = newReadableCode()
  #attempts = 0
  #tell: (code: string) => void

  /** `tell` prints the code; it is called again with a new one when too many attempts were wrong. */
  constructor(tell: (code: string) => void) {
    this.#tell = tell
    tell(inGroups(this.#code))
  }

  /** Whether this is the code. Ten wrong answers make a new one. */
  matches(given: string): boolean {
    const plain = Buffer.from(plainCode(given))
    const right = Buffer.from(this.#code)
    if (plain.length === right.length && timingSafeEqual(plain, right)) return true
    this.#attempts += 1
    if (this.#attempts >= maxAttempts) {
      this.#attempts = 0
      this.#code = newReadableCode()
      this.#tell(inGroups(this.#code))
    }
    return false
  }
}
