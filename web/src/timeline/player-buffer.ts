/**
 * The media buffer behind one player: opened for what comes first, bounded behind and ahead of the playhead, rebuilt where
 * the browser wants a new one.
 *
 * In:        segments from footage-feed.ts; where the playhead is (`around`).
 * Not here:  what is shown and when (player.ts).
 * Invariant: bounded: `keepBehindS` behind the playhead, about a minute ahead of it.
 */
import { attachMediaSource, canPlay } from '../media/media-source.ts'
import { SourceBufferQueue } from '../media/source-buffer-queue.ts'
import type { FootageSink } from './footage-feed.ts'
import { hasSound } from './playable-part.ts'

/** The browser has no decoder for this footage. */
export class UnplayableError extends Error {
  readonly codec: string
  constructor(mime: string) {
    super(`This browser cannot play ${mime}`)
    this.codec = /codecs="([^"]*)"/.exec(mime)?.[1] ?? mime
  }
}

/** The browser's decoder refused the footage's bytes. */
export class DamagedError extends Error {}

/** From here on there is sound where there was none, or none where there was: that needs a new buffer. */
export class OtherTracksError extends Error {
  readonly fromS: number
  constructor(fromS: number) {
    super('The footage goes on with other tracks')
    this.fromS = fromS
  }
}

/** What the buffer asks its player. */
export interface Playhead {
  positionS(): number
  rate(): number
  /** Where what the current run has brought ends. */
  endS(): number | undefined
  /** Nothing is on screen that a new buffer would take away. */
  isIdle(): boolean
  onForget(fromS: number, toS: number): void
}

const keepBehindS = 20
const aheadS = 12

export class PlayerBuffer implements FootageSink {
  readonly #video: HTMLVideoElement
  readonly #around: Playhead
  #queue: SourceBufferQueue | undefined
  #mime = ''
  #waiters: (() => void)[] = []

  constructor(video: HTMLVideoElement, around: Playhead) {
    this.#video = video
    this.#around = around
  }

  /** What follows begins with a new buffer. */
  reset(): void {
    this.#queue = undefined
  }

  /** To be called when time has passed: there may be room now. */
  wake(): void {
    for (const wake of this.#waiters.splice(0)) wake()
  }

  async begin(mime: string, offsetS: number): Promise<void> {
    if (!canPlay(mime)) throw new UnplayableError(mime)
    const hasOtherTracks = hasSound(mime) !== hasSound(this.#mime)
    if (this.#queue && hasOtherTracks && !this.#around.isIdle()) throw new OtherTracksError(offsetS)
    if (!this.#queue || hasOtherTracks || this.#video.error) {
      const source = await attachMediaSource(this.#video)
      this.#video.playbackRate = this.#around.rate()
      this.#mime = mime
      this.#queue = new SourceBufferQueue(source.addSourceBuffer(mime))
    }
    const isNew = mime !== this.#mime
    this.#mime = mime
    await this.#queue.startAt(offsetS, mime, isNew)
  }

  async append(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const queue = this.#queue
    if (!queue) return
    await this.#evict(queue, keepBehindS)
    try {
      await queue.append(bytes)
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'QuotaExceededError')) throw error
      await this.#evict(queue, 2)
      await queue.append(bytes)
    }
  }

  async room(signal: AbortSignal): Promise<void> {
    while (this.#aheadS() >= this.#wantedAheadS()) {
      await new Promise<void>((resolve) => this.#waiters.push(resolve))
      signal.throwIfAborted()
    }
  }

  isBuffered(s: number): boolean {
    return this.#stretches().some(([startS, endS]) => s >= startS && s < endS)
  }

  /** Footage from the playhead to the end of the stretch that it is in. */
  restS(): number {
    const nowS = this.#video.currentTime
    const stretch = this.#stretches().find(([startS, endS]) => nowS >= startS - 0.1 && nowS <= endS)
    return stretch ? stretch[1] - nowS : 0
  }

  /** Throws away what lies too far behind the playhead, and what an earlier seek left far ahead. */
  async #evict(queue: SourceBufferQueue, behindS: number): Promise<void> {
    const nowS = this.#around.positionS()
    const farS = nowS + 4 * this.#wantedAheadS() + 60
    for (const [startS, endS] of this.#stretches()) {
      if (startS < nowS - behindS) await this.#remove(queue, startS, Math.min(endS, nowS - behindS))
      else if (startS > farS) await this.#remove(queue, startS, endS)
    }
  }

  async #remove(queue: SourceBufferQueue, fromS: number, toS: number): Promise<void> {
    await queue.remove(fromS, toS)
    this.#around.onForget(fromS, toS)
  }

  #wantedAheadS(): number {
    return aheadS * Math.max(1, Math.min(4, this.#around.rate()))
  }

  /** Footage that the current run has brought after the playhead, over gaps. What an earlier seek left does not count. */
  #aheadS(): number {
    const nowS = this.#around.positionS()
    const upToS = this.#around.endS() ?? nowS
    return this.#stretches().reduce(
      (sumS, [startS, endS]) => sumS + Math.max(0, Math.min(upToS, endS) - Math.max(nowS, startS)),
      0,
    )
  }

  #stretches(): [startS: number, endS: number][] {
    const { buffered } = this.#video
    return Array.from({ length: buffered.length }, (_, i) => [buffered.start(i), buffered.end(i)])
  }
}
