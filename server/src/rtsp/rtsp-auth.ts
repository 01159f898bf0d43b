/**
 * Credentials of one connection. Cameras lock accounts after a few failures, so credentials are sent in answer to one
 * challenge; a second answer follows only when the camera says that the nonce was stale, or has accepted one before.
 */
import { randomBytes } from 'node:crypto'
import { answerChallenge, type Challenge, type Credentials, chooseChallenge } from './digest.ts'

const maxRetriesInARow = 2

export class RtspAuth {
  readonly #credentials: Credentials | undefined
  #challenge: Challenge | undefined
  #count = 0
  #wasAccepted = false
  #retries = 0

  constructor(credentials: Credentials | undefined) {
    this.#credentials = credentials
  }

  /** The Authorization header of the next request; undefined before a challenge. */
  header(method: string, uri: string): string | undefined {
    if (!this.#credentials || !this.#challenge) return undefined
    const clientNonce = randomBytes(8).toString('hex')
    return answerChallenge(this.#challenge, this.#credentials, { method, uri, count: ++this.#count, clientNonce })
  }

  /** The camera did not refuse the last request. */
  noteAccepted(): void {
    this.#wasAccepted = this.#challenge !== undefined
    this.#retries = 0
  }

  /** Takes the challenges of a 401; false when the camera has refused these credentials for good. */
  takeChallenge(headerValues: readonly string[]): boolean {
    const offered = chooseChallenge(headerValues)
    const before = this.#challenge
    if (!this.#credentials || !offered) return false
    if (before) {
      const isNew = offered.scheme === 'digest' && before.scheme === 'digest' && offered.nonce !== before.nonce
      if (!isNew || !(offered.isStale || this.#wasAccepted) || ++this.#retries > maxRetriesInARow) return false
    }
    this.#challenge = offered
    this.#count = 0
    return true
  }
}
