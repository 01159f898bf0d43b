/** Where the playhead is and what is recorded there, in words, for those who do not see the canvas. */
import type { CameraView } from '@vedette/shared/camera.ts'
import { useTranslation } from 'react-i18next'
import { dayAndTime } from './exact-time.ts'
import { type AtInstant, factAt, openSpan } from './lane-facts.ts'
import { type PlaybackStore, usePlayback } from './playback-store.ts'
import type { DrawTile } from './timeline-cache.ts'
import { useCauseNames } from './use-cause-names.ts'

interface Options {
  readonly store: PlaybackStore
  readonly cameras: readonly CameraView[]
  readonly tiles: readonly DrawTile[]
  readonly zone: string
}

export function useValueText({ store, cameras, tiles, zone }: Options): string {
  const { t } = useTranslation()
  const causes = useCauseNames()
  // Once a second is often enough for a voice.
  const second = usePlayback(store, (state) => (state.atMs === undefined ? undefined : Math.floor(state.atMs / 1000)))
  if (second === undefined) return t('timeline.noTime')
  const facts = cameras.map(({ id, name, status }) => {
    const isOpen =
      status.recording && second * 1000 >= (openSpan(tiles, id, Date.now())?.startMs ?? Number.POSITIVE_INFINITY)
    const fact: AtInstant = isOpen ? { kind: 'recorded' } : factAt(tiles, id, second * 1000)
    return t(`timeline.at.${fact.kind}`, { name, cause: fact.kind === 'missing' ? causes[fact.cause] : '' })
  })
  return [dayAndTime(second * 1000, zone), ...facts].join('. ')
}
