/** The processes: state, since when, memory and computing time. */
import type { SystemReport } from '@vedette/shared/system.ts'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { formatBytes, formatLength, formatNumber, formatPercent } from '../i18n/format.ts'
import { StateDot, type Tone } from '../ui/badge.tsx'
import { type Column, Table } from '../ui/table.tsx'

type Process = SystemReport['processes'][number]

const tones: Record<Process['state'], Tone> = { running: 'good', starting: 'event', stopped: 'low', failed: 'danger' }

export function ProcessTable({ report }: { report: SystemReport }) {
  const { t } = useTranslation()
  const loadOf = useLoad(report)
  const columns: readonly Column<Process>[] = [
    {
      key: 'name',
      header: t('status.process'),
      phone: 'title',
      cell: ({ name }) => (
        <>
          <span className="font-medium">{t(`shell.status.process.${name}`)}</span>
          <span className="block text-xs text-mid">{t(`status.does.${name}`)}</span>
        </>
      ),
    },
    {
      key: 'state',
      header: t('status.state'),
      cell: ({ state }) => (
        <span className="inline-flex items-center gap-2">
          <StateDot tone={tones[state]} />
          {t(`shell.status.processState.${state}`)}
        </span>
      ),
    },
    { key: 'pid', header: t('status.pid'), end: true, cell: ({ pid }) => pid ?? '–' },
    {
      key: 'up',
      header: t('status.since'),
      end: true,
      cell: ({ startedMs }) => (startedMs === null ? '–' : formatLength(Math.max(0, report.nowMs - startedMs))),
    },
    { key: 'restarts', header: t('status.restarts'), end: true, cell: ({ restarts }) => formatNumber(restarts) },
    {
      key: 'cpu',
      header: t('status.cpu'),
      end: true,
      cell: (process) => {
        const load = loadOf(process)
        return load === null ? '–' : formatPercent(load, 1)
      },
    },
    {
      key: 'memory',
      header: t('status.memory'),
      end: true,
      cell: ({ pssBytes }) => (pssBytes === null ? '–' : formatBytes(pssBytes)),
    },
  ]
  return (
    <div className="-mx-4 tabular-nums">
      <Table label={t('status.processes')} columns={columns} rows={report.processes} rowKey={({ name }) => name} />
    </div>
  )
}

/** Share of one core between the last two answers; before the second one, since the process started. */
function useLoad(report: SystemReport): (process: Process) => number | null {
  const last = useRef<{ current: SystemReport; before: SystemReport | null }>({ current: report, before: null })
  if (last.current.current !== report) last.current = { current: report, before: last.current.current }
  const { before } = last.current
  return ({ name, pid, cpuMs, startedMs }) => {
    if (cpuMs === null || startedMs === null) return null
    const then = before?.processes.find((process) => process.name === name && process.pid === pid)
    const passedMs = report.nowMs - (then && before ? before.nowMs : startedMs)
    return passedMs <= 0 ? null : Math.max(0, cpuMs - (then?.cpuMs ?? 0)) / passedMs
  }
}
