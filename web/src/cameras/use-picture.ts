/** The camera's latest picture again and again, one request at a time and none while the page is hidden. */
import { useEffect, useState } from 'react'
import { readFrame } from '../api/cameras.ts'

/** An address for <img>, or undefined while there is no picture. Keeps the last picture when the next one fails. */
export function usePicture(cameraId: string, everyMs: number, wanted: boolean): string | undefined {
  const [url, setUrl] = useState<string>()
  useEffect(() => {
    if (!wanted) return
    const end = new AbortController()
    let timer: ReturnType<typeof setTimeout>
    let shown: string | undefined

    const show = (picture: Blob) => {
      if (end.signal.aborted) return
      const last = shown
      shown = URL.createObjectURL(picture)
      setUrl(shown)
      // The old picture is on the screen until React has painted the new one.
      if (last) setTimeout(() => URL.revokeObjectURL(last), 1000)
    }
    const again = () => {
      if (!end.signal.aborted) timer = setTimeout(ask, everyMs)
    }
    const ask = () => {
      if (document.hidden) return again()
      readFrame(cameraId, end.signal)
        .then(show, () => undefined)
        .finally(again)
    }

    ask()
    return () => {
      end.abort()
      clearTimeout(timer)
      setUrl(undefined)
      if (shown) URL.revokeObjectURL(shown)
    }
  }, [cameraId, everyMs, wanted])
  return url
}
