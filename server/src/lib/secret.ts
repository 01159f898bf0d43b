/** A secret in a variable: whatever prints it (a log, an error, JSON, a template string, the console) prints `[secret]`. */
import { inspect } from 'node:util'
import { rememberSecret } from './redact.ts'

export const secretMark = '[secret]'

export class Secret {
  readonly #value: string
  /** From here on the logs of this process know it, too, should it get out of here by another way. */
  constructor(value: string) {
    this.#value = value
    rememberSecret(value)
  }
  /** The value itself, for the one who needs it. */
  reveal(): string {
    return this.#value
  }
  toString(): string {
    return secretMark
  }
  toJSON(): string {
    return secretMark
  }
  [Symbol.toPrimitive](): string {
    return secretMark
  }
  [inspect.custom](): string {
    return secretMark
  }
}
