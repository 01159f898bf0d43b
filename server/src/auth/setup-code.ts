/**
 * The one-time code of the first set-up: 128 random bits on the console, gone when used (access.md R1).
 *
 * Wrong answers never change it, nor do they keep the right one from being taken: whoever is in the network could else
 * keep the owner out. Guessing gains nothing: 10,000 answers a second for a year have odds below 2^-90.
 */
import { timingSafeEqual } from 'node:crypto'
import { rememberSecret } from '../lib/redact.ts'
import { inGroups, newReadableCode, plainCode } from './readable-code.ts'

export class SetupCode {
  readonly #code = newReadableCode()

  constructor() {
    // The console shows it once, on purpose; no log does.
    rememberSecret(this.#code)
    rememberSecret(this.shown)
  }

  /** As the console prints it. */
  get shown(): string {
    return inGroups(this.#code)
  }

  matches(given: string): boolean {
    const plain = Buffer.from(plainCode(given))
    const right = Buffer.from(this.#code)
    return plain.length === right.length && timingSafeEqual(plain, right)
  }
}
