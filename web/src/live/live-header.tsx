/** Over the grid: which place, how many columns, how many cameras are up. */
import type { CameraView } from '@vedette/shared/camera.ts'
import { useTranslation } from 'react-i18next'
import { StateDot } from '../ui/badge.tsx'
import { Select } from '../ui/field.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { type ColumnChoice, columnChoices } from './grid-layout.ts'

interface Props {
  cameras: readonly CameraView[]
  places: readonly string[]
  place: string
  onPlace: (place: string) => void
  columns: ColumnChoice
  onColumns: (columns: ColumnChoice) => void
}

export function LiveHeader({ cameras, places, place, onPlace, columns, onColumns }: Props) {
  const { t } = useTranslation()
  return (
    <header className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-2 px-3 py-2">
      <h1 className="sr-only">{t('live.title')}</h1>
      {places.length > 1 ? (
        <Select
          aria-label={t('live.place')}
          className="w-auto max-w-48"
          value={place}
          options={[{ value: '', label: t('live.everywhere') }, ...places.map((value) => ({ value, label: value }))]}
          onValue={onPlace}
        />
      ) : null}
      <Segmented
        label={t('live.columns')}
        className="max-sm:hidden"
        value={String(columns)}
        options={columnChoices.map((choice) => ({
          value: String(choice),
          label: choice === 'auto' ? t('live.auto') : choice,
          title: choice === 'auto' ? t('live.autoColumns') : t('live.columnCount', { count: choice }),
        }))}
        onChoose={(value) => onColumns(columnChoices.find((choice) => String(choice) === value) ?? 'auto')}
      />
      <CameraCounts cameras={cameras} />
    </header>
  )
}

function CameraCounts({ cameras }: { cameras: readonly CameraView[] }) {
  const { t } = useTranslation()
  const enabled = cameras.filter((camera) => camera.enabled)
  const up = enabled.filter((camera) => camera.status.state === 'online').length
  const connecting = enabled.filter((camera) => camera.status.state === 'connecting').length
  const down = enabled.length - up - connecting
  return (
    <p role="status" className="ml-auto flex flex-wrap items-center gap-x-4 text-mid">
      <span className="flex items-center gap-1.5">
        <StateDot tone="good" />
        {t('live.up', { count: up })}
      </span>
      {connecting > 0 ? (
        <span className="flex items-center gap-1.5">
          <StateDot tone="event" />
          {t('live.connecting', { count: connecting })}
        </span>
      ) : null}
      {down > 0 ? (
        <span className="flex items-center gap-1.5 text-danger-text">
          <StateDot tone="danger" />
          {t('live.down', { count: down })}
        </span>
      ) : null}
    </p>
  )
}
