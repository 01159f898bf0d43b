/** How an MSE picture stays close behind what has arrived: how fast to play, and when to jump. Pure. */

/** Enough that a late frame does not stop the picture. */
const wantedBehindS = 0.25
const jumpBehindS = 1.5

export interface ChasePlan {
  readonly rate: number
  readonly seekToS: number | undefined
}

export function chaseLiveEdge(at: {
  readonly positionS: number
  /** The newest stretch of video that has arrived. */
  readonly startS: number
  readonly endS: number
  readonly isPlaying: boolean
}): ChasePlan {
  const behindS = at.endS - at.positionS
  const isOutside = at.positionS < at.startS || at.positionS > at.endS
  if (isOutside || !at.isPlaying || behindS > jumpBehindS) {
    const seekToS = Math.max(at.startS, at.endS - wantedBehindS)
    const isThere = !isOutside && Math.abs(seekToS - at.positionS) < wantedBehindS
    return { rate: 1, seekToS: isThere ? undefined : seekToS }
  }
  if (behindS > 2 * wantedBehindS) return { rate: 1.1, seekToS: undefined }
  return { rate: behindS < wantedBehindS / 2 ? 0.95 : 1, seekToS: undefined }
}
