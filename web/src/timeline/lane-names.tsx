/** The cameras' names beside (on phones: over) their lanes; a press takes a camera into the players or out of them. */
import type { CameraView } from '@vedette/shared/camera.ts'
import { Check } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { cx } from '../ui/cx.ts'
import type { LaneMeasures } from './timeline-layout.ts'

interface Props {
  cameras: readonly CameraView[]
  measures: LaneMeasures
  isNarrow: boolean
  widthPx: number
  played: ReadonlySet<string>
  onToggle: (id: string) => void
}

export function LaneNames({ cameras, measures, isNarrow, widthPx, played, onToggle }: Props) {
  const { t } = useTranslation()
  return (
    <ul
      aria-label={t('timeline.cameras')}
      className={cx(
        'z-10 shrink-0',
        isNarrow ? 'pointer-events-none absolute inset-x-0 top-0' : 'border-r border-line',
      )}
      style={{ paddingTop: measures.rulerPx, ...(isNarrow ? {} : { width: widthPx }) }}
    >
      {cameras.map((camera) => {
        const isPlayed = played.has(camera.id)
        return (
          <li
            key={camera.id}
            style={{ height: measures.lanePx }}
            className={cx('flex', !isNarrow && 'border-b border-line')}
          >
            <button
              type="button"
              aria-pressed={isPlayed}
              title={t(isPlayed ? 'timeline.playedToo' : 'timeline.playToo', { name: camera.name })}
              onClick={() => onToggle(camera.id)}
              className={cx(
                'pointer-events-auto flex min-w-0 items-center gap-2 text-left -outline-offset-2',
                'text-mid hover:text-high aria-pressed:font-medium aria-pressed:text-high',
                isNarrow ? 'h-7 max-w-full px-2 text-xs' : 'w-full px-3',
              )}
            >
              <span
                aria-hidden
                className={cx(
                  'grid size-3.5 shrink-0 place-items-center border',
                  isPlayed ? 'border-accent bg-accent text-on-accent' : 'border-edge bg-surface-0',
                )}
              >
                {isPlayed ? <Check className="size-3 stroke-3" /> : null}
              </span>
              <span className="truncate">{camera.name}</span>
            </button>
          </li>
        )
      })}
    </ul>
  )
}
