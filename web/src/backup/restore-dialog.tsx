/** Restoring in two steps: the file and its passphrase, then what would change. Only the second one's button changes anything. */
import { useMutation } from '@tanstack/react-query'
import type { BackupView, RestorePlan } from '@vedette/shared/backup.ts'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { confirmRestore, planRestore } from '../api/backups.ts'
import { queryClient } from '../api/queries.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { formatDateTime } from '../i18n/format.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Note } from '../ui/states.tsx'
import { FilePicker, isTooLarge } from './file-picker.tsx'
import { PassphraseField } from './passphrase-field.tsx'
import { PlanDialog } from './plan-dialog.tsx'

export type RestoreTarget =
  | { readonly kind: 'file' }
  | { readonly kind: 'here'; readonly backup: BackupView; readonly hasPassphrase: boolean }

export function RestoreDialog({ target, onClose }: { target: RestoreTarget; onClose: () => void }) {
  const { t } = useTranslation()
  const form = useId()
  const [file, setFile] = useState<File | null>(null)
  const [passphrase, setPassphrase] = useState('')
  const [plan, setPlan] = useState<RestorePlan | null>(null)
  const looking = useMutation({
    mutationFn: () =>
      planRestore(
        target.kind === 'here' ? { backupId: target.backup.id } : { file: file ?? new File([], '') },
        passphrase || undefined,
      ),
    onSuccess: setPlan,
  })
  if (plan) {
    return (
      <PlanDialog
        plan={plan}
        onClose={onClose}
        confirm={(isAccepted) => confirmRestore(plan.id, isAccepted)}
        // Anything on any page may be another now. Without a session the shell leads to the sign-in by itself.
        onDone={({ isSignedOut }) => (isSignedOut ? queryClient.resetQueries() : queryClient.invalidateQueries())}
      />
    )
  }
  const mayBeEmpty = target.kind === 'here' && target.hasPassphrase
  const isReady = (target.kind === 'here' || (file !== null && !isTooLarge(file))) && (mayBeEmpty || passphrase !== '')
  return (
    <Dialog
      title={
        target.kind === 'here'
          ? t('backup.restore.titleOf', { at: formatDateTime(target.backup.madeMs) })
          : t('backup.restore.title')
      }
      closeLabel={t('common.close')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" form={form} look="primary" disabled={!isReady} busy={looking.isPending}>
            {t('backup.restore.look')}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (isReady) looking.mutate()
        }}
      >
        <p className="text-mid">{t('backup.restore.hint')}</p>
        {target.kind === 'file' ? <FilePicker file={file} onFile={setFile} /> : null}
        <PassphraseField
          value={passphrase}
          onValue={setPassphrase}
          hint={mayBeEmpty ? t('backup.restore.storedHint') : undefined}
        />
        {looking.isPending ? <p role="status">{t('backup.restore.looking')}</p> : null}
        {looking.isError ? <Note tone="danger">{errorSentence(looking.error, t)}</Note> : null}
      </form>
    </Dialog>
  )
}
