/** Entries of the audit log; a press on one shows all that is kept of it. */
import type { AuditView } from '@vedette/shared/audit.ts'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatDateTime } from '../i18n/format.ts'
import { type Column, Table } from '../ui/table.tsx'
import { EntryDialog } from './entry-dialog.tsx'
import { KindName } from './kind-name.tsx'
import { useObjectName } from './use-object-name.ts'

export function AuditTable({ entries }: { entries: readonly AuditView[] }) {
  const { t } = useTranslation()
  const objectName = useObjectName()
  const [open, setOpen] = useState<AuditView | null>(null)
  const columns: readonly Column<AuditView>[] = [
    {
      key: 'at',
      header: t('audit.at'),
      className: 'whitespace-nowrap',
      cell: ({ atMs }) => <span className="text-mid">{formatDateTime(atMs)}</span>,
    },
    {
      key: 'what',
      header: t('audit.what'),
      phone: 'title',
      cell: (entry) => (
        <button
          type="button"
          aria-haspopup="dialog"
          className="text-left font-medium hover:text-accent hover:underline"
          onClick={() => setOpen(entry)}
        >
          <KindName kind={entry.kind} isNews={entry.detail.newPlace === true} />
        </button>
      ),
    },
    { key: 'who', header: t('audit.who'), cell: ({ username }) => username || t('audit.machine') },
    {
      key: 'object',
      header: t('audit.object'),
      cell: ({ object }) => <span className="wrap-anywhere">{objectName(object)}</span>,
    },
    { key: 'from', header: t('audit.address'), cell: ({ address }) => <span className="text-mid">{address}</span> },
  ]
  return (
    <>
      <Table label={t('audit.title')} columns={columns} rows={entries} rowKey={({ seq }) => String(seq)} />
      {open ? <EntryDialog entry={open} onClose={() => setOpen(null)} /> : null}
    </>
  )
}
