/** The rail's foot: cameras up, coverage today, days left; a press opens the whole story. */
import { useTranslation } from 'react-i18next'
import { useSystemStatus } from '../api/queries.ts'
import { formatNumber, formatPercent } from '../i18n/format.ts'
import { StateDot } from '../ui/badge.tsx'
import { Popover } from '../ui/popover.tsx'
import { SystemState, toneOf } from './system-state.tsx'

export function RailStatus() {
  const { t } = useTranslation()
  const { data } = useSystemStatus()
  if (!data) return null
  return (
    <Popover
      side="right"
      align="end"
      label={t('shell.status.title')}
      className="w-80"
      trigger={
        <button
          type="button"
          className="flex w-12 flex-col items-center gap-1 rounded-md py-2 text-xs text-mid transition-colors hover:bg-surface-2 hover:text-high"
        >
          <span className="sr-only">{t('shell.status.title')}</span>
          <StateDot tone={toneOf(data)} />
          <span>
            {data.cameras.online}/{data.cameras.total}
          </span>
          {data.coverageToday === null ? null : <span>{formatPercent(data.coverageToday, 0)}</span>}
          {data.daysLeft === null ? null : (
            <span>{t('shell.status.daysShort', { days: formatNumber(Math.floor(data.daysLeft)) })}</span>
          )}
        </button>
      }
    >
      <SystemState status={data} />
    </Popover>
  )
}
