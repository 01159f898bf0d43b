/** One user: account, rights, where they are signed in. For administrators. */
import '../i18n/english-later.ts'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import type { UserView } from '@vedette/shared/user.ts'
import { ArrowLeft } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../api/queries.ts'
import { changeUser } from '../api/users.ts'
import { QueryView } from '../shell/query-view.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { Page } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'
import { tell } from '../ui/toast.tsx'
import { refreshAccounts, useUsers } from './use-accounts.ts'
import { draftOf, toChange } from './user-draft.ts'
import { UserForm } from './user-form.tsx'
import { UserMenu } from './user-menu.tsx'
import { UserSessions } from './user-sessions.tsx'

export function UserPage() {
  const { t } = useTranslation()
  const { userId } = useParams({ from: '/signed-in/users/$userId' })
  const users = useUsers()
  return (
    <QueryView query={users}>
      {(list) => {
        const user = list.find(({ id }) => id === userId)
        if (user) return <OneUser key={user.id} user={user} />
        return (
          <Empty
            title={t('users.notFound')}
            action={
              <Button asChild>
                <Link to="/users">{t('users.toList')}</Link>
              </Button>
            }
          />
        )
      }}
    </QueryView>
  )
}

function OneUser({ user }: { user: UserView }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const myId = useMe().data?.id
  const [start] = useState(() => draftOf(user))
  const toList = () => void navigate({ to: '/users' })
  return (
    <Page
      title={user.username}
      before={
        <IconButton label={t('users.toList')} onClick={toList}>
          <ArrowLeft />
        </IconButton>
      }
      actions={<UserMenu user={user} onDeleted={toList} />}
    >
      <div className="max-w-4xl">
        <UserForm
          start={start}
          isNew={false}
          isOwn={user.id === myId}
          save={(draft) => changeUser(user.id, toChange(draft))}
          onSaved={(saved) => {
            tell(t('users.saved', { name: saved.username }))
            void refreshAccounts()
          }}
        />
        <UserSessions user={user} />
      </div>
    </Page>
  )
}
