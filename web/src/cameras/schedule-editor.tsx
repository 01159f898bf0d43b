/** A camera's week: painted as a whole, exact by the day, and the zone in which its times count. */
import type { HalfHour, WeekSchedule } from '@vedette/shared/schedule.ts'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { cx } from '../ui/cx.ts'
import { Segmented } from '../ui/segmented.tsx'
import { Note } from '../ui/states.tsx'
import { DayRanges } from './day-ranges.tsx'
import { WeekGrid } from './week-grid.tsx'
import { ZoneOfSchedules } from './zone-of-schedules.tsx'

interface Props {
  week: WeekSchedule
  onChange: (week: WeekSchedule) => void
}

const brushes = [
  { value: 'c', name: 'continuous', shape: 'h-3 bg-accent' },
  { value: 'e', name: 'event', shape: 'h-1.5 bg-event' },
  { value: '-', name: 'off', shape: 'h-3 border border-edge bg-surface-2' },
] as const

export function ScheduleEditor({ week, onChange }: Props) {
  const { t } = useTranslation()
  const [brush, setBrush] = useState<HalfHour>('c')
  const [day, setDay] = useState(0)
  const isEmpty = week.every((one) => !/[ce]/.test(one))
  return (
    <div className="flex flex-col gap-3">
      <Segmented
        label={t('cameras.schedule.brush')}
        value={brush}
        options={brushes.map(({ value, name, shape }) => ({
          value,
          title: t(`cameras.schedule.paint.${name}`),
          label: (
            <>
              <span aria-hidden className={cx('w-3 shrink-0 self-center rounded-[1px]', shape)} />
              <span className="truncate">{t(`cameras.schedule.paint.${name}`)}</span>
            </>
          ),
        }))}
        onChoose={setBrush}
      />
      <WeekGrid week={week} brush={brush} onChange={onChange} chosenDay={day} onChooseDay={setDay} />
      {isEmpty ? <Note tone="event">{t('cameras.schedule.empty')}</Note> : null}
      <DayRanges week={week} day={day} onChange={onChange} />
      <ZoneOfSchedules />
    </div>
  )
}
