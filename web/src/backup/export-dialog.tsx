/** A backup of now as a file in the downloads, with a passphrase of its own. */
import { useMutation } from '@tanstack/react-query'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { exportBackup } from '../api/backups.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { saveFile } from '../ui/save-file.ts'
import { Note } from '../ui/states.tsx'
import { tell } from '../ui/toast.tsx'
import { NewPassphrase } from './new-passphrase.tsx'
import { useNewPassphrase } from './use-new-passphrase.ts'

export function ExportDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const form = useId()
  const passphrase = useNewPassphrase()
  const exporting = useMutation({
    mutationFn: exportBackup,
    onSuccess: (file) => {
      saveFile(`vedette-${new Date().toISOString().slice(0, 10)}.age`, file)
      tell(t('backup.export.done'))
      onClose()
    },
  })
  return (
    <Dialog
      title={t('backup.export.title')}
      closeLabel={t('common.close')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" form={form} look="primary" disabled={!passphrase.isReady} busy={exporting.isPending}>
            {t('backup.export.yes')}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (passphrase.isReady) exporting.mutate(passphrase.value)
        }}
      >
        <p className="text-mid">{t('backup.export.text')}</p>
        <NewPassphrase {...passphrase.fields} />
        {exporting.isError ? <Note tone="danger">{errorSentence(exporting.error, t)}</Note> : null}
      </form>
    </Dialog>
  )
}
