/**
 * Brings one camera's footage into a SourceBuffer, from an instant on: parts, init segment, groups of pictures, over
 * segments and gaps and into the segment that is still being written.
 *
 * In:        an instant; how far ahead is wanted (`room`).
 * Out:       appended bytes, the times of all pictures in the buffer, the gaps met.
 * Not here:  the video element and what it shows (player.ts).
 * Invariant: media time = wall time minus `originMs`, in seconds; a segment's place comes from the key frame it was entered by.
 */
import type { PlaybackPart, PlaybackParts } from '@vedette/shared/playback.ts'
import { FragmentTimes } from './fragment-times.ts'
import { holeMs, type KeyFrame, type Place, partAfter, pieceEnd, placeOf } from './part-list.ts'

/** The server, as the feed needs it; tests bring their own. */
export interface FootageSource {
  parts(span: { startMs: number; endMs: number }, signal: AbortSignal): Promise<PlaybackParts>
  /** Bytes [first, end) of a segment, with the tracks that `mime` tells. */
  bytes(
    part: Pick<PlaybackPart, 'segmentId' | 'mime'>,
    first: number,
    end: number,
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>>
}

/** The buffer, as the feed needs it. */
export interface FootageSink {
  /** What follows is a segment of this type, shifted by `offsetS`. Throws where the browser cannot play it. */
  begin(mime: string, offsetS: number): Promise<void>
  append(bytes: Uint8Array<ArrayBuffer>): Promise<void>
  /** Resolves when more is wanted. */
  room(signal: AbortSignal): Promise<void>
}

export interface Gap {
  readonly fromMs: number
  /** Null: nothing after it (yet). */
  readonly untilMs: number | null
}

/** Asked for before an instant, so that a hole around it is seen from both sides. Parts tell all their key frames. */
const backMs = 2_000
const aheadMs = 90_000
/** After the first group of pictures, more at a time. */
const pieceMs = 4_000
const maxPieceBytes = 2_000_000
/** At the newest footage: asked again this often. */
const pollMs = 1_000
/** Nothing newer for so long after the end of the footage: there is no use in asking often. */
const idlePollMs = 5_000

export class FootageFeed {
  readonly #source: FootageSource
  readonly #sink: FootageSink
  readonly #nowMs: () => number
  readonly originMs: number
  #answer: (PlaybackParts & { readonly startMs: number; readonly endMs: number }) | undefined
  /** Presentation times (seconds since origin) of pictures in the buffer, ascending. */
  frameTimes: readonly number[] = []
  gaps: readonly Gap[] = []
  /** First and last picture that the current run has brought (seconds since origin); undefined before the first. */
  startS: number | undefined
  endS: number | undefined

  constructor(options: { source: FootageSource; sink: FootageSink; originMs: number; nowMs?: () => number }) {
    this.#source = options.source
    this.#sink = options.sink
    this.originMs = options.originMs
    this.#nowMs = options.nowMs ?? Date.now
  }

  /** Feeds until `signal` aborts; `onProgress` runs after each piece in the buffer, and when `atMs` turns out to be in a gap. */
  async run(atMs: number, signal: AbortSignal, onProgress: (place: 'footage' | 'gap') => void): Promise<void> {
    this.startS = undefined
    this.endS = undefined
    const place = await this.#find(atMs, signal)
    this.gaps = []
    let part: PlaybackPart
    if (place.kind === 'gap') {
      this.#noteGap(atMs, place.untilMs)
      onProgress('gap')
      part = await this.#partFrom(atMs, signal)
      await this.#feedPart(part, undefined, signal, () => onProgress('footage'))
    } else {
      part = place.part
      await this.#feedPart(part, place.key, signal, () => onProgress('footage'))
    }
    for (;;) {
      const next = await this.#partFrom(part, signal)
      if (next.startMs - part.endMs > holeMs) this.#noteGap(part.endMs, next.startMs)
      part = next
      await this.#feedPart(part, undefined, signal, () => onProgress('footage'))
    }
  }

  /** Pictures in [fromS, toS) are no longer in the buffer. */
  forget(fromS: number, toS: number): void {
    this.frameTimes = this.frameTimes.filter((time) => time < fromS || time >= toS)
  }

  /** One segment from a key frame (its first, if none is named) to its end, also while it is still growing. */
  async #feedPart(
    first: PlaybackPart,
    key: KeyFrame | undefined,
    signal: AbortSignal,
    onProgress: () => void,
  ): Promise<void> {
    const [firstMs, firstOffset] = first.keys[0] ?? [first.startMs, first.initBytes]
    const entry = key ?? { atMs: firstMs, offset: firstOffset }
    const times = new FragmentTimes()
    let part: PlaybackPart | undefined = first
    let at = entry.offset
    let wantedMs = key ? 1 : pieceMs
    let offsetS: number | undefined
    while (part) {
      while (at < part.sizeBytes) {
        await this.#sink.room(signal)
        const end = pieceEnd(part, at, wantedMs, maxPieceBytes)
        const isEntry = offsetS === undefined
        const [init, bytes] = await Promise.all([
          isEntry ? this.#source.bytes(first, 0, part.initBytes, signal) : undefined,
          // As it was begun: sound that it got while it grew has no place in the buffer.
          this.#source.bytes(first, at, end, signal),
        ])
        const pictures = times.push(bytes)
        offsetS ??= (entry.atMs - this.originMs) / 1000 - (pictures[0] ?? 0)
        if (init) {
          await this.#sink.begin(first.mime, offsetS)
          signal.throwIfAborted()
          await this.#sink.append(init)
        }
        signal.throwIfAborted()
        await this.#sink.append(bytes)
        this.#addTimes(pictures, offsetS)
        at += bytes.length
        wantedMs = pieceMs
        onProgress()
      }
      part = await this.#growth(part, at, signal)
    }
  }

  /** The segment when it has more bytes than `at`; undefined when it is complete: something follows it. */
  async #growth(part: PlaybackPart, at: number, signal: AbortSignal): Promise<PlaybackPart | undefined> {
    if (this.#answer && partAfter(this.#answer, part)) return undefined
    for (;;) {
      const answer = await this.#ask(part.endMs - backMs, signal)
      const now = answer.parts.find((p) => p.segmentId === part.segmentId) ?? part
      if (now.sizeBytes > at) {
        this.gaps = this.gaps.filter((gap) => gap.untilMs !== null)
        return now
      }
      if (partAfter(answer, now) || answer.nextMs !== null) return undefined
      this.#noteGap(now.endMs, null)
      await pause(this.#nowMs() - now.endMs > 60_000 ? idlePollMs : pollMs, signal)
    }
  }

  async #find(atMs: number, signal: AbortSignal): Promise<Place> {
    const known = this.#answer
    if (known && atMs >= known.startMs && atMs < known.endMs) {
      const place = placeOf(known, atMs)
      if (place.kind === 'footage' && place.key.atMs <= atMs + 1) return place
    }
    return placeOf(await this.#ask(atMs - backMs, signal), atMs)
  }

  /** The first part that begins after an instant or a part: now, or when there is one. */
  async #partFrom(after: PlaybackPart | number, signal: AbortSignal): Promise<PlaybackPart> {
    const first = (answer: PlaybackParts) =>
      typeof after === 'number'
        ? answer.parts.find((part) => part.keys.length > 0 && part.endMs > after)
        : partAfter(answer, after)
    const fromMs = typeof after === 'number' ? after : after.endMs
    const known = this.#answer && first(this.#answer)
    if (known) return known
    for (;;) {
      const answer = await this.#ask(fromMs - holeMs, signal)
      const next = first(answer) ?? (answer.nextMs !== null && first(await this.#ask(answer.nextMs - holeMs, signal)))
      if (next) return next
      await pause(this.#nowMs() - fromMs > 60_000 ? idlePollMs : pollMs, signal)
    }
  }

  async #ask(startMs: number, signal: AbortSignal): Promise<PlaybackParts> {
    const span = { startMs: Math.max(0, startMs), endMs: Math.max(0, startMs) + backMs + aheadMs }
    const answer = await this.#source.parts(span, signal)
    signal.throwIfAborted()
    this.#answer = { ...answer, ...span }
    return answer
  }

  #addTimes(pictures: readonly number[], offsetS: number): void {
    const added = pictures.map((time) => time + offsetS)
    this.startS ??= added[0]
    this.endS = added.at(-1) ?? this.endS
    const last = this.frameTimes.at(-1)
    const isAfter = last === undefined || (added[0] ?? 0) > last
    const all = [...this.frameTimes, ...added]
    this.frameTimes = isAfter ? all : [...new Set(all.sort((a, b) => a - b))]
  }

  #noteGap(fromMs: number, untilMs: number | null): void {
    this.gaps = [...this.gaps.filter((gap) => Math.abs(gap.fromMs - fromMs) > holeMs), { fromMs, untilMs }]
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })
}
