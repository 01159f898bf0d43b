/** The keyboard on the live page: arrows between tiles, Enter enlarges, Esc goes back, f fullscreen, digits pick a camera. */
import type { CameraView } from '@vedette/shared/camera.ts'
import { type RefObject, useEffect, useRef } from 'react'
import { isTyping } from '../ui/is-typing.ts'
import { toggleFullscreen } from './fullscreen.ts'
import { type Arrow, moveInGrid } from './grid-layout.ts'

interface Options {
  readonly frame: RefObject<HTMLElement | null>
  readonly cameras: readonly CameraView[]
  readonly columns: number
  readonly large: string | undefined
  readonly onLarge: (id: string | undefined) => void
}

const arrows: readonly string[] = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] satisfies Arrow[]

export function useLiveKeys(options: Options): void {
  const latest = useRef(options)
  latest.current = options
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return
      if (act(event.key, latest.current)) event.preventDefault()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
}

/** Whether the key meant something. Enter is the tile's own button. */
function act(key: string, { frame, cameras, columns, large, onLarge }: Options): boolean {
  const tiles = [...(frame.current?.querySelectorAll<HTMLElement>('[data-camera]') ?? [])]
  const index = tiles.findIndex((tile) => tile.contains(document.activeElement))
  if (isArrow(key)) {
    // With one large, the arrows page through the cameras.
    const at = large ? cameras.findIndex((camera) => camera.id === large) : index
    const next = large
      ? at + (key === 'ArrowRight' || key === 'ArrowDown' ? 1 : -1)
      : index === -1
        ? 0
        : moveInGrid(index, key, tiles.length, columns)
    const camera = cameras[next]
    if (large && camera) onLarge(camera.id)
    tiles[next]?.querySelector<HTMLElement>('[data-tile-button]')?.focus()
    return true
  }
  if (key === 'Escape' && large) {
    onLarge(undefined)
    return true
  }
  if (key === 'f') {
    const chosen = large ? tiles.find((tile) => tile.dataset.camera === large) : tiles[index]
    const element = chosen ?? frame.current
    if (element) void toggleFullscreen(element).catch(() => {}) // A browser without it has no such key.
    return true
  }
  if (/^[0-9]$/.test(key)) {
    const camera = cameras[Number(key) - 1]
    if (key === '0') onLarge(undefined)
    else if (camera) onLarge(camera.id)
    return true
  }
  return false
}

const isArrow = (key: string): key is Arrow => arrows.includes(key)
