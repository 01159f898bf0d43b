/** The time at the playhead and the buttons around it: play, jump, step, events, speed, sound. */
import {
  CircleHelp,
  Pause,
  Play,
  Redo2,
  SkipBack,
  SkipForward,
  StepBack,
  StepForward,
  Undo2,
  Volume2,
  VolumeX,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { formatLength, formatNumber } from '../i18n/format.ts'
import { IconButton } from '../ui/button.tsx'
import { Select } from '../ui/field.tsx'
import { dayName, exactTime } from './exact-time.ts'
import { type PlaybackStore, usePlayback } from './playback-store.ts'
import { rates, type TimelineActions } from './use-timeline-actions.ts'

interface Props {
  store: PlaybackStore
  actions: TimelineActions
  zone: string
  scrubMs: number | undefined
  isMuted: boolean
  onMuted: (isMuted: boolean) => void
  onHelp: () => void
}

export function TransportBar({ store, actions, zone, scrubMs, isMuted, onMuted, onHelp }: Props) {
  const { t } = useTranslation()
  const isPlaying = usePlayback(store, (state) => state.isPlaying)
  const rate = usePlayback(store, (state) => state.rate)
  return (
    <div className="flex flex-wrap items-center justify-center gap-x-1 gap-y-1 px-2 py-1 sm:px-3">
      <div className="flex min-w-0 flex-1 items-center max-sm:-order-2">
        <Clock store={store} zone={zone} scrubMs={scrubMs} />
      </div>
      {/* On a phone the buttons stand in a row of their own. */}
      <span className="-order-1 h-0 basis-full sm:hidden" />
      <IconButton label={t('timeline.eventBefore')} onClick={() => actions.goToEvent(-1)}>
        <SkipBack />
      </IconButton>
      <IconButton label={t('timeline.back')} onClick={() => actions.jump(-10_000)}>
        <Undo2 />
      </IconButton>
      <IconButton label={t('timeline.frameBack')} className="max-sm:hidden" onClick={() => actions.step(-1)}>
        <StepBack />
      </IconButton>
      <IconButton
        label={t(isPlaying ? 'timeline.pause' : 'timeline.play')}
        look="primary"
        data-play={isPlaying ? 'playing' : 'paused'}
        onClick={actions.togglePlay}
      >
        {isPlaying ? <Pause /> : <Play />}
      </IconButton>
      <IconButton label={t('timeline.frameOn')} className="max-sm:hidden" onClick={() => actions.step(1)}>
        <StepForward />
      </IconButton>
      <IconButton label={t('timeline.forward')} onClick={() => actions.jump(10_000)}>
        <Redo2 />
      </IconButton>
      <IconButton label={t('timeline.eventAfter')} onClick={() => actions.goToEvent(1)}>
        <SkipForward />
      </IconButton>
      <div className="flex flex-1 items-center justify-end gap-1 max-sm:-order-2 max-sm:flex-none">
        <Select
          aria-label={t('timeline.speed')}
          className="max-w-20"
          value={String(rate)}
          options={rates.map((value) => ({
            value: String(value),
            label: t('timeline.times', { rate: formatNumber(value, 2) }),
          }))}
          onValue={(value) => actions.setRate(Number(value))}
        />
        <IconButton label={t('timeline.sound')} aria-pressed={!isMuted} onClick={() => onMuted(!isMuted)}>
          {isMuted ? <VolumeX /> : <Volume2 />}
        </IconButton>
        <IconButton label={t('timeline.keys')} className="max-sm:hidden" onClick={onHelp}>
          <CircleHelp />
        </IconButton>
      </div>
    </div>
  )
}

/** Alone in a component, because it changes ten times a second. */
function Clock({ store, zone, scrubMs }: { store: PlaybackStore; zone: string; scrubMs: number | undefined }) {
  const { t } = useTranslation()
  const atMs = usePlayback(store, (state) => state.atMs)
  const skipped = usePlayback(store, (state) => state.skipped)
  const ms = scrubMs ?? atMs
  if (ms === undefined) return <span className="text-low">{t('timeline.noTime')}</span>
  return (
    <p className="flex min-w-0 flex-wrap items-baseline gap-x-2">
      <time dateTime={new Date(ms).toISOString()} data-at={Math.round(ms)} className="text-lg font-medium">
        {exactTime(ms, zone)}
      </time>
      <span className="text-xs text-mid max-sm:hidden">{dayName(ms, zone)}</span>
      {skipped ? (
        <span role="status" className="text-xs text-event">
          {t('timeline.skipped', { length: formatLength(skipped.untilMs - skipped.fromMs) })}
        </span>
      ) : null}
    </p>
  )
}
