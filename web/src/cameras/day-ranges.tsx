/** One day of the schedule in exact times: each range with its beginning, end and what is recorded; copied to other days. */
import { halfHoursOfDay, type WeekSchedule } from '@vedette/shared/schedule.ts'
import { Copy, Plus, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button, IconButton } from '../ui/button.tsx'
import { Select } from '../ui/field.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { copyDay, paintDay, type Range, rangesOf, replaceRange, roomForRange } from './week-ranges.ts'
import { halfHourName, weekdayName } from './week-words.ts'

interface Props {
  week: WeekSchedule
  day: number
  onChange: (week: WeekSchedule) => void
}

const targets = { all: [0, 1, 2, 3, 4, 5, 6], workdays: [0, 1, 2, 3, 4], weekend: [5, 6] } as const
const targetNames = ['all', 'workdays', 'weekend'] as const

export function DayRanges({ week, day, onChange }: Props) {
  const { t } = useTranslation()
  const name = weekdayName(day, 'long')
  const letters = week[day] ?? ''
  const ranges = rangesOf(letters)
  const room = roomForRange(letters)
  const setDay = (next: string) => onChange(week.with(day, next))
  return (
    <section aria-label={name} className="flex flex-col gap-2 rounded-md border border-line p-3">
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="flex-1 font-medium">{name}</h2>
        <Menu
          trigger={
            <Button look="quiet">
              <Copy />
              {t('cameras.schedule.copy')}
            </Button>
          }
        >
          {targetNames.map((target) => (
            <MenuItem key={target} onSelect={() => onChange(copyDay(week, day, targets[target]))}>
              {t(`cameras.schedule.copyTo.${target}`)}
            </MenuItem>
          ))}
          {targets.all.map((other) =>
            other === day ? null : (
              <MenuItem key={other} onSelect={() => onChange(copyDay(week, day, [other]))}>
                {weekdayName(other, 'long')}
              </MenuItem>
            ),
          )}
        </Menu>
      </div>
      {ranges.length === 0 ? <p className="text-mid">{t('cameras.schedule.nothing')}</p> : null}
      <ul className="flex flex-col gap-2">
        {ranges.map((range) => (
          <RangeRow
            key={range.from}
            range={range}
            onChange={(next) => setDay(replaceRange(letters, range, next))}
            onRemove={() => setDay(paintDay(letters, range.from, range.to, '-'))}
          />
        ))}
      </ul>
      <Button
        look="quiet"
        className="self-start"
        disabled={!room}
        onClick={() => room && setDay(paintDay(letters, room.from, room.to, room.letter))}
      >
        <Plus />
        {t('cameras.schedule.add')}
      </Button>
    </section>
  )
}

const timesFrom = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, i) => ({ value: String(first + i), label: halfHourName(first + i) }))

interface RowProps {
  range: Range
  onChange: (next: Range) => void
  onRemove: () => void
}

function RangeRow({ range, onChange, onRemove }: RowProps) {
  const { t } = useTranslation()
  const { from, to, letter } = range
  return (
    <li className="grid grid-cols-[1fr_auto_1fr_auto] items-center gap-x-2 gap-y-1 sm:grid-cols-[7rem_auto_7rem_1fr_auto]">
      <Select
        aria-label={t('cameras.schedule.from')}
        value={String(from)}
        options={timesFrom(0, halfHoursOfDay - 1)}
        onValue={(value) => onChange({ ...range, from: Number(value), to: Math.max(to, Number(value) + 1) })}
      />
      <span aria-hidden>–</span>
      <Select
        aria-label={t('cameras.schedule.to')}
        value={String(to)}
        options={timesFrom(from + 1, halfHoursOfDay)}
        onValue={(value) => onChange({ ...range, to: Number(value) })}
      />
      <Select
        className="max-sm:col-span-3 max-sm:row-start-2"
        aria-label={t('cameras.schedule.what')}
        value={letter}
        options={[
          { value: 'c', label: t('cameras.mode.continuous') },
          { value: 'e', label: t('cameras.mode.event') },
        ]}
        onValue={(value) => onChange({ ...range, letter: value })}
      />
      <IconButton label={t('cameras.schedule.remove')} onClick={onRemove}>
        <X />
      </IconButton>
    </li>
  )
}
