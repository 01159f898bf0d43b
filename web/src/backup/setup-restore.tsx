/** Restoring on a new machine: the code of set-up, the file and its passphrase; then what it brings, and the button that does it. */
import '../i18n/english-later.ts'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { RestorePlan } from '@vedette/shared/backup.ts'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { confirmSetupRestore, planSetupRestore } from '../api/backups.ts'
import { ApiError } from '../api/http.ts'
import { queryClient } from '../api/queries.ts'
import { SetupCodeField } from '../auth/setup-code-field.tsx'
import type { SetupCode } from '../auth/use-setup-code.ts'
import { errorSentence } from '../i18n/error-sentence.ts'
import { Button } from '../ui/button.tsx'
import { Note } from '../ui/states.tsx'
import { FilePicker, isTooLarge } from './file-picker.tsx'
import { PassphraseField } from './passphrase-field.tsx'
import { PlanDialog } from './plan-dialog.tsx'

export function SetupRestore({ setup, onBack }: { setup: SetupCode; onBack: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [file, setFile] = useState<File | null>(null)
  const [passphrase, setPassphrase] = useState('')
  const [plan, setPlan] = useState<RestorePlan | null>(null)
  const looking = useMutation({
    mutationFn: () => planSetupRestore(file ?? new File([], ''), passphrase, setup.code),
    onSuccess: setPlan,
  })
  const isReady = setup.code.trim() !== '' && file !== null && !isTooLarge(file) && passphrase !== ''
  const isCodeRefused = looking.error instanceof ApiError && looking.error.field === 'code'
  const problem = looking.isError ? errorSentence(looking.error, t) : undefined
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady) looking.mutate()
  }
  return (
    <>
      <p className="text-mid">{t('backup.setup.intro')}</p>
      <form className="flex flex-col gap-4" onSubmit={submit} noValidate>
        <SetupCodeField setup={setup} error={isCodeRefused ? problem : undefined} />
        <FilePicker file={file} onFile={setFile} />
        <PassphraseField value={passphrase} onValue={setPassphrase} hint={t('backup.setup.passphraseHint')} />
        {looking.isPending ? <p role="status">{t('backup.restore.looking')}</p> : null}
        {problem !== undefined && !isCodeRefused ? <Note tone="danger">{problem}</Note> : null}
        <Button type="submit" look="primary" disabled={!isReady} busy={looking.isPending}>
          {t('backup.setup.look')}
        </Button>
        <Button look="quiet" onClick={onBack}>
          {t('backup.setup.back')}
        </Button>
      </form>
      {plan ? (
        <PlanDialog
          plan={plan}
          onClose={() => setPlan(null)}
          confirm={() => confirmSetupRestore(plan.id, setup.code)}
          onDone={async () => {
            queryClient.clear()
            await navigate({ to: '/login', search: {}, replace: true })
          }}
        />
      ) : null}
    </>
  )
}
