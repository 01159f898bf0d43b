/** The stretch of time on screen; while footage plays past its edge, the page turns. */
import { type Dispatch, type SetStateAction, useEffect, useState } from 'react'
import type { PlaybackStore } from './playback-store.ts'
import { keepInside, type View } from './timeline-layout.ts'

const hourMs = 3_600_000

/** The width is known only when the canvas is on screen. */
export function useFollowedView(
  store: PlaybackStore,
  startMs: number | undefined,
): [View, Dispatch<SetStateAction<View>>] {
  const [view, setView] = useState<View>(() => firstView(startMs))
  useEffect(() => {
    let beforeMs: number | undefined
    return store.subscribe(() => {
      const { atMs, isPlaying } = store.state()
      const lastMs = beforeMs
      beforeMs = atMs
      if (!isPlaying || atMs === undefined || lastMs === undefined) return
      setView((now) => {
        // Who looked away from the playhead is left there.
        const wasInside = lastMs >= now.fromMs && lastMs <= now.toMs
        return wasInside && atMs > lastMs ? keepInside(now, atMs, Date.now()) : now
      })
    })
  }, [store])
  return [view, setView]
}

function firstView(startMs: number | undefined): View {
  const nowMs = Date.now()
  if (startMs === undefined) return { fromMs: nowMs - 6 * hourMs, toMs: nowMs + hourMs / 2, widthPx: 0 }
  return { fromMs: startMs - hourMs / 2, toMs: startMs + hourMs / 2, widthPx: 0 }
}
