/** The preview picture nearest to an instant, while somebody drags over the ruler. Lists are asked once per stretch of time. */
import { useEffect, useRef, useState } from 'react'
import { fetchPreviewTimes, previewUrl } from '../api/playback.ts'

const minBlockMs = 3_600_000
const maxBlocks = 40
const freshMs = 15_000

/** Undefined while nothing is known; null where there is no picture near. `spanMs` is the length of the view. */
export function usePreview(
  cameraId: string,
  ms: number | undefined,
  spanMs: number,
): { url: string; ms: number } | null | undefined {
  const blocks = useRef(new Map<string, readonly number[]>())
  const [, setVersion] = useState(0)
  const blockMs = Math.max(minBlockMs, 2 ** Math.ceil(Math.log2(spanMs / 2)))
  const block = ms === undefined ? undefined : Math.floor(ms / blockMs)
  const key = `${cameraId} ${blockMs} ${block}`

  useEffect(() => {
    if (block === undefined || blocks.current.has(key)) return
    const end = new AbortController()
    fetchPreviewTimes(cameraId, block * blockMs, (block + 1) * blockMs, end.signal).then(
      (times) => {
        if (blocks.current.size > maxBlocks) blocks.current.clear()
        blocks.current.set(key, times)
        // The present is still growing: its list is asked for again soon.
        if ((block + 1) * blockMs > Date.now()) setTimeout(() => blocks.current.delete(key), freshMs)
        setVersion((n) => n + 1)
      },
      () => {}, // Without previews the picture comes when the pointer is let go.
    )
    return () => end.abort()
  }, [cameraId, block, blockMs, key])

  const times = blocks.current.get(key)
  if (ms === undefined || !times) return undefined
  const nearest = nearestOf(times, ms)
  // A picture every ten seconds; on a wide view what is a few pixels away still fits.
  if (nearest === undefined || Math.abs(nearest - ms) > Math.max(30_000, spanMs / 100)) return null
  return { url: previewUrl(cameraId, nearest), ms: nearest }
}

function nearestOf(times: readonly number[], ms: number): number | undefined {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle] ?? 0) < ms) low = middle + 1
    else high = middle
  }
  const [before, after] = [times[low - 1], times[low]]
  if (before === undefined || after === undefined) return before ?? after
  return ms - before <= after - ms ? before : after
}
