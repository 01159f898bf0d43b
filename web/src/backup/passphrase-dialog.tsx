/** Sets or changes the passphrase of the backups that are made on this machine. It is never shown again. */
import { useMutation } from '@tanstack/react-query'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { changeAutomatic } from '../api/backups.ts'
import { keys } from '../api/keys.ts'
import { queryClient } from '../api/queries.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Note } from '../ui/states.tsx'
import { tell } from '../ui/toast.tsx'
import { NewPassphrase } from './new-passphrase.tsx'
import { useNewPassphrase } from './use-new-passphrase.ts'

export function PassphraseDialog({ isFirst, onClose }: { isFirst: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const form = useId()
  const passphrase = useNewPassphrase()
  const setting = useMutation({
    mutationFn: changeAutomatic,
    onSuccess: async () => {
      tell(t('backup.passphrase.set_done'))
      onClose()
      await queryClient.invalidateQueries({ queryKey: keys.backups })
    },
  })
  return (
    <Dialog
      title={t(isFirst ? 'backup.passphrase.set' : 'backup.passphrase.change')}
      closeLabel={t('common.close')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" form={form} look="primary" disabled={!passphrase.isReady} busy={setting.isPending}>
            {t('backup.passphrase.save')}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          // The first one is what was missing: from now on backups are made.
          if (passphrase.isReady) setting.mutate({ passphrase: passphrase.value, ...(isFirst && { isOn: true }) })
        }}
      >
        <NewPassphrase {...passphrase.fields} />
        {setting.isError ? <Note tone="danger">{errorSentence(setting.error, t)}</Note> : null}
      </form>
    </Dialog>
  )
}
