/** Which cameras play (at most four), and the instant: both in the page's address, so that a link shows the same. */
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { CameraView } from '@vedette/shared/camera.ts'
import { useCallback, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { tell } from '../ui/toast.tsx'

export const maxPlayed = 4

export interface Played {
  readonly cameras: readonly CameraView[]
  readonly ids: ReadonlySet<string>
  /** The instant in the address when the page was opened. */
  readonly startMs: number | undefined
  toggle(id: string): void
  /** Makes a camera play: beside the others where several do, else instead of the one. */
  include(id: string): void
  /** Writes the instant into the address. */
  remember(ms: number): void
}

export function usePlayed(all: readonly CameraView[]): Played {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const search = useSearch({ from: '/signed-in/timeline' })
  const startMs = useRef(search.at).current
  const named = search.camera?.filter((id) => all.some((camera) => camera.id === id)) ?? []
  const key = (named.length > 0 ? named : all.slice(0, 1).map((camera) => camera.id)).join(' ')
  const cameras = useMemo(() => all.filter((camera) => key.split(' ').includes(camera.id)), [all, key])
  const ids = useMemo(() => new Set(key.split(' ')), [key])

  const set = useCallback(
    (change: { camera?: string[]; at?: number }) =>
      void navigate({ from: '/timeline', search: (before) => ({ ...before, ...change }), replace: true }),
    [navigate],
  )
  const remember = useCallback((ms: number) => set({ at: Math.round(ms) }), [set])

  return {
    cameras,
    ids,
    startMs,
    remember,
    toggle(id) {
      const without = [...ids].filter((other) => other !== id)
      if (without.length === ids.size && ids.size >= maxPlayed) tell(t('timeline.atMost', { count: maxPlayed }))
      else if (without.length === ids.size) set({ camera: [...ids, id] })
      else if (without.length > 0) set({ camera: without })
    },
    include(id) {
      if (ids.has(id)) return
      set({ camera: ids.size === 1 ? [id] : [...[...ids].slice(0, maxPlayed - 1), id] })
    },
  }
}
