/** The backups in the server's folder, newest first: download, restore, delete. */
import { useMutation } from '@tanstack/react-query'
import type { BackupState, BackupView } from '@vedette/shared/backup.ts'
import { Download, EllipsisVertical, History, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { backUpNow, deleteBackup, downloadBackup } from '../api/backups.ts'
import { keys } from '../api/keys.ts'
import { queryClient } from '../api/queries.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { formatBytes, formatDateTime } from '../i18n/format.ts'
import { ConfirmDialog } from '../shell/confirm-dialog.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { Section } from '../ui/page.tsx'
import { saveFile } from '../ui/save-file.ts'
import { type Column, Table } from '../ui/table.tsx'
import { tell } from '../ui/toast.tsx'

const refresh = () => queryClient.invalidateQueries({ queryKey: keys.backups })

interface Props {
  state: BackupState
  onRestore: (backup: BackupView) => void
}

export function BackupList({ state: { automatic, backups }, onRestore }: Props) {
  const { t } = useTranslation()
  const [deleting, setDeleting] = useState<BackupView | null>(null)
  const onError = (error: unknown) => tell(errorSentence(error, t), { danger: true })
  const making = useMutation({
    mutationFn: backUpNow,
    onSuccess: () => {
      tell(t('backup.list.done'))
      return refresh()
    },
    onError,
  })
  const saving = useMutation({
    mutationFn: async (backup: BackupView) => saveFile(fileNameOf(backup), await downloadBackup(backup.id)),
    onError,
  })
  const columns: readonly Column<BackupView>[] = [
    {
      key: 'made',
      header: t('backup.list.made'),
      phone: 'title',
      className: 'whitespace-nowrap',
      cell: ({ madeMs }) => formatDateTime(madeMs),
    },
    { key: 'by', header: t('backup.list.by'), cell: ({ by }) => t(`backup.list.by_${by}`) },
    { key: 'size', header: t('backup.list.size'), end: true, cell: ({ sizeBytes }) => formatBytes(sizeBytes) },
    {
      key: 'actions',
      header: <span className="sr-only">{t('backup.list.actions')}</span>,
      end: true,
      phone: 'bare',
      cell: (backup) => (
        <span className="inline-flex flex-wrap items-center gap-1 max-md:-ml-3 md:justify-end">
          <Button look="quiet" onClick={() => onRestore(backup)}>
            <History />
            {t('backup.list.restore')}
          </Button>
          <Menu
            trigger={
              <IconButton label={t('backup.list.actionsOf', { at: formatDateTime(backup.madeMs) })}>
                <EllipsisVertical />
              </IconButton>
            }
          >
            <MenuItem onSelect={() => saving.mutate(backup)}>
              <Download />
              {t('backup.list.download')}
            </MenuItem>
            <MenuItem onSelect={() => setDeleting(backup)}>
              <Trash2 />
              {t('backup.list.delete')}
            </MenuItem>
          </Menu>
        </span>
      ),
    },
  ]
  return (
    <Section
      title={t('backup.list.title')}
      hint={t('backup.list.hint')}
      actions={
        automatic.hasPassphrase ? (
          <Button busy={making.isPending} onClick={() => making.mutate()}>
            <Plus />
            {t('backup.list.now')}
          </Button>
        ) : undefined
      }
    >
      {backups.length === 0 ? <p className="text-mid">{t('backup.list.none')}</p> : null}
      {backups.length > 0 ? (
        <div className="-mx-4">
          <Table label={t('backup.list.title')} columns={columns} rows={backups} rowKey={({ id }) => id} />
        </div>
      ) : null}
      {deleting ? (
        <ConfirmDialog
          title={t('backup.list.deleteTitle', { at: formatDateTime(deleting.madeMs) })}
          action={t('backup.list.deleteYes')}
          run={() => deleteBackup(deleting.id)}
          onDone={() => {
            tell(t('backup.list.deleted'))
            setDeleting(null)
            void refresh()
          }}
          onClose={() => setDeleting(null)}
        >
          {t('backup.list.deleteText')}
        </ConfirmDialog>
      ) : null}
    </Section>
  )
}

const fileNameOf = ({ madeMs }: BackupView) =>
  `vedette-${new Date(madeMs).toISOString().slice(0, 19).replaceAll(':', '')}.age`
