/** The facts that the timeline draws, kept fresh: asked per view, again when something was recorded or happened. */
import { useEffect, useMemo, useState } from 'react'
import { fetchTimeline } from '../api/timeline.ts'
import { onUpdate } from '../api/updates.ts'
import { TimelineCache, tileBuckets } from './timeline-cache.ts'
import type { View } from './timeline-layout.ts'

const refreshMs = 2000
/** While the wheel turns, views come faster than answers would be of use. */
const settleMs = 80

export interface TimelineData {
  readonly cache: TimelineCache
  /** Changes whenever the cache has something new to draw. */
  readonly version: number
  readonly error: unknown
}

export function useTimelineData(view: View, cameras: readonly string[]): TimelineData {
  const [version, setVersion] = useState(0)
  const cache = useMemo(
    () =>
      new TimelineCache({
        fetch: ({ fromMs, toMs }, ids, signal) =>
          fetchTimeline({ fromMs, toMs, cameras: ids, buckets: tileBuckets }, signal),
        onChange: () => setVersion((n) => n + 1),
      }),
    [],
  )
  useEffect(() => () => cache.close(), [cache])
  useEffect(() => {
    if (view.widthPx === 0) return
    const soon = setTimeout(() => cache.want(view, cameras), settleMs)
    const again = setInterval(() => {
      if (!document.hidden) cache.want(view, cameras)
    }, refreshMs)
    return () => {
      clearTimeout(soon)
      clearInterval(again)
    }
  }, [cache, view, cameras])
  useEffect(
    () =>
      onUpdate((heard) => {
        if (heard.kind === 'event') cache.markStale(heard.event.startMs, heard.event.endMs ?? Date.now())
        if (heard.kind === 'recorded') cache.markStale(heard.startMs, heard.endMs)
        if (heard.kind === 'reconnected') cache.markStale(0, Date.now())
      }),
    [cache],
  )
  return { cache, version, error: cache.error }
}
