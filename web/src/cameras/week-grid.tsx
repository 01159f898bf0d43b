/**
 * The week as seven bars that a mouse or a finger paints with the chosen brush. A finger paints along a day; up and down it
 * scrolls. Not here: exact times and the keyboard (day-ranges.tsx), which reach everything that the bars do.
 */
import { type HalfHour, halfHoursOfDay, type WeekSchedule } from '@vedette/shared/schedule.ts'
import { type PointerEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { cx } from '../ui/cx.ts'
import { type Cell, paintCells, rangesOf } from './week-ranges.ts'
import { halfHourName, weekdayName } from './week-words.ts'

interface Props {
  week: WeekSchedule
  brush: HalfHour
  onChange: (week: WeekSchedule) => void
  chosenDay: number
  onChooseDay: (day: number) => void
}

const marks = [0, 12, 24, 36, 48]

export function WeekGrid({ week, brush, onChange, chosenDay, onChooseDay }: Props) {
  const { t } = useTranslation()
  const bars = useRef<HTMLDivElement>(null)
  /** What is being painted: where it began, and the week as it was then. */
  const [stroke, setStroke] = useState<{ readonly from: Cell; readonly before: WeekSchedule }>()

  function cellAt(event: PointerEvent): Cell | undefined {
    const box = bars.current?.getBoundingClientRect()
    if (!box) return undefined
    const clamp = (value: number, most: number) => Math.min(most, Math.max(0, Math.floor(value)))
    return {
      day: clamp(((event.clientY - box.top) / box.height) * 7, 6),
      half: clamp(((event.clientX - box.left) / box.width) * halfHoursOfDay, halfHoursOfDay - 1),
    }
  }

  function begin(event: PointerEvent<HTMLDivElement>): void {
    const from = cellAt(event)
    if (!from || event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    setStroke({ from, before: week })
    onChooseDay(from.day)
    onChange(paintCells(week, from, from, brush))
  }

  function go(event: PointerEvent): void {
    const to = cellAt(event)
    if (stroke && to) onChange(paintCells(stroke.before, stroke.from, to, brush))
  }

  /** A finger that turned out to scroll has painted nothing. */
  function cancel(): void {
    if (stroke) onChange(stroke.before)
    setStroke(undefined)
  }

  return (
    <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2 text-xs">
      <div className="flex flex-col">
        {week.map((_, day) => (
          <button
            // biome-ignore lint/suspicious/noArrayIndexKey: the days of a week are their places.
            key={day}
            type="button"
            aria-pressed={day === chosenDay}
            title={weekdayName(day, 'long')}
            onClick={() => onChooseDay(day)}
            className={cx(
              'h-8 min-w-9 rounded-sm px-1 text-left font-medium pointer-coarse:h-11',
              day === chosenDay ? 'bg-accent-quiet text-accent' : 'text-mid hover:bg-surface-2',
            )}
          >
            {weekdayName(day, 'short')}
          </button>
        ))}
      </div>
      <div
        ref={bars}
        aria-hidden
        data-week-bars=""
        className="relative flex touch-pan-y cursor-crosshair flex-col select-none"
        onPointerDown={begin}
        onPointerMove={go}
        onPointerUp={() => setStroke(undefined)}
        onPointerCancel={cancel}
      >
        {week.map((day, i) => (
          <DayBar
            // biome-ignore lint/suspicious/noArrayIndexKey: the days of a week are their places.
            key={i}
            day={day}
            isChosen={i === chosenDay}
          />
        ))}
      </div>
      <span />
      <div aria-hidden className="relative h-5 text-low">
        {marks.map((half) => (
          <span
            key={half}
            className="absolute -translate-x-1/2 pt-1 first:translate-x-0 last:-translate-x-full"
            style={{ left: `${(half / halfHoursOfDay) * 100}%` }}
          >
            {half / 2}
          </span>
        ))}
      </div>
      <p className="sr-only">{t('cameras.schedule.gridHint')}</p>
    </div>
  )
}

/** Continuous fills the row, events half of it: the colours need not be told apart. */
function DayBar({ day, isChosen }: { day: string; isChosen: boolean }) {
  return (
    <div className="h-8 py-0.5 pointer-coarse:h-11">
      <div
        className={cx(
          'relative h-full overflow-hidden rounded-sm border bg-surface-2',
          isChosen ? 'border-accent' : 'border-line',
        )}
      >
        {rangesOf(day).map(({ from, to, letter }) => (
          <span
            key={from}
            title={`${halfHourName(from)} – ${halfHourName(to)}`}
            className={cx('absolute bottom-0', letter === 'c' ? 'top-0 bg-accent' : 'top-1/2 bg-event')}
            style={{ left: `${(from / halfHoursOfDay) * 100}%`, width: `${((to - from) / halfHoursOfDay) * 100}%` }}
          />
        ))}
        {[6, 12, 18, 24, 30, 36, 42].map((half) => (
          <span
            key={half}
            className={cx('absolute inset-y-0 w-px', half % 12 === 0 ? 'bg-edge/60' : 'bg-line')}
            style={{ left: `${(half / halfHoursOfDay) * 100}%` }}
          />
        ))}
      </div>
    </div>
  )
}
