/** A new user. */
import '../i18n/english-later.ts'
import { useNavigate } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addUser } from '../api/users.ts'
import { IconButton } from '../ui/button.tsx'
import { Page } from '../ui/page.tsx'
import { tell } from '../ui/toast.tsx'
import { refreshAccounts } from './use-accounts.ts'
import { newUserDraft, toRequest } from './user-draft.ts'
import { UserForm } from './user-form.tsx'

export function AddUserPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [start] = useState(newUserDraft)
  const toList = () => navigate({ to: '/users' })
  return (
    <Page
      title={t('users.addTitle')}
      before={
        <IconButton label={t('common.back')} onClick={() => void toList()}>
          <ArrowLeft />
        </IconButton>
      }
    >
      <div className="max-w-4xl">
        <UserForm
          start={start}
          isNew
          save={(draft) => addUser(toRequest(draft))}
          onSaved={(user) => {
            tell(t('users.added', { name: user.username }))
            void refreshAccounts().then(toList)
          }}
        />
      </div>
    </Page>
  )
}
