/** The state of the whole machine in sentences: what needs a person first. */

import { Link } from '@tanstack/react-router'
import type { SystemStatus } from '@vedette/shared/system.ts'
import { useTranslation } from 'react-i18next'
import { formatBytes, formatLength, formatNumber, formatPercent } from '../i18n/format.ts'
import { serverSentence } from '../i18n/server-sentence.ts'
import { StateDot, type Tone } from '../ui/badge.tsx'

/** Red needs a person now, amber soon. */
export function toneOf(status: SystemStatus): Tone {
  if (status.problems.length > 0 || status.processes.some((process) => process.state === 'failed')) return 'danger'
  return status.cameras.online < status.cameras.total ? 'event' : 'good'
}

export function SystemState({ status }: { status: SystemStatus }) {
  const { t } = useTranslation()
  const { cameras, coverageToday, daysLeft, problems } = status
  const isDown = cameras.total - cameras.online
  return (
    <div className="flex flex-col gap-3">
      {problems.length > 0 ? (
        <div>
          <h3 className="mb-1 text-xs text-danger-text">{t('shell.status.problems')}</h3>
          <ul className="flex flex-col gap-1">
            {problems.map((problem) => (
              <li key={problem}>{serverSentence(problem)}</li>
            ))}
          </ul>
        </div>
      ) : (
        <p className="flex items-center gap-2 font-medium">
          <StateDot tone={toneOf(status)} />
          {isDown > 0 ? t('shell.status.down', { count: isDown }) : t('shell.status.allWell')}
        </p>
      )}
      <ul className="flex flex-col gap-1 text-mid">
        <li>
          {t('shell.status.cameras', { online: formatNumber(cameras.online), count: cameras.total })},{' '}
          {t('shell.status.recording', { count: cameras.recording })}
        </li>
        <li>
          {coverageToday === null
            ? t('shell.status.noCoverage')
            : t('shell.status.coverage', { share: formatPercent(coverageToday, 2) })}
        </li>
        {daysLeft === null ? null : <li>{daysLeftSentence(daysLeft)}</li>}
      </ul>
      {/* Only administrators are told of processes. */}
      <dl className="grid grid-cols-[1fr_auto_auto] empty:hidden gap-x-3 gap-y-1 border-t border-line pt-3 text-xs text-mid">
        {status.processes.map((process) => (
          <div key={process.name} className="contents">
            <dt>{t(`shell.status.process.${process.name}`)}</dt>
            <dd>{t(`shell.status.processState.${process.state}`)}</dd>
            <dd className="text-right">{process.pssBytes === null ? '' : formatBytes(process.pssBytes)}</dd>
          </div>
        ))}
      </dl>
      <p className="text-xs text-low">
        {t('shell.status.version', {
          version: status.version,
          length: formatLength(status.nowMs - status.startedMs),
        })}
      </p>
      {/* Only administrators are told of processes. */}
      {status.processes.length > 0 ? (
        <Link to="/status" className="self-start text-accent hover:underline">
          {t('shell.status.more')}
        </Link>
      ) : null}
    </div>
  )

  function daysLeftSentence(days: number): string {
    return days < 1 ? t('shell.status.full') : t('shell.status.daysLeft', { count: Math.floor(days) })
  }
}
