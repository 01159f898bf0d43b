/**
 * One SourceBuffer, one thing at a time: it refuses a second operation while the first runs. Every call waits its turn
 * and resolves when it is done.
 *
 * Not here: what is appended and what is thrown away (timeline/player.ts, live/mse-picture.ts).
 */

export class SourceBufferQueue {
  readonly #buffer: SourceBuffer
  #last: Promise<void> = Promise.resolve()

  constructor(buffer: SourceBuffer) {
    this.#buffer = buffer
  }

  get buffered(): TimeRanges {
    return this.#buffer.buffered
  }

  /** Rejects with QuotaExceededError when the browser holds as much as it wants to. */
  append(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    return this.#run(() => this.#buffer.appendBuffer(bytes))
  }

  /** Throws away [startS, endS). */
  remove(startS: number, endS: number): Promise<void> {
    return this.#run(() => this.#buffer.remove(Math.max(0, startS), endS))
  }

  /** What follows belongs to another place in time, maybe to another codec; half a fragment before it is forgotten. */
  startAt(offsetS: number, mime: string, isNewMime: boolean): Promise<void> {
    return this.#now(() => {
      this.#buffer.abort()
      if (isNewMime) this.#buffer.changeType(mime)
      this.#buffer.timestampOffset = offsetS
    })
  }

  #run(start: () => void): Promise<void> {
    return this.#now(
      () =>
        new Promise((resolve, reject) => {
          const ended = new AbortController()
          const settle = (then: () => void) => () => {
            ended.abort()
            then()
          }
          const { signal } = ended
          this.#buffer.addEventListener('updateend', settle(resolve), { signal })
          const refuse = settle(() => reject(new Error('The browser refused the video data')))
          this.#buffer.addEventListener('error', refuse, { signal })
          start()
        }),
    )
  }

  #now(work: () => void | Promise<void>): Promise<void> {
    const mine = this.#last.then(work)
    // The next one waits for this one but does not fail with it; the caller hears of the failure.
    this.#last = mine.then(
      () => {},
      () => {},
    )
    return mine
  }
}
