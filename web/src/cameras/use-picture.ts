/** A camera's latest picture again and again: one request at a time, and the last picture stays when the next one fails. */
import { useEffect, useRef, useState } from 'react'
import { fetchFrame } from '../api/frame.ts'

interface Options {
  readonly hasSub: boolean
  readonly maxWidth: number
  readonly everyMs: number
  /** False while nobody looks or there is nothing to get; the picture stays. */
  readonly isWanted: boolean
}

/** An address for <img>, or undefined while there has been no picture. The component is keyed by its camera. */
export function usePicture(cameraId: string, { hasSub, maxWidth, everyMs, isWanted }: Options): string | undefined {
  const [picture, setPicture] = useState<Blob>()
  const [url, setUrl] = useState<string>()
  const lastMs = useRef(0)
  const etag = useRef<string>(undefined)

  useEffect(() => {
    if (!isWanted) return
    const end = new AbortController()
    let timer: ReturnType<typeof setTimeout>
    const stream = hasSub ? 'sub' : 'main'
    const ask = () => {
      lastMs.current = Date.now()
      fetchFrame(cameraId, { stream, maxWidth, signal: end.signal, etag: etag.current })
        .then((frame) => {
          if (!frame) return
          etag.current = frame.etag ?? undefined
          setPicture(frame.blob)
        })
        // The camera's state tells why there is none; this only tries again.
        .catch(() => undefined)
        .finally(() => wait(everyMs))
    }
    const wait = (ms: number) => {
      if (!end.signal.aborted) timer = setTimeout(ask, ms)
    }
    // Scrolling back and forth does not ask more often.
    wait(Math.max(0, lastMs.current + everyMs - Date.now()))
    return () => {
      end.abort()
      clearTimeout(timer)
    }
  }, [cameraId, hasSub, maxWidth, everyMs, isWanted])

  useEffect(() => {
    if (!picture) return
    const address = URL.createObjectURL(picture)
    setUrl(address)
    // The old one is on the screen until the new one is painted.
    return () => void setTimeout(() => URL.revokeObjectURL(address), 1000)
  }, [picture])
  return url
}
