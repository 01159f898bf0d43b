/**
 * Holds what was said about pictures until that picture is on the screen: boxes of motion come beside the pictures, earlier than
 * a player that buffers shows them, later than one that does not. Pure but for its memory. Nothing is delayed for it: what comes
 * too late for its picture is shown with the next one, and what is old by then not at all.
 */

/** Boxes of a picture that is longer gone stand beside what they mean. */
const staleMs = 1000
/** Five a second, for a player some seconds behind. */
const maxWaiting = 40

export class InStep<T> {
  #waiting: { readonly atMs: number; readonly what: T }[] = []
  #shownMs = Number.NEGATIVE_INFINITY

  /** `atMs`: capture time of the picture that it was said about. The answer is what to show now, if anything. */
  add(atMs: number, what: T): T | undefined {
    this.#waiting = [...this.#waiting, { atMs, what }].slice(-maxWaiting)
    return this.#take()
  }

  /** The picture of that capture time is on the screen. */
  shown(captureMs: number): T | undefined {
    this.#shownMs = captureMs
    return this.#take()
  }

  #take(): T | undefined {
    const due = this.#waiting.filter(({ atMs }) => atMs <= this.#shownMs)
    if (due.length === 0) return undefined
    this.#waiting = this.#waiting.filter(({ atMs }) => atMs > this.#shownMs)
    const newest = due.reduce((a, b) => (b.atMs >= a.atMs ? b : a))
    return this.#shownMs - newest.atMs <= staleMs ? newest.what : undefined
  }
}
