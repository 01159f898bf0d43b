/** Records of the log, the newest first; a press on one shows all that it says. */
import type { LogRecord } from '@vedette/shared/logs.ts'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCameras } from '../api/queries.ts'
import { formatDateTime } from '../i18n/format.ts'
import { StateDot, type Tone } from '../ui/badge.tsx'
import { cx } from '../ui/cx.ts'

const tones: Record<LogRecord['level'], Tone> = { debug: 'low', info: 'low', warn: 'event', error: 'danger' }

export function LogList({ records }: { records: readonly LogRecord[] }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState<string | null>(null)
  return (
    <ul aria-label={t('logs.title')} className="min-w-0">
      {records.map((record) => (
        <LogRow
          key={record.place}
          record={record}
          isOpen={open === record.place}
          onPress={() => setOpen(open === record.place ? null : record.place)}
        />
      ))}
    </ul>
  )
}

function LogRow({ record, isOpen, onPress }: { record: LogRecord; isOpen: boolean; onPress: () => void }) {
  const { t } = useTranslation()
  const { level, time, process, room, camera, message, facts } = record
  const cameraName = useCameras().data?.find(({ id }) => id === camera)?.name ?? camera
  const isGrave = level === 'warn' || level === 'error'
  return (
    <li className="border-b border-line">
      <button
        type="button"
        aria-expanded={isOpen}
        className="grid w-full grid-cols-[1fr_auto] items-baseline gap-x-4 gap-y-0.5 px-4 py-2 text-left hover:bg-surface-2 md:grid-cols-[13rem_6rem_11rem_1fr]"
        onClick={onPress}
      >
        <span className="text-xs whitespace-nowrap text-mid tabular-nums md:text-sm">
          {time === '' ? '–' : formatDateTime(Date.parse(time))}
        </span>
        <span className="flex items-center gap-2 text-xs text-mid">
          <StateDot tone={tones[level]} />
          {t(`logs.levelName.${level}`)}
        </span>
        <span className="truncate text-xs text-mid max-md:col-span-2 max-md:row-start-3 md:text-sm">
          {[process, room, cameraName].filter(Boolean).join(' · ')}
        </span>
        <span className="min-w-0 max-md:col-span-2 max-md:row-start-2 md:truncate">
          <span className={cx('wrap-anywhere', isGrave && 'font-medium')}>{message || t('logs.noMessage')}</span>
          <span className="ml-3 text-mid max-md:hidden">{inOneLine(facts)}</span>
        </span>
      </button>
      {isOpen ? (
        <pre className="mx-4 mb-3 max-h-96 overflow-auto border-l-2 border-line bg-surface-1 px-3 py-2 font-mono text-xs wrap-anywhere whitespace-pre-wrap">
          {facts === '' ? t('logs.noFacts') : facts.replaceAll('\\n', '\n')}
        </pre>
      ) : null}
    </li>
  )
}

/** What stands in the record besides, as far as there is room. */
const inOneLine = (facts: string) =>
  facts
    .slice(0, 300)
    .replace(/^\{\s*|\s*\}$/g, '')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/"(\w+)": /g, '$1 ')
