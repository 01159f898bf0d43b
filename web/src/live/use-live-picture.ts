/** A live picture inside a component: opened with it, closed with it, still while nobody can see it. */
import type { StreamName } from '@vedette/shared/camera.ts'
import { type RefObject, useEffect, useRef, useState } from 'react'
import type { Transport } from './choose-transport.ts'
import { emptyState, LivePicture, type LivePictureState } from './live-picture.ts'

interface Options {
  readonly cameraId: string
  readonly mode: 'auto' | Transport
  readonly stream: StreamName
  /** Somebody can see it and the camera is switched on. */
  readonly isActive: boolean
  readonly isSoundOn: boolean
}

/** `box` is the element that pictures are put in. */
export function useLivePicture({ cameraId, mode, stream, isActive, isSoundOn }: Options): {
  readonly box: RefObject<HTMLDivElement | null>
  readonly state: LivePictureState
} {
  const box = useRef<HTMLDivElement>(null)
  const picture = useRef<LivePicture>(undefined)
  const [state, setState] = useState<LivePictureState>({ ...emptyState, stream })
  const [hasStarted, setStarted] = useState(isActive)
  // Nothing is opened for a tile that was never in sight.
  if (isActive && !hasStarted) setStarted(true)
  const wishes = useRef({ stream, isSoundOn })
  wishes.current = { stream, isSoundOn }

  useEffect(() => {
    if (!box.current || !hasStarted) return
    const { stream, isSoundOn } = wishes.current
    const opened = new LivePicture({ cameraId, mode, stream, box: box.current, onChange: setState })
    opened.setSound(isSoundOn)
    picture.current = opened
    return () => {
      opened.close()
      picture.current = undefined
    }
  }, [cameraId, mode, hasStarted])
  useEffect(() => picture.current?.show(stream), [stream])
  useEffect(() => picture.current?.setSound(isSoundOn), [isSoundOn])
  useEffect(() => {
    if (isActive) picture.current?.setActive(true)
    // A short look at another tab should not cost the picture.
    const timer = setTimeout(() => picture.current?.setActive(isActive), 2000)
    return () => clearTimeout(timer)
  }, [isActive])
  return { box, state }
}
