/** Database, volumes and the machine, a line each. */

import { Link } from '@tanstack/react-router'
import type { SystemReport } from '@vedette/shared/system.ts'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { formatBytes, formatNumber, formatPercent } from '../i18n/format.ts'
import { serverSentence } from '../i18n/server-sentence.ts'
import { Badge } from '../ui/badge.tsx'
import { Section } from '../ui/page.tsx'

export function MachineFacts({ report }: { report: SystemReport }) {
  const { t } = useTranslation()
  const { database, volumes, machine } = report
  return (
    <Section title={t('status.machine')}>
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2 tabular-nums max-md:grid-cols-1 max-md:gap-y-0.5">
        <Fact name={t('status.database')}>
          {database.version}
          {database.sizeBytes === null ? '' : `, ${formatBytes(database.sizeBytes)}`}
        </Fact>
        {volumes.map((volume) => (
          <Fact key={volume.name} name={t('status.volume', { name: volume.name })}>
            <span className="inline-flex flex-wrap items-center gap-x-2">
              {t('status.free', {
                free: formatBytes(volume.freeBytes),
                total: formatBytes(volume.totalBytes),
                share: formatPercent(volume.totalBytes === 0 ? 0 : volume.freeBytes / volume.totalBytes, 0),
              })}
              {volume.state === 'ok' ? null : <Badge tone="danger">{t(`storage.state.${volume.state}`)}</Badge>}
              <Link to="/storage" className="text-accent hover:underline">
                {t('status.toStorage')}
              </Link>
            </span>
            {volume.problem ? <span className="block text-danger-text">{serverSentence(volume.problem)}</span> : null}
          </Fact>
        ))}
        <Fact name={t('status.memory')}>
          {t('status.free', {
            free: formatBytes(machine.freeMemoryBytes),
            total: formatBytes(machine.memoryBytes),
            share: formatPercent(machine.freeMemoryBytes / Math.max(1, machine.memoryBytes), 0),
          })}
        </Fact>
        <Fact name={t('status.system')}>
          {machine.system}, {t('status.cores', { count: machine.cores, cores: formatNumber(machine.cores) })}, Node{' '}
          {machine.node}
        </Fact>
      </dl>
    </Section>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-mid">{name}</dt>
      <dd className="max-md:mb-2">{children}</dd>
    </>
  )
}
