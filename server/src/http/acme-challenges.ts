/** What an ACME authority may ask for over clear HTTP while it checks that a domain is ours (RFC 8555, 8.3). */
const maxOpen = 100
const tokenForm = /^[\w-]{1,256}$/

export class AcmeChallenges {
  readonly #answers = new Map<string, string>()

  /** Answers `token` until the returned function is called. */
  open(token: string, answer: string): () => void {
    if (!tokenForm.test(token) || this.#answers.size >= maxOpen)
      throw new Error('an ACME challenge that no authority sends')
    this.#answers.set(token, answer)
    return () => this.#answers.delete(token)
  }

  find(token: string): string | undefined {
    return this.#answers.get(token)
  }
}
