/** Asks for the password where a request needs it given lately; api/fresh-password.ts then sends the request again. */

import { useTranslation } from 'react-i18next'
import { giveFreshPassword } from '../api/account.ts'
import { useFreshPasswordQuestion } from '../api/fresh-password.ts'
import { PasswordDialog } from './password-dialog.tsx'

export function FreshPasswordDialog() {
  const { t } = useTranslation()
  const answer = useFreshPasswordQuestion()
  if (!answer) return null
  return (
    <PasswordDialog
      title={t('auth.fresh.title')}
      action={t('auth.fresh.action')}
      run={giveFreshPassword}
      onDone={() => answer(true)}
      onClose={() => answer(false)}
    >
      {t('auth.fresh.why')}
    </PasswordDialog>
  )
}
