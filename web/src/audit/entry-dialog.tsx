/** One entry of the audit log with all that is kept of it: detail (before and after a change), number, hash. */
import type { AuditView } from '@vedette/shared/audit.ts'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { formatDateTime, formatNumber } from '../i18n/format.ts'
import { Dialog } from '../ui/dialog.tsx'
import { DetailView } from './detail-view.tsx'
import { KindName } from './kind-name.tsx'

export function EntryDialog({ entry, onClose }: { entry: AuditView; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Dialog title={<KindName kind={entry.kind} />} closeLabel={t('common.close')} onClose={onClose}>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
        <Fact name={t('audit.at')}>{formatDateTime(entry.atMs)}</Fact>
        <Fact name={t('audit.who')}>{entry.username || t('audit.machine')}</Fact>
        <Fact name={t('audit.address')}>{entry.address || '–'}</Fact>
        <Fact name={t('audit.object')}>
          <span className="font-mono text-xs">{entry.object || '–'}</span>
        </Fact>
        <Fact name={t('audit.number')}>{formatNumber(entry.seq)}</Fact>
        <Fact name={t('audit.hash')}>
          <span className="font-mono text-xs">{entry.hash}</span>
        </Fact>
      </dl>
      <DetailView detail={entry.detail} />
    </Dialog>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-low">{name}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </>
  )
}
