/** Choose a day; those with footage have a dot, those with events an amber one. */
import { useQuery } from '@tanstack/react-query'
import { startOfDay } from '@vedette/shared/local-time.ts'
import { CalendarDays, ChevronLeft, ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { fetchDays } from '../api/timeline.ts'
import { locales } from '../i18n/language.ts'
import { Button } from '../ui/button.tsx'
import { cx } from '../ui/cx.ts'
import { Popover } from '../ui/popover.tsx'
import { dayName } from './exact-time.ts'
import { type CalendarDay, firstWeekdayOf, monthGrid } from './month-grid.ts'

interface Props {
  cameraIds: readonly string[]
  /** Somewhere in the day shown. */
  ms: number
  zone: string
  onDay: (startMs: number) => void
}

export function CalendarPopover({ cameraIds, ms, zone, onDay }: Props) {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  return (
    <Popover
      label={t('timeline.day')}
      align="start"
      open={isOpen}
      onOpenChange={setOpen}
      trigger={
        <Button>
          <CalendarDays className="max-sm:hidden" />
          <span>{dayName(ms, zone)}</span>
        </Button>
      }
    >
      <Calendar
        cameraIds={cameraIds}
        ms={ms}
        zone={zone}
        onDay={(day) => {
          setOpen(false)
          onDay(day)
        }}
      />
    </Popover>
  )
}

interface Marks {
  readonly hasFootage: boolean
  readonly events: number
}

function Calendar({ cameraIds, ms, zone, onDay }: Props) {
  const { t } = useTranslation()
  const [months, setMonths] = useState(0)
  const firstWeekday = firstWeekdayOf(locales()[0] ?? 'en')
  const days = monthGrid(ms, zone, months, firstWeekday)
  const marks = useMarks(cameraIds, zone)
  const todayMs = startOfDay(Date.now(), zone)
  const title = new Intl.DateTimeFormat(locales(), { month: 'long', year: 'numeric', timeZone: 'UTC' })
  const weekday = new Intl.DateTimeFormat(locales(), { weekday: 'short', timeZone: 'UTC' })
  return (
    <div className="w-72 pointer-coarse:w-80">
      <div className="mb-2 flex items-center gap-1">
        {/* No tooltips: the first button gets the focus, and its tooltip would cover the day. */}
        <Button look="quiet" aria-label={t('timeline.monthBefore')} onClick={() => setMonths(months - 1)}>
          <ChevronLeft />
        </Button>
        <p className="flex-1 text-center font-medium">{title.format(days.find((day) => day.isInMonth)?.utcMs)}</p>
        <Button look="quiet" aria-label={t('timeline.monthAfter')} onClick={() => setMonths(months + 1)}>
          <ChevronRight />
        </Button>
      </div>
      <div className="grid grid-cols-7 text-center">
        {days.slice(0, 7).map((day) => (
          <span key={day.utcMs} className="pb-1 text-xs text-low">
            {weekday.format(day.utcMs)}
          </span>
        ))}
        {days.map((day) => (
          <Day
            key={day.utcMs}
            day={day}
            zone={zone}
            marks={marks.get(day.utcMs)}
            isChosen={day.ms === startOfDay(ms, zone)}
            isFuture={day.ms > todayMs}
            onDay={onDay}
          />
        ))}
      </div>
      <Button look="quiet" className="mt-2 w-full" onClick={() => onDay(todayMs)}>
        {t('timeline.today')}
      </Button>
    </div>
  )
}

interface DayProps {
  day: CalendarDay
  zone: string
  marks: Marks | undefined
  isChosen: boolean
  isFuture: boolean
  onDay: (ms: number) => void
}

function Day({ day, zone, marks, isChosen, isFuture, onDay }: DayProps) {
  const { t } = useTranslation()
  const date = dayName(day.ms, zone)
  const label = marks?.events
    ? t('timeline.hasEvents', { date, count: marks.events })
    : marks?.hasFootage
      ? t('timeline.hasFootage', { date })
      : date
  return (
    <button
      type="button"
      aria-label={label}
      aria-pressed={isChosen}
      disabled={isFuture}
      onClick={() => onDay(day.ms)}
      className={cx(
        'relative grid h-9 place-items-center rounded-md hover:bg-surface-2 disabled:opacity-40 pointer-coarse:h-11',
        'aria-pressed:bg-accent-quiet aria-pressed:font-medium aria-pressed:text-accent',
        !day.isInMonth && 'text-low',
      )}
    >
      {day.day}
      {marks ? (
        <span aria-hidden className="absolute bottom-1 flex gap-0.5">
          {marks.hasFootage ? <span className="size-1 rounded-full bg-mid" /> : null}
          {marks.events > 0 ? <span className="size-1 rotate-45 bg-event" /> : null}
        </span>
      ) : null}
    </button>
  )
}

function useMarks(cameraIds: readonly string[], zone: string): ReadonlyMap<number, Marks> {
  const query = useQuery({
    queryKey: [...keys.timeline, 'days', zone, ...cameraIds],
    queryFn: ({ signal }) => Promise.all(cameraIds.map((id) => fetchDays(id, zone, signal))),
  })
  const marks = new Map<number, Marks>()
  for (const day of query.data?.flat() ?? []) {
    const known = marks.get(day.dayMs)
    marks.set(day.dayMs, {
      hasFootage: day.recordedMs > 0 || (known?.hasFootage ?? false),
      events: day.events + (known?.events ?? 0),
    })
  }
  return marks
}
