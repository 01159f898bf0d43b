/** What buttons, keys and the canvas do with playback: one place, so that all three do the same. */

import type { EventView } from '@vedette/shared/event.ts'
import { useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { findEvent } from '../api/find-event.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { tell } from '../ui/toast.tsx'
import type { PlaybackStore } from './playback-store.ts'

export const rates = [0.25, 0.5, 1, 2, 4, 8, 16] as const
/** An event is shown from a little before it. */
export const leadInMs = 2000
/** The newest footage is on disk some seconds after it happened. */
export const liveDelayMs = 4000

export interface TimelineActions {
  seek(ms: number, play?: boolean): void
  jump(byMs: number): void
  step(direction: 1 | -1): void
  togglePlay(): void
  setRate(rate: number): void
  /** One speed up or down. */
  shiftRate(direction: 1 | -1): void
  goToEvent(direction: 1 | -1): void
  goToNow(): void
}

interface Options {
  readonly store: PlaybackStore
  readonly cameras: readonly string[]
  readonly kind: string
  /** Brings an instant into view. */
  readonly reveal: (ms: number) => void
  /** The event that was gone to. */
  readonly onEvent: (event: EventView) => void
}

export function useTimelineActions(options: Options): TimelineActions {
  const { t } = useTranslation()
  const latest = useRef(options)
  latest.current = options
  const search = useRef<AbortController>(undefined)

  return useMemo(() => {
    const together = () => latest.current.store.together
    const seek = (ms: number, play?: boolean) => {
      const target = Math.min(ms, Date.now())
      search.current?.abort()
      together().seek(target)
      latest.current.reveal(target)
      if (play !== undefined) together().setPlaying(play)
    }
    const goToEvent = async (direction: 1 | -1) => {
      const { atMs } = together().state
      if (atMs === undefined) return
      search.current?.abort()
      const end = new AbortController()
      search.current = end
      const { cameras, kind } = latest.current
      try {
        // From where the event itself begins, not from its lead-in, or one would stay on the same event.
        const event = await findEvent({ cameras, kind, fromMs: atMs + leadInMs, direction }, end.signal)
        if (end.signal.aborted) return
        if (event) {
          latest.current.onEvent(event)
          seek(event.startMs - leadInMs)
        } else tell(t('timeline.noEvent'))
      } catch (error) {
        if (!end.signal.aborted) tell(errorSentence(error, t), { danger: true })
      }
    }
    const setRate = (rate: number) => together().setPlaying(together().state.isPlaying, rate)
    const actions: TimelineActions = {
      seek,
      jump: (byMs) => seek((together().state.atMs ?? Date.now()) + byMs),
      step: (direction) => together().step(direction),
      togglePlay: () => together().setPlaying(!together().state.isPlaying),
      setRate,
      shiftRate: (direction) => {
        const index = rates.findIndex((rate) => rate >= together().state.rate)
        setRate(rates[index + direction] ?? together().state.rate)
      },
      goToEvent: (direction) => void goToEvent(direction),
      goToNow: () => seek(Date.now() - liveDelayMs, true),
    }
    return actions
  }, [t])
}
