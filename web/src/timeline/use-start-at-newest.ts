/** A page opened without an instant begins at the newest footage: usually seconds ago, but a camera may have been away for hours. */
import { useEffect, useRef } from 'react'
import { newestFootage } from './lane-facts.ts'
import { type PlaybackStore, usePlayback } from './playback-store.ts'
import type { DrawTile } from './timeline-cache.ts'
import { liveDelayMs } from './use-timeline-actions.ts'

/** `startMs`: the instant in the page's address. */
export function useStartAtNewest(
  store: PlaybackStore,
  startMs: number | undefined,
  tiles: readonly DrawTile[],
  cameraIds: ReadonlySet<string>,
): void {
  const isAtEnd = usePlayback(store, (state) => state.isAtEnd)
  const isPlaying = usePlayback(store, (state) => state.isPlaying)
  /** The instant that this hook asked for; any other is the user's. */
  const asked = useRef<number>(undefined)

  useEffect(() => {
    if (asked.current !== undefined) return
    asked.current = startMs ?? Date.now() - liveDelayMs
    store.together.seek(asked.current)
  }, [store, startMs])

  useEffect(() => {
    if (startMs !== undefined || !isAtEnd || isPlaying || store.state().atMs !== asked.current) return
    const newestMs = newestFootage(tiles, cameraIds)
    if (newestMs === undefined || newestMs > Date.now() - 2 * liveDelayMs) return
    store.together.seek(newestMs - liveDelayMs)
  }, [store, startMs, isAtEnd, isPlaying, tiles, cameraIds])
}
