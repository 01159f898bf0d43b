/**
 * What is known of one camera's footage around the playhead: where an instant lies, what follows a part, what is missing.
 * Pure over `playbackParts` answers; footage-feed.ts asks for them.
 */
import type { PlaybackPart, PlaybackParts } from '@vedette/shared/playback.ts'

/** Holes shorter than this are not told: the last picture stands for so long. */
export const holeMs = 1000

export interface KeyFrame {
  readonly atMs: number
  /** Byte of its fragment in the segment's file. */
  readonly offset: number
}

export type Place =
  | { readonly kind: 'footage'; readonly part: PlaybackPart; readonly key: KeyFrame }
  /** Nothing was recorded then; it goes on at `untilMs`, or never (null). */
  | { readonly kind: 'gap'; readonly untilMs: number | null }

/** The key frame to start from for showing `ms`; where nothing was recorded, how long that lasts. */
export function placeOf(answer: PlaybackParts, ms: number): Place {
  const playable = answer.parts.filter((part) => part.keys.length > 0)
  const part =
    playable.findLast((p) => p.startMs <= ms && ms < p.endMs) ??
    playable.find((p) => p.startMs > ms && p.startMs - ms <= holeMs) ??
    playable.findLast((p) => ms >= p.endMs && ms - p.endMs <= holeMs)
  if (!part) {
    const next = playable.find((p) => p.startMs > ms)
    return { kind: 'gap', untilMs: next?.startMs ?? answer.nextMs }
  }
  // A key frame's time may be a fraction of a millisecond after the instant that somebody names by its rounded time.
  const [atMs, offset] = part.keys.findLast(([keyMs]) => keyMs <= ms + 1) ??
    part.keys[0] ?? [part.startMs, part.initBytes]
  return { kind: 'footage', part, key: { atMs, offset } }
}

/** The part that begins after this one; undefined where the answer knows none. */
export function partAfter(answer: PlaybackParts, part: PlaybackPart): PlaybackPart | undefined {
  return answer.parts.find((p) => p.startMs >= part.endMs - holeMs && p.startMs > part.startMs && p.keys.length > 0)
}

/**
 * Where the next request of bytes ends: at the first key frame that is `lengthMs` after the byte `from`, at the latest
 * after `maxBytes`, or at the end of what is recorded.
 */
export function pieceEnd(part: PlaybackPart, from: number, lengthMs: number, maxBytes: number): number {
  const [startMs] = part.keys.findLast(([, offset]) => offset <= from) ?? part.keys[0] ?? [part.startMs]
  const end = part.keys.find(([ms, offset]) => offset > from && ms >= startMs + lengthMs)?.[1] ?? part.sizeBytes
  return Math.min(end, from + maxBytes, part.sizeBytes)
}
